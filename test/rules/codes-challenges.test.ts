// How are codes issued and redeemed? Through the challenges, on a store in memory.

import { describe, expect, onTestFinished, test } from "vitest";

import { claimLease, makeChallenges } from "../../src/codes/challenges.ts";
import { defaultShapes, remembered, type CodeShape } from "../../src/codes/code.ts";
import type { KeyRing } from "../../src/codes/key-ring.ts";
import { openCodeStore } from "../../src/codes/open-code-store.ts";
import { openDatabase } from "../../src/sqlite/database.ts";
import { minute, second } from "../../src/units.ts";
import { makeKeyRing } from "../support/make-key-ring.ts";

const start = 1_800_000_000_000;
const ann = { realmId: "demo", userId: "ann" };
const { code, link, zitadel } = defaultShapes;

async function makeRoom(...rings: readonly [KeyRing, ...KeyRing[]]) {
  const database = openDatabase(":memory:");
  onTestFinished(() => database.close());
  const store = await openCodeStore({ kind: "embedded", database });
  return rings.map((keyRing) => makeChallenges({ store, keyRing, purpose: "password_reset" }));
}

async function issuedTo(subject: typeof ann, shape: CodeShape) {
  const [challenges] = await makeRoom(makeKeyRing(1));
  if (challenges === undefined) throw new Error("no challenges");
  const issued = await challenges.issue({ subject, shape, now: start, passwordVersion: 4, charges: [] });
  if (issued.kind !== "issued") throw new Error("not issued");
  const at = { subject, shape, now: start + second, charges: [] };
  return { challenges, issued, secret: issued.secret, at };
}

test.each(Object.entries(defaultShapes))(
  "a secret of the shape %s is drawn, and opens what it was made for",
  async (_name, shape) => {
    const { challenges, issued, secret, at } = await issuedTo(ann, shape);
    const { length, suffix = "" } = shape;
    expect(secret).toHaveLength(length + suffix.length);
    expect(secret.slice(length)).toBe(suffix);
    expect(Array.from(secret.slice(0, length)).filter((symbol) => !shape.alphabet.includes(symbol))).toEqual([]);
    expect(issued).toMatchObject({ expiresAt: start + shape.lifetimeMs, sequence: start });
    const good = { kind: "good", passwordVersion: 4, expiresAt: issued.expiresAt };
    expect(await challenges.check({ ...at, presented: secret })).toEqual(good);
  },
);

test("a typed code is found however it is typed", async () => {
  const { challenges, secret, at } = await issuedTo(ann, code);
  const typed = `${secret.slice(0, 4)}-${secret.slice(4)} `.toLowerCase();
  expect(await challenges.check({ ...at, presented: typed })).toMatchObject({ kind: "good" });
});

test("a strict code is found only as it is", async () => {
  const { challenges, secret, at } = await issuedTo(ann, { ...zitadel, alphabet: "ABCDEFGHJK" });
  expect(await challenges.check({ ...at, presented: secret.toLowerCase() })).toEqual({ kind: "mismatch" });
  expect(await challenges.check({ ...at, presented: ` ${secret}` })).toEqual({ kind: "mismatch" });
});

test("a secret is found whatever shape it is presented in", async () => {
  const { challenges, secret, at } = await issuedTo(ann, link);
  expect(await challenges.check({ ...at, shape: zitadel, presented: secret })).toMatchObject({ kind: "good" });
  expect(await challenges.check({ ...at, shape: code, presented: secret })).toMatchObject({ kind: "good" });
});

// Incident: C22.
test.each(["", " ", "\t\n", " - - ", " ".repeat(60), "-".repeat(20)])(
  "what is blank, like %j, is a miss that counts",
  async (blank) => {
    const { challenges, secret, at } = await issuedTo(ann, code);
    for (let i = 0; i < code.maxTries; i += 1) {
      expect(await challenges.check({ ...at, presented: blank })).toEqual({ kind: "mismatch" });
    }
    expect(await challenges.check({ ...at, presented: secret })).toEqual({ kind: "exhausted" });
  },
);

// Guard: ASVS 5.0 6.6.2. Incident: C23.
test("a code of one user is a miss that counts for another", async () => {
  const { challenges, secret, at } = await issuedTo(ann, code);
  const bob = { realmId: "demo", userId: "bob" };
  await challenges.issue({ subject: bob, shape: code, now: start, passwordVersion: 1, charges: [] });
  const shape = { ...code, maxTries: 1 };
  expect(await challenges.check({ ...at, subject: bob, shape, presented: secret })).toEqual({ kind: "mismatch" });
  expect(await challenges.check({ ...at, subject: bob, shape, presented: secret })).toEqual({ kind: "exhausted" });
  const elsewhere = { realmId: "shop", userId: "ann" };
  expect(await challenges.check({ ...at, subject: elsewhere, presented: secret })).toEqual({ kind: "absent" });
});

// Guard: ASVS 5.0 13.3.4.
test("keys change while codes live: an old code works under a ring whose first key is new", async () => {
  const [before, after, later] = await makeRoom(makeKeyRing(1), makeKeyRing(2, 1), makeKeyRing(2));
  const issued = await before?.issue({ subject: ann, shape: code, now: start, passwordVersion: 1, charges: [] });
  const presented = issued?.kind === "issued" ? issued.secret : "";
  const request = { subject: ann, shape: code, now: start, presented, charges: [] };
  expect(await after?.check(request)).toMatchObject({ kind: "good" });
  expect(await later?.check(request)).toEqual({ kind: "mismatch" });
});

