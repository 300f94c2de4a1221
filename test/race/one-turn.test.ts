// Do codes and counters come to the same when many calls arrive in one turn as when each waits for the one before?

import { expect, onTestFinished, test } from "vitest";

import { openCodeStore } from "../../src/codes/open-code-store.ts";
import { openDatabase } from "../../src/sqlite/database.ts";
import { openThrottle } from "../../src/throttle/open-throttle.ts";
import { hour, minute, second } from "../../src/units.ts";
import { whileWritesAre } from "../support/refuse-writes.ts";

const start = 1_800_000_000_000;
/** Many more than share a commit. */
const callsAtOnce = 600;

type Stores = Awaited<ReturnType<typeof openStores>>;

async function openStores() {
  const database = openDatabase(":memory:");
  onTestFinished(() => database.close());
  return {
    codes: await openCodeStore({ kind: "embedded", database }),
    throttle: await openThrottle({ kind: "embedded", database }),
  };
}

/** The same numbers for the same seed. Source: Numerical Recipes, a linear congruential generator. */
function makeRandom(seed: number): (below: number) => number {
  let state = (seed * 2_654_435_761) >>> 0;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

/** Calls that get into each other's way: few accounts, few codes, narrow limits. */
function anyCalls(seed: number): ((stores: Stores) => Promise<unknown>)[] {
  const random = makeRandom(seed);
  let now = start;
  return Array.from({ length: callsAtOnce }, (_, index) => {
    now += random(400);
    const at = { realmId: "turn", now };
    const key = { ...at, subject: `account ${random(3)}` };
    const digest = () => ({ keyId: 1, digest: Buffer.from(`code ${random(3)}`.padEnd(16, ".")).toString("base64url") });
    const charges = [{ limit: "caller", counter: `caller ${random(2)}`, max: 12, windowMs: 10 * second }];
    const account = { limit: "account", max: 4, windowMs: 20 * second };
    const guessBudget = { ...account, max: 6 };
    const present = { ...key, secretKind: "code", candidates: [digest()], maxTries: 3, guessBudget, charges } as const;
    const claimId = (number: number) => Buffer.from(`claim ${number}`).toString("base64url");
    switch (random(9)) {
      case 0:
        return async ({ codes }) => await codes.check(present);
      case 1:
      case 2:
        return async ({ codes }) =>
          await codes.claim({ ...present, claimId: claimId(index), claimedUntil: now + 3 * second });
      case 3: {
        const earlier = claimId(index - random(20));
        return async ({ codes }) => await codes.release({ ...key, claimId: earlier });
      }
      case 4:
        return async ({ codes }) => await codes.finish(key);
      case 5: {
        const proof = { provenAt: now - random(5000), blockedUntil: now + 2 * second, rememberMs: hour };
        const isVeto = random(4) === 0;
        return async ({ codes }) => await (isVeto ? codes.veto({ ...key, ...proof }) : codes.revoke(key));
      }
      case 6: {
        const isCharged = random(2) === 0;
        return async ({ throttle }) =>
          await (isCharged ? throttle.charge({ ...at, charges }) : throttle.count({ ...at, counters: charges }));
      }
      default: {
        const times = { expiresAt: now + minute, rememberMs: hour };
        const accountLimit = { ...account, counter: "sent" } as const;
        const code = digest();
        return async ({ codes }) =>
          await codes.issue({ ...key, ...times, code, passwordVersion: index, accountLimit, charges });
      }
    }
  });
}

// Guard: ASVS 5.0 15.4.2.
test("whatever is asked at once ends as if it were asked in turn", async () => {
  const kinds = new Set<unknown>();
  for (const seed of [1, 2, 3, 4, 5]) {
    const inTurn: unknown[] = [];
    const stores = await openStores();
    for (const call of anyCalls(seed)) inTurn.push(await call(stores));
    for (const outcome of inTurn) kinds.add((outcome as { readonly kind?: string } | undefined)?.kind);

    const others = await openStores();
    expect(await Promise.all(anyCalls(seed).map((call) => call(others)))).toEqual(inTurn);
  }
  // It is about nothing unless the calls came to nearly all that calls may come to.
  const expected = ["issued", "limited", "blocked", "good", "claimed", "busy", "mismatch", "used", "over_budget"];
  expect([...kinds]).toEqual(expect.arrayContaining(expected));
});

// Incident: C14.
test("of 300 who claim one code in one turn the first gets it, and the try that fails amid them counts for nobody", async () => {
  const database = openDatabase(":memory:");
  onTestFinished(() => database.close());
  const codes = await openCodeStore({ kind: "embedded", database });
  const code = { keyId: 1, digest: Buffer.from("the right code..").toString("base64url") };
  const key = { realmId: "turn", subject: "ann", now: start };
  await codes.issue({ ...key, code, expiresAt: start + minute, rememberMs: hour, passwordVersion: 1, charges: [] });
  const charges = [{ limit: "caller", counter: "app", max: 201, windowMs: hour }];
  const present = { ...key, secretKind: "code", candidates: [code], maxTries: 5, charges } as const;
  const claimAll = () =>
    Array.from({ length: 300 }, (_, index) => {
      const claimId = `claim-${String(index).padStart(3, "0")}`;
      return codes.claim({ ...present, claimId, claimedUntil: start + 30 * second });
    });
  // After it has charged its caller.
  const breaks = "INSERT ON accounts WHEN NEW.claim_id = 'claim-000'";
  const claims = await whileWritesAre("refused", breaks, database, () => Promise.allSettled(claimAll()));
  const ends = claims.map((end) => (end.status === "fulfilled" ? end.value.kind : "outage"));
  const busy = Array.from({ length: 200 }, () => "busy");
  const limited = Array.from({ length: 98 }, () => "limited");
  expect(ends).toEqual(["outage", "claimed", ...busy, ...limited]);
});
