// What must every store of codes keep? One suite for all of them; it takes only `open()`.

import { randomUUID } from "node:crypto";

import { afterAll, beforeAll, describe, expect, test } from "vitest";

import type { CodeStore, IssueRequest, PresentRequest, SecretDigest } from "../../src/codes/code-store.ts";
import { hour, minute, second } from "../../src/units.ts";

export type OpenedCodeStore = {
  readonly store: CodeStore;
  /** What is there after the process that kept the store has ended and another one has opened it. */
  reopen(): Promise<CodeStore>;
  close(): Promise<void>;
};

const start = 1_800_000_000_000;
const lifetimeMs = 10 * minute;
const rememberMs = 24 * hour;
const maxTries = 5;

/** 16 bytes that are not those of any other name. */
function digestOf(name: string, keyId = 1): SecretDigest {
  return { keyId, digest: Buffer.from(name.padEnd(16, ".")).toString("base64url") };
}

const right = digestOf("right code");
const wrong = digestOf("wrong code");
const token = digestOf("right token");
const wrongToken = digestOf("wrong token");
const newer = { code: digestOf("newer code"), token: digestOf("newer token") };
const superseded = { kind: "superseded" };

function issueRequest(subject: string, changes: Partial<IssueRequest> = {}): IssueRequest {
  return {
    realmId: "contract",
    subject,
    now: start,
    code: right,
    token,
    expiresAt: start + lifetimeMs,
    rememberMs,
    passwordVersion: 3,
    charges: [],
    ...changes,
  };
}

function presentRequest(subject: string, secret: SecretDigest, changes: Partial<PresentRequest> = {}): PresentRequest {
  return {
    realmId: "contract",
    subject,
    now: start + second,
    secretKind: "code",
    candidates: [secret],
    maxTries,
    charges: [],
    ...changes,
  };
}

/** A claim by somebody whom nobody else is. */
function claimRequest(subject: string, secret: SecretDigest, changes: Partial<PresentRequest> = {}) {
  const request = presentRequest(subject, secret, changes);
  return { ...request, claimId: randomUUID(), claimedUntil: request.now + 30 * second };
}

/** What the others hear at `now` while the claim of `claimRequest` lasts. */
function busyAt(now: number) {
  return { kind: "busy", retryAfterMs: start + 31 * second - now };
}