describe("a challenge with two keys", () => {
  const issue = { subject: ann, shape: link, codeShape: code, now: start, passwordVersion: 4, charges: [] };

  async function twoKeys(changes: Partial<typeof issue> = {}) {
    const [challenges] = await makeRoom(makeKeyRing(1));
    const issued = await challenges?.issue({ ...issue, ...changes });
    if (challenges === undefined || issued?.kind !== "issued") throw new Error("not issued");
    const { secret, code: typed = "", codeExpiresAt = 0, expiresAt } = issued;
    const present = (presented: string, now = start + second) =>
      challenges.check({ subject: ann, shape: code, now, presented, charges: [] });
    return { challenges, secret, typed, codeExpiresAt, expiresAt, present };
  }

  test("draws a token and a code, each with its own life; either opens it", async () => {
    const { secret, typed, codeExpiresAt, expiresAt, present } = await twoKeys();
    expect([secret.length, typed.length]).toEqual([link.length, code.length]);
    expect([expiresAt, codeExpiresAt]).toEqual([start + link.lifetimeMs, start + code.lifetimeMs]);
    expect(await present(secret)).toMatchObject({ kind: "good", expiresAt });
    expect(await present(typed.toLowerCase())).toMatchObject({ kind: "good", expiresAt: codeExpiresAt });
    expect(await present(typed, codeExpiresAt)).toEqual({ kind: "expired", matched: true });
    expect(await present(secret, codeExpiresAt)).toMatchObject({ kind: "good", expiresAt });
  });

  test("is burnt as one", async () => {
    const { challenges, secret, typed, present } = await twoKeys();
    await challenges.finish({ subject: ann, now: start + second });
    expect(await present(secret)).toEqual({ kind: "used", matched: true });
    expect(await present(typed)).toEqual({ kind: "used", matched: true });
  });

  test("when asked for again, answers the holder of the older keys that they are replaced", async () => {
    const { challenges, secret, typed, present } = await twoKeys();
    await challenges.issue({ ...issue, now: start + 1 });
    expect(await present(secret)).toEqual({ kind: "superseded" });
    expect(await present(typed)).toEqual({ kind: "superseded" });
  });

  test("ends with its token: a code never outlives it", async () => {
    const { codeExpiresAt, expiresAt } = await twoKeys({ shape: { ...link, lifetimeMs: minute } });
    expect([expiresAt, codeExpiresAt]).toEqual([start + minute, start + minute]);
  });

  test("with one key has no second", async () => {
    const { issued } = await issuedTo(ann, link);
    expect(Object.keys(issued)).not.toContain("code");
    expect(Object.keys(issued)).not.toContain("codeExpiresAt");
  });

  test("takes a token and a code, nothing else", async () => {
    const [challenges] = await makeRoom(makeKeyRing(1));
    await expect(challenges?.issue({ ...issue, shape: code })).rejects.toThrow(TypeError);
    await expect(challenges?.issue({ ...issue, codeShape: link })).rejects.toThrow(TypeError);
  });
});

describe("a claim", () => {
  test("is named, lasts 30 seconds, and is given back by its name", async () => {
    const { challenges, secret, at } = await issuedTo(ann, code);
    const claim = await challenges.claim({ ...at, presented: secret });
    if (claim.kind !== "claimed") throw new Error(claim.kind);
    expect(claim).toMatchObject({ passwordVersion: 4, expiresAt: start + code.lifetimeMs });
    expect(await challenges.claim({ ...at, presented: secret })).toEqual({ kind: "busy", retryAfterMs: claimLease });
    await challenges.release({ subject: ann, claimId: claim.claimId });
    const again = await challenges.claim({ ...at, presented: secret });
    expect(again).toMatchObject({ kind: "claimed" });
    expect(again).not.toMatchObject({ claimId: claim.claimId });
  });

  test("that is finished leaves a used code, remembered for a day after its end", async () => {
    const { challenges, secret, at } = await issuedTo(ann, code);
    await challenges.claim({ ...at, presented: secret });
    const { sequence } = await challenges.finish({ subject: ann, now: start + minute });
    expect(sequence).toBe(start + minute);
    const end = start + code.lifetimeMs + remembered;
    const present = (now: number) => challenges.check({ ...at, now, presented: secret });
    expect(await present(end - 1)).toEqual({ kind: "used", matched: true });
    expect(await present(end)).toEqual({ kind: "absent" });
  });
});

test("a revoke ends what is out", async () => {
  const { challenges, secret, at } = await issuedTo(ann, link);
  await challenges.revoke({ subject: ann, now: start + 1 });
  expect(await challenges.claim({ ...at, presented: secret })).toEqual({ kind: "used", matched: true });
});

test("limits reach the store, and their answer comes back", async () => {
  const { challenges, secret, at } = await issuedTo(ann, code);
  const accountLimit = { counter: "sent", limit: "send_message.account", max: 1, windowMs: minute } as const;
  const issue = { subject: ann, shape: code, now: start, passwordVersion: 4, charges: [] };
  await challenges.issue({ ...issue, accountLimit });
  const limited = { kind: "limited", limit: "send_message.account", retryAfterMs: minute };
  expect(await challenges.issue({ ...issue, accountLimit })).toEqual(limited);
  const guessBudget = { limit: "guess_code.account", max: 1, windowMs: minute };
  expect(await challenges.check({ ...at, presented: "WRONG", guessBudget })).toEqual({ kind: "mismatch" });
  const spent = { kind: "over_budget", limit: "guess_code.account", retryAfterMs: minute };
  expect(await challenges.check({ ...at, presented: secret, guessBudget })).toEqual(spent);
});