export function codeStoreContract(name: string, open: () => Promise<OpenedCodeStore>): void {
  describe(`the code store on ${name}`, () => {
    let opened: OpenedCodeStore;
    let store: CodeStore;
    beforeAll(async () => {
      opened = await open();
      store = opened.store;
    });
    afterAll(() => opened.close());

    /** A user whom no other test knows, with a live code and token. */
    async function issued(changes: Partial<IssueRequest> = {}): Promise<string> {
      const subject = randomUUID();
      expect(await store.issue(issueRequest(subject, changes))).toMatchObject({ kind: "issued" });
      return subject;
    }

    const check = (subject: string, secret: SecretDigest, changes: Partial<PresentRequest> = {}) =>
      store.check(presentRequest(subject, secret, changes));

    async function miss(subject: string, times: number, changes: Partial<PresentRequest> = {}): Promise<void> {
      for (let i = 0; i < times; i += 1) {
        expect(await check(subject, wrong, changes)).toEqual({ kind: "mismatch" });
      }
    }

    describe("issuing", () => {
      test("gives a sequence that is at least the time, and greater with every issue", async () => {
        const subject = await issued();
        const again = await store.issue(issueRequest(subject));
        const later = await store.issue(issueRequest(subject, { now: start + hour }));
        expect(again).toEqual({ kind: "issued", sequence: start + 1 });
        expect(later).toEqual({ kind: "issued", sequence: start + hour });
      });

      test("makes the newest code the only one", async () => {
        const subject = await issued();
        await store.issue(issueRequest(subject, newer));
        expect(await check(subject, right)).toEqual(superseded);
        expect(await check(subject, token, { secretKind: "token" })).toEqual(superseded);
        expect(await check(subject, newer.code)).toMatchObject({ kind: "good" });
        expect(await check(subject, newer.token, { secretKind: "token" })).toMatchObject({ kind: "good" });
      });

      test("is limited per account, exactly, until the window that the first one began is over", async () => {
        const subject = randomUUID();
        const accountLimit = { counter: "returned", limit: "return_code.account", max: 3, windowMs: hour } as const;
        const at = (ms: number) => store.issue(issueRequest(subject, { now: start + ms, accountLimit }));
        for (const ms of [0, 10, 20]) expect(await at(ms)).toMatchObject({ kind: "issued" });
        const limited = { kind: "limited", limit: "return_code.account" };
        expect(await at(30)).toEqual({ ...limited, retryAfterMs: hour - 30 });
        expect(await at(hour - 1)).toEqual({ ...limited, retryAfterMs: 1 });
        for (const ms of [hour, hour + 1, hour + 2]) expect(await at(ms)).toMatchObject({ kind: "issued" });
        expect(await at(hour + 3)).toEqual({ ...limited, retryAfterMs: hour - 3 });
      });

      test("counts returned and sent codes apart", async () => {
        const subject = randomUUID();
        const limit = { limit: "account", max: 1, windowMs: hour };
        const issue = (counter: "returned" | "sent") =>
          store.issue(issueRequest(subject, { accountLimit: { counter, ...limit } }));
        expect(await issue("returned")).toMatchObject({ kind: "issued" });
        expect(await issue("sent")).toMatchObject({ kind: "issued" });
        expect(await issue("returned")).toMatchObject({ kind: "limited" });
        expect(await issue("sent")).toMatchObject({ kind: "limited" });
      });

      test("when it is limited, leaves the older code alive and charges nobody", async () => {
        const subject = randomUUID();
        const accountLimit = { counter: "sent", limit: "account", max: 1, windowMs: hour } as const;
        const charge = { limit: "caller", counter: randomUUID(), max: 2, windowMs: minute };
        await store.issue(issueRequest(subject, { accountLimit, charges: [charge] }));
        const refused = issueRequest(subject, { accountLimit, charges: [charge], code: digestOf("newer code") });
        for (let i = 0; i < 5; i += 1) expect(await store.issue(refused)).toMatchObject({ limit: "account" });
        expect(await check(subject, right, { charges: [charge] })).toMatchObject({ kind: "good" });
        expect(await check(subject, right, { charges: [charge] })).toMatchObject({ limit: "caller" });
      });

      test("when several limits refuse, names the one that is free last", async () => {
        const subject = randomUUID();
        const accountLimit = { counter: "sent", limit: "account", max: 1, windowMs: minute } as const;
        const charges = [
          { limit: "short", counter: randomUUID(), max: 1, windowMs: second },
          { limit: "long", counter: randomUUID(), max: 1, windowMs: hour },
        ];
        await store.issue(issueRequest(subject, { accountLimit, charges }));
        const answer = await store.issue(issueRequest(subject, { accountLimit, charges, now: start + 1 }));
        expect(answer).toEqual({ kind: "limited", limit: "long", retryAfterMs: hour - 1 });
      });

      // Guard: ASVS 5.0 6.6.3. Incident: C11.
      test("buys no new guesses", async () => {
        const guessBudget = { limit: "guess_code.account", max: 2, windowMs: hour };
        const subject = await issued();
        await miss(subject, 2, { guessBudget });
        await store.issue(issueRequest(subject));
        expect(await check(subject, right, { guessBudget })).toEqual({
          kind: "over_budget",
          limit: "guess_code.account",
          retryAfterMs: hour,
        });
      });
    });

    describe("a presented secret", () => {
      test("is good when it is the code, or the token, and stays good", async () => {
        const subject = await issued();
        const good = { kind: "good", passwordVersion: 3, expiresAt: start + lifetimeMs };
        for (let i = 0; i < 3; i += 1) {
          expect(await check(subject, right)).toEqual(good);
          expect(await check(subject, token, { secretKind: "token" })).toEqual(good);
        }
      });

      test("is not good as the other kind", async () => {
        const subject = await issued();
        expect(await check(subject, token)).toEqual({ kind: "mismatch" });
        expect(await check(subject, right, { secretKind: "token" })).toEqual({ kind: "mismatch" });
      });

      // Incident: C22.
      test("never matches a secret that was not issued, nor with nothing presented", async () => {
        const subject = randomUUID();
        const { token: _none, ...codeOnly } = issueRequest(subject);
        await store.issue(codeOnly);
        expect(await check(subject, right, { secretKind: "token" })).toEqual({ kind: "mismatch" });
        expect(await check(subject, { keyId: 1, digest: "" })).toEqual({ kind: "mismatch" });
        expect(await check(subject, right, { candidates: [] })).toEqual({ kind: "mismatch" });
        expect(await check(subject, { keyId: 1, digest: "" }, { secretKind: "token" })).toEqual({ kind: "mismatch" });
      });

      // Guard: ASVS 5.0 13.3.4.
      test("is compared under the challenge's own key, whichever keys are offered", async () => {
        const subject = await issued({ code: digestOf("old", 255), token: digestOf("old token", 255) });
        const both = { candidates: [digestOf("new", 7), digestOf("old", 255)] };
        expect(await check(subject, right, both)).toMatchObject({ kind: "good" });
        expect(await check(subject, digestOf("old", 7))).toEqual({ kind: "mismatch" });
      });

      test("is absent when none was issued, and nothing is remembered of it", async () => {
        const subject = randomUUID();
        const guessBudget = { limit: "guesses", max: 1, windowMs: hour };
        for (let i = 0; i < 3; i += 1) expect(await check(subject, wrong, { guessBudget })).toEqual({ kind: "absent" });
        await store.issue(issueRequest(subject));
        expect(await check(subject, right, { guessBudget })).toMatchObject({ kind: "good" });
      });

      // Guard: ASVS 5.0 6.6.2. Incident: C23.
      test("of one user or realm is nothing to another", async () => {
        const subject = await issued();
        expect(await check(subject, right, { realmId: "other" })).toEqual({ kind: "absent" });
        expect(await check(randomUUID(), right)).toEqual({ kind: "absent" });
      });
    });

    describe("tries", () => {
      test("are counted exactly: the last one stands, after it even the right code is refused", async () => {
        const subject = await issued();
        await miss(subject, maxTries - 1);
        expect(await check(subject, right)).toMatchObject({ kind: "good" });
        await miss(subject, 1);
        expect(await check(subject, right)).toEqual({ kind: "exhausted" });
        expect(await check(subject, wrong)).toEqual({ kind: "exhausted" });
        expect(await store.claim(claimRequest(subject, right))).toEqual({ kind: "exhausted" });
      });

      test("matter no more when the code has ended: then it is expired or used", async () => {
        const subject = await issued();
        await store.issue(issueRequest(subject, newer));
        await miss(subject, maxTries);
        const now = start + lifetimeMs;
        expect(await check(subject, newer.code, { now })).toEqual({ kind: "expired", matched: true });
        expect(await check(subject, right, { now })).toEqual(superseded);
        await store.revoke({ realmId: "contract", subject, now: start + 2 * second });
        expect(await check(subject, newer.code)).toEqual({ kind: "used", matched: true });
      });

      test("begin again with a new code", async () => {
        const subject = await issued();
        await miss(subject, maxTries);
        await store.issue(issueRequest(subject));
        expect(await check(subject, right)).toMatchObject({ kind: "good" });
      });

      test("do not stop a token, and wrong tokens are not tries", async () => {
        const subject = await issued();
        await miss(subject, 20, { candidates: [wrongToken], secretKind: "token" });
        expect(await check(subject, right)).toMatchObject({ kind: "good" });
        await miss(subject, maxTries);
        expect(await check(subject, token, { secretKind: "token" })).toMatchObject({ kind: "good" });
      });
    });

    // Guard: ASVS 5.0 6.1.1, 6.6.3. Incident: C12.
    describe("the guess budget", () => {
      const guessBudget = { limit: "guess_code.account", max: 3, windowMs: hour };

      test("stops codes, right or wrong, until its window is over", async () => {
        const subject = await issued({ expiresAt: start + 2 * hour });
        const over = { kind: "over_budget", limit: "guess_code.account" };
        const firstGuess = start + second;
        await miss(subject, 3, { guessBudget, now: firstGuess });
        expect(await check(subject, wrong, { guessBudget, now: firstGuess + 5 })).toEqual({
          ...over,
          retryAfterMs: hour - 5,
        });
        // Counted as a try, not as a guess: the fourth of five.
        expect(await check(subject, right, { guessBudget, now: firstGuess + hour })).toMatchObject({ kind: "good" });
      });

      test("stops no token", async () => {
        const subject = await issued();
        await miss(subject, 3, { guessBudget });
        const asToken = { guessBudget, secretKind: "token" } as const;
        expect(await check(subject, token, asToken)).toMatchObject({ kind: "good" });
        expect(await store.claim(claimRequest(subject, token, asToken))).toMatchObject({ kind: "claimed" });
      });

      test("counts wrong codes on a used or expired challenge, and right ones not", async () => {
        for (const end of ["used", "expired"] as const) {
          const subject = await issued();
          if (end === "used") await store.finish({ realmId: "contract", subject, now: start + 1 });
          const now = start + (end === "used" ? second : lifetimeMs);
          for (let i = 0; i < 5; i += 1) {
            expect(await check(subject, right, { guessBudget, now })).toEqual({ kind: end, matched: true });
          }
          for (let i = 0; i < 3; i += 1) {
            expect(await check(subject, wrong, { guessBudget, now })).toEqual({ kind: end, matched: false });
          }
          expect(await check(subject, right, { guessBudget, now })).toMatchObject({ kind: "over_budget" });
        }
      });

      test("does not count wrong tokens, on a live challenge or a used one", async () => {
        const subject = await issued();
        const asToken = { guessBudget, secretKind: "token" } as const;
        for (let i = 0; i < 5; i += 1) expect(await check(subject, wrongToken, asToken)).toEqual({ kind: "mismatch" });
        await store.revoke({ realmId: "contract", subject, now: start + 1 });
        for (let i = 0; i < 5; i += 1)
          expect(await check(subject, wrongToken, asToken)).toMatchObject({ kind: "used" });
        expect(await check(subject, right, { guessBudget })).toEqual({ kind: "used", matched: true });
      });

      test("counts no guess that was not compared", async () => {
        const subject = await issued();
        await miss(subject, 3, { guessBudget });
        expect(await check(subject, wrong, { guessBudget })).toMatchObject({ kind: "over_budget" });
        expect(await check(subject, right, { guessBudget: { ...guessBudget, max: 4 } })).toMatchObject({
          kind: "good",
        });
      });

      test("is cleared by a finish, not by a revoke", async () => {
        const subject = await issued();
        await miss(subject, 3, { guessBudget });
        await store.revoke({ realmId: "contract", subject, now: start + 2 * second });
        await store.issue(issueRequest(subject, { now: start + 3 * second }));
        expect(await check(subject, right, { guessBudget })).toMatchObject({ kind: "over_budget" });
        await store.finish({ realmId: "contract", subject, now: start + 4 * second });
        await store.issue(issueRequest(subject, { now: start + 5 * second }));
        expect(await check(subject, right, { guessBudget })).toMatchObject({ kind: "good" });
      });
    });

    describe("charges", () => {
      test("are charged with every presented secret, whatever comes of it", async () => {
        const subject = await issued();
        const charges = [{ limit: "present_code.address", counter: randomUUID(), max: 4, windowMs: minute }];
        expect(await check(subject, right, { charges })).toMatchObject({ kind: "good" });
        expect(await check(subject, wrong, { charges })).toMatchObject({ kind: "mismatch" });
        // Incident: C30 (a stranger's id uses up the same as a user's).
        expect(await check(randomUUID(), wrong, { charges })).toMatchObject({ kind: "absent" });
        expect(await store.claim(claimRequest(subject, wrong, { charges }))).toMatchObject({ kind: "mismatch" });
        const limited = { kind: "limited", limit: "present_code.address", retryAfterMs: minute };
        expect(await check(subject, right, { charges })).toEqual(limited);
        expect(await check(randomUUID(), right, { charges })).toEqual(limited);
      });

      test("that are refused count no try and no guess", async () => {
        const subject = await issued();
        const charges = [{ limit: "full", counter: randomUUID(), max: 1, windowMs: minute }];
        const guessBudget = { limit: "guesses", max: 1, windowMs: hour };
        await check(randomUUID(), wrong, { charges });
        for (let i = 0; i < maxTries; i += 1) {
          expect(await check(subject, wrong, { charges, guessBudget })).toMatchObject({ limit: "full" });
        }
        expect(await check(subject, right, { guessBudget })).toMatchObject({ kind: "good" });
      });
    });

    describe("time", () => {
      test("a code lives to the last millisecond before its end", async () => {
        const subject = await issued();
        const end = start + lifetimeMs;
        expect(await check(subject, right, { now: end - 1 })).toMatchObject({ kind: "good" });
        expect(await check(subject, right, { now: end })).toEqual({ kind: "expired", matched: true });
        expect(await store.claim(claimRequest(subject, right, { now: end }))).toMatchObject({ kind: "expired" });
        expect(await check(subject, wrong, { now: end })).toEqual({ kind: "expired", matched: false });
      });

      test("its end is remembered as long as asked for, then it is absent", async () => {
        const subject = await issued();
        const forgotten = start + lifetimeMs + rememberMs;
        expect(await check(subject, right, { now: forgotten - 1 })).toMatchObject({ kind: "expired" });
        expect(await check(subject, right, { now: forgotten })).toEqual({ kind: "absent" });
      });
    });

    // Guard: ASVS 5.0 6.5.5.
    describe("a code that ends before its token", () => {
      const codeExpiresAt = start + 5 * minute;

      test("lives to the last millisecond before its own end, the token to the end of the challenge", async () => {
        const subject = await issued({ codeExpiresAt });
        const goodUntil = (expiresAt: number) => ({ kind: "good", passwordVersion: 3, expiresAt });
        expect(await check(subject, right, { now: codeExpiresAt - 1 })).toEqual(goodUntil(codeExpiresAt));
        expect(await check(subject, right, { now: codeExpiresAt })).toEqual({ kind: "expired", matched: true });
        expect(await store.claim(claimRequest(subject, right, { now: codeExpiresAt }))).toMatchObject({
          kind: "expired",
        });
        const end = start + lifetimeMs;
        const asToken = { secretKind: "token" } as const;
        expect(await check(subject, token, { ...asToken, now: end - 1 })).toEqual(goodUntil(end));
        expect(await check(subject, wrongToken, { ...asToken, now: end - 1 })).toEqual({ kind: "mismatch" });
        expect(await check(subject, token, { ...asToken, now: end })).toEqual({ kind: "expired", matched: true });
      });

      test("keeps its end through tries and claims, and tells a claimant the end of what was presented", async () => {
        const subject = await issued({ codeExpiresAt });
        await miss(subject, 1);
        const claim = claimRequest(subject, right);
        expect(await store.claim(claim)).toMatchObject({ kind: "claimed", expiresAt: codeExpiresAt });
        await store.release({ realmId: "contract", subject, claimId: claim.claimId });
        expect(await check(subject, right, { now: codeExpiresAt })).toEqual({ kind: "expired", matched: true });
        const byToken = claimRequest(subject, token, { secretKind: "token", now: codeExpiresAt });
        expect(await store.claim(byToken)).toMatchObject({ kind: "claimed", expiresAt: start + lifetimeMs });
      });

      test("counts wrong codes after its end as guesses, and as no tries", async () => {
        const guessBudget = { limit: "guesses", max: 2, windowMs: hour };
        const subject = await issued({ codeExpiresAt });
        const late = { guessBudget, now: codeExpiresAt, maxTries: 1 };
        for (let i = 0; i < 2; i += 1) {
          expect(await check(subject, wrong, late)).toEqual({ kind: "expired", matched: false });
        }
        expect(await check(subject, right, late)).toMatchObject({ kind: "over_budget" });
        // Refused for the budget, it was a try: the only one.
        expect(await check(subject, right, { maxTries: 2 })).toMatchObject({ kind: "good" });
      });

      test("is remembered as long as its challenge", async () => {
        const subject = await issued({ codeExpiresAt });
        const forgotten = start + lifetimeMs + rememberMs;
        expect(await check(subject, right, { now: forgotten - 1 })).toEqual({ kind: "expired", matched: true });
        expect(await check(subject, right, { now: forgotten })).toEqual({ kind: "absent" });
      });

      test.each(["finish", "revoke"] as const)("is burnt with it by a %s", async (burn) => {
        const subject = await issued({ codeExpiresAt });
        await store.claim(claimRequest(subject, token, { secretKind: "token" }));
        await store[burn]({ realmId: "contract", subject, now: start + 2 * second });
        expect(await check(subject, right)).toEqual({ kind: "used", matched: true });
        expect(await check(subject, token, { secretKind: "token" })).toEqual({ kind: "used", matched: true });
      });
    });

    describe("a secret that a newer one has replaced", () => {
      /** A user who asked twice. */
      async function issuedTwice(changes: Partial<IssueRequest> = {}): Promise<string> {
        const subject = await issued(changes);
        await store.issue(issueRequest(subject, { ...newer, now: start + 1 }));
        return subject;
      }

      test("is told so, claimed or checked, and counts as no try and no guess", async () => {
        const subject = await issuedTwice();
        const tight = { maxTries: 1, guessBudget: { limit: "guesses", max: 1, windowMs: hour } };
        for (let i = 0; i < 3; i += 1) {
          expect(await check(subject, right, tight)).toEqual(superseded);
          expect(await store.claim(claimRequest(subject, right, tight))).toEqual(superseded);
        }
        expect(await check(subject, newer.code, tight)).toMatchObject({ kind: "good" });
        expect(await check(subject, wrong, tight)).toEqual({ kind: "mismatch" });
        expect(await check(subject, newer.code, tight)).toMatchObject({ kind: "over_budget" });
      });

      test("is told nothing where a code is dead or rests; a token is", async () => {
        const subject = await issuedTwice();
        const guessBudget = { limit: "guesses", max: maxTries, windowMs: hour };
        await miss(subject, maxTries, { guessBudget });
        expect(await check(subject, right)).toEqual({ kind: "exhausted" });
        expect(await check(subject, right, { guessBudget })).toMatchObject({ kind: "over_budget" });
        expect(await check(subject, token, { secretKind: "token", guessBudget })).toEqual(superseded);
      });

      test("is known as its own kind only, and under its own key", async () => {
        const subject = await issuedTwice({ code: digestOf("old", 255), token: digestOf("old token", 255) });
        expect(await check(subject, digestOf("old", 255))).toEqual(superseded);
        expect(await check(subject, digestOf("old"))).toEqual({ kind: "mismatch" });
        expect(await check(subject, digestOf("old token", 255))).toEqual({ kind: "mismatch" });
        expect(await check(subject, digestOf("old", 255), { secretKind: "token" })).toEqual({ kind: "mismatch" });
        expect(await check(subject, newer.code)).toMatchObject({ kind: "good" });
      });

      // Incident: C22.
      test("of a kind that the one before did not have, is nothing", async () => {
        const subject = randomUUID();
        const { token: _none, ...codeOnly } = issueRequest(subject);
        await store.issue(codeOnly);
        const { code: _neither, ...tokenOnly } = issueRequest(subject, newer);
        await store.issue(tokenOnly);
        expect(await check(subject, right)).toEqual(superseded);
        expect(await check(subject, { keyId: 1, digest: "" }, { secretKind: "token" })).toEqual({ kind: "mismatch" });
        expect(await check(subject, right, { candidates: [] })).toEqual({ kind: "mismatch" });
        await store.issue(codeOnly);
        expect(await check(subject, newer.token, { secretKind: "token" })).toEqual(superseded);
        expect(await check(subject, { keyId: 1, digest: "" })).toEqual({ kind: "mismatch" });
      });

      test("is the one just before: those before it are wrong", async () => {
        const subject = await issuedTwice();
        await store.issue(issueRequest(subject, { code: digestOf("newest code") }));
        expect(await check(subject, newer.code)).toEqual(superseded);
        expect(await check(subject, right)).toEqual({ kind: "mismatch" });
      });

      test("was live then: a used, revoked or expired one is wrong", async () => {
        for (const end of ["finish", "revoke", "expire"] as const) {
          const subject = await issued({ codeExpiresAt: start + minute });
          if (end !== "expire") await store[end]({ realmId: "contract", subject, now: start + 1 });
          const now = end === "expire" ? start + lifetimeMs : start + 2;
          await store.issue(issueRequest(subject, { ...newer, now, expiresAt: now + lifetimeMs }));
          expect(await check(subject, right, { now })).toEqual({ kind: "mismatch" });
          expect(await check(subject, token, { now, secretKind: "token" })).toEqual({ kind: "mismatch" });
        }
      });

      test("is told so even when the newest is used or expired, until that is forgotten", async () => {
        const guessBudget = { limit: "guesses", max: 1, windowMs: hour };
        const forgotten = start + lifetimeMs + rememberMs;
        for (const end of ["finish", "revoke", "expire"] as const) {
          const subject = await issuedTwice();
          if (end !== "expire") await store[end]({ realmId: "contract", subject, now: start + 2 });
          const kind = end === "expire" ? "expired" : "used";
          for (const now of [start + lifetimeMs, forgotten - 1]) {
            expect(await check(subject, right, { guessBudget, now })).toEqual(superseded);
            expect(await check(subject, token, { secretKind: "token", now })).toEqual(superseded);
            expect(await check(subject, newer.code, { guessBudget, now })).toEqual({ kind, matched: true });
          }
          expect(await check(subject, wrong, { now: forgotten - 1 })).toEqual({ kind, matched: false });
          expect(await check(subject, right, { now: forgotten })).toEqual({ kind: "absent" });
        }
      });

      test("stays known while the newest is tried, claimed and given back", async () => {
        const subject = await issuedTwice();
        await miss(subject, 1);
        const claim = claimRequest(subject, newer.code);
        expect(await store.claim(claim)).toMatchObject({ kind: "claimed" });
        expect(await check(subject, right)).toEqual(superseded);
        await store.release({ realmId: "contract", subject, claimId: claim.claimId });
        expect(await check(subject, right)).toEqual(superseded);
        expect(await check(subject, newer.code)).toMatchObject({ kind: "good" });
      });

      test("pays its charges like any other", async () => {
        const subject = await issuedTwice();
        const charges = [{ limit: "present_code.address", counter: randomUUID(), max: 1, windowMs: minute }];
        expect(await check(subject, right, { charges })).toEqual(superseded);
        expect(await check(subject, right, { charges })).toMatchObject({ kind: "limited" });
      });
    });

    describe("claiming", () => {
      // Guard: ASVS 5.0 6.5.1.
      test("lets one in, and others know how long to wait", async () => {
        const subject = await issued();
        expect(await store.claim(claimRequest(subject, right))).toEqual({
          kind: "claimed",
          passwordVersion: 3,
          expiresAt: start + lifetimeMs,
        });
        const now = start + 11 * second;
        expect(await store.claim(claimRequest(subject, right, { now }))).toEqual(busyAt(now));
        expect(await check(subject, token, { secretKind: "token", now })).toEqual(busyAt(now));
        expect(await check(subject, wrong, { now })).toEqual({ kind: "mismatch" });
      });

      test("ends by itself, should the claimant have died", async () => {
        const subject = await issued();
        await store.claim(claimRequest(subject, right));
        const now = start + 31 * second;
        expect(await store.claim(claimRequest(subject, right, { now: now - 1 }))).toMatchObject({ kind: "busy" });
        expect(await store.claim(claimRequest(subject, right, { now }))).toMatchObject({ kind: "claimed" });
      });

      test("can be given back by the claimant alone", async () => {
        const subject = await issued();
        const claim = claimRequest(subject, right);
        await store.claim(claim);
        await store.release({ realmId: "contract", subject, claimId: randomUUID() });
        expect(await check(subject, right)).toMatchObject({ kind: "busy" });
        await store.release({ realmId: "contract", subject, claimId: claim.claimId });
        expect(await check(subject, right)).toMatchObject({ kind: "good" });
        await store.release({ realmId: "contract", subject: randomUUID(), claimId: claim.claimId });
      });

      test("does not outlive the challenge: a late release leaves a newer one alone", async () => {
        const subject = await issued();
        const old = claimRequest(subject, right);
        await store.claim(old);
        await store.issue(issueRequest(subject));
        expect(await store.claim(claimRequest(subject, right))).toMatchObject({ kind: "claimed" });
        await store.release({ realmId: "contract", subject, claimId: old.claimId });
        expect(await check(subject, right)).toMatchObject({ kind: "busy" });
      });
    });

    describe("burning", () => {
      // Guard: ASVS 5.0 6.5.1. Incident: C15.
      test.each(["finish", "revoke"] as const)("%s ends code and token for ever, claimed or not", async (burn) => {
        const subject = await issued();
        await store.claim(claimRequest(subject, right));
        await store[burn]({ realmId: "contract", subject, now: start + 2 * second });
        expect(await check(subject, right)).toEqual({ kind: "used", matched: true });
        expect(await check(subject, token, { secretKind: "token" })).toEqual({ kind: "used", matched: true });
        expect(await check(subject, wrong)).toEqual({ kind: "used", matched: false });
        expect(await store.claim(claimRequest(subject, right))).toEqual({ kind: "used", matched: true });
        const later = { now: start + lifetimeMs + 1 };
        expect(await check(subject, right, later)).toEqual({ kind: "used", matched: true });
      });

      test.each(["finish", "revoke"] as const)("%s gives a new sequence each time, known user or not", async (burn) => {
        const subject = await issued();
        const request = { realmId: "contract", subject, now: start };
        expect(await store[burn](request)).toEqual({ sequence: start + 1 });
        expect(await store[burn](request)).toEqual({ sequence: start + 2 });
        expect(await store[burn]({ ...request, now: start + hour })).toEqual({ sequence: start + hour });
        expect(await store.issue(issueRequest(subject))).toEqual({ kind: "issued", sequence: start + hour + 1 });
        expect(await store[burn]({ ...request, subject: randomUUID() })).toEqual({ sequence: start });
      });

      test("a release after the finish brings nothing back", async () => {
        const subject = await issued();
        const claim = claimRequest(subject, right);
        await store.claim(claim);
        await store.finish({ realmId: "contract", subject, now: start + 2 * second });
        await store.release({ realmId: "contract", subject, claimId: claim.claimId });
        expect(await check(subject, right)).toMatchObject({ kind: "used" });
      });

      test("keeps the counts of issued codes", async () => {
        const subject = randomUUID();
        const accountLimit = { counter: "returned", limit: "account", max: 1, windowMs: hour } as const;
        await store.issue(issueRequest(subject, { accountLimit }));
        await store.finish({ realmId: "contract", subject, now: start + 1 });
        expect(await store.issue(issueRequest(subject, { accountLimit }))).toMatchObject({ kind: "limited" });
      });

      test("of nobody's code is no error, and leaves nothing to present", async () => {
        const subject = randomUUID();
        await store.revoke({ realmId: "contract", subject, now: start });
        await store.finish({ realmId: "contract", subject, now: start });
        expect(await check(subject, right)).toEqual({ kind: "absent" });
      });
    });

    test("every value comes back as it went in, at the ends of its range", async () => {
      const version = 9_000_000_000_000_000;
      const expiresAt = 2 ** 47;
      const subject = await issued({ passwordVersion: version, expiresAt, rememberMs: 0 });
      expect(await check(subject, right, { now: expiresAt - 1 })).toEqual({
        kind: "good",
        passwordVersion: version,
        expiresAt,
      });
      const whole = await issued({ passwordVersion: 0, code: { keyId: 255, digest: "_".repeat(21) + "w" } });
      const all = { candidates: [{ keyId: 255, digest: "_".repeat(21) + "w" }] };
      expect(await check(whole, right, all)).toMatchObject({ kind: "good", passwordVersion: 0 });
    });

    // Last, because it replaces the store. Guard: ASVS 5.0 2.3.3.
    test("what was answered is still so after a restart", async () => {
      const guessBudget = { limit: "guesses", max: 2, windowMs: hour };
      const [live, tried, claimed, used] = await Promise.all([issued(), issued(), issued(), issued()]);
      const codeExpiresAt = start + minute;
      const replaced = await issued();
      await store.issue(issueRequest(replaced, { ...newer, codeExpiresAt }));
      await miss(tried, maxTries - 3, { guessBudget });
      const claim = claimRequest(claimed, right);
      await store.claim(claim);
      await store.finish({ realmId: "contract", subject: used, now: start + 1 });
      store = await opened.reopen();
      expect(await check(live, right)).toMatchObject({ kind: "good" });
      expect(await check(tried, right, { guessBudget })).toMatchObject({ kind: "over_budget" });
      expect(await check(claimed, right)).toMatchObject({ kind: "busy" });
      await store.release({ realmId: "contract", subject: claimed, claimId: claim.claimId });
      expect(await store.claim(claimRequest(claimed, right))).toMatchObject({ kind: "claimed" });
      expect(await check(used, right)).toEqual({ kind: "used", matched: true });
      expect(await check(replaced, right)).toEqual(superseded);
      expect(await check(replaced, newer.code)).toMatchObject({ kind: "good", expiresAt: codeExpiresAt });
    });
  });
}
