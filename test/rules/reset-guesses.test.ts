// How many wrong codes does a user stand, and what do they count as?

import { afterAll, beforeAll, expect, test } from "vitest";

import type { Realm } from "../../src/reset/realm.ts";
import type { LimitTable } from "../../src/throttle/limits.ts";
import { hour, minute } from "../../src/units.ts";
import { noLimits, openRekey, type Rekey } from "../support/open-rekey.ts";
import { refusalFrom } from "../support/refusal-from.ts";
import { goodPassword, resetSteps } from "../support/reset-steps.ts";

let rekey: Rekey;
beforeAll(async () => {
  rekey = await openRekey();
});
afterAll(async () => await rekey.close());

const budget = (max: number): LimitTable => ({ ...noLimits, guess_code: { account: { max, windowMs: hour } } });

async function userIn(changes: Partial<Realm> = {}) {
  const realm = rekey.realm(changes);
  const user = await rekey.user(realm);
  return { realm, user, steps: resetSteps(rekey, rekey.call(realm)) };
}

/** A code of the right shape that is not this one. */
const otherThan = (code: string): string => (code.startsWith("0") ? "1" : "0") + code.slice(1);

// Guard: ASVS 5.0 6.5.1.
test("a check never burns a code: fifty of them, and it still works", async () => {
  const { user, steps } = await userIn();
  const code = await steps.code(user.id);
  for (let i = 0; i < 50; i += 1) await steps.check(user.id, code);
  await steps.complete(user.id, code);
  expect(await rekey.isPassword(user, goodPassword)).toBe(true);
});

test("five wrong ones kill a code, checked or presented, and then even the right one is refused", async () => {
  const { user, steps } = await userIn();
  const code = await steps.code(user.id);
  for (const step of [steps.check, steps.complete, steps.check, steps.complete, steps.check]) {
    expect(await refusalFrom(step(user.id, otherThan(code)))).toEqual({ reason: "code_wrong" });
  }
  expect(await refusalFrom(steps.check(user.id, code))).toEqual({ reason: "code_exhausted" });
  expect(await refusalFrom(steps.complete(user.id, code))).toEqual({ reason: "code_exhausted" });
  await steps.complete(user.id, await steps.code(user.id));
});

test("asked twice: the first code says that it was replaced, is no try and no guess, and the second works", async () => {
  const { user, steps } = await userIn({ limits: budget(6) });
  const [first, second] = [await steps.code(user.id), await steps.code(user.id)];
  for (const step of [steps.check, steps.complete, steps.check, steps.complete, steps.check, steps.check]) {
    expect(await refusalFrom(step(user.id, first))).toEqual({ reason: "code_replaced" });
  }
  for (let i = 0; i < 4; i += 1) {
    expect(await refusalFrom(steps.check(user.id, otherThan(second)))).toEqual({ reason: "code_wrong" });
  }
  expect(await refusalFrom(steps.check(user.id, first))).toEqual({ reason: "code_replaced" });
  await steps.complete(user.id, second);
  expect(await rekey.isPassword(user, goodPassword)).toBe(true);
  expect(await refusalFrom(steps.complete(user.id, first))).toEqual({ reason: "code_replaced" });
});

// Guard: ASVS 5.0 6.6.3. Incident: C11, C12.
test("asking for new codes buys no new guesses: the account's budget runs over all of them", async () => {
  const { user, steps } = await userIn({ limits: budget(15) });
  for (let i = 0; i < 15; i += 1) {
    const code = i % 5 === 0 ? await steps.code(user.id) : "00000000";
    expect(await refusalFrom(steps.check(user.id, otherThan(code)))).toEqual({ reason: "code_wrong" });
  }
  const right = await steps.code(user.id);
  rekey.clock.pass(minute);
  const spent = { reason: "guesses_spent", limit: "guess_code.account", retryAfterMs: hour - minute };
  expect(await refusalFrom(steps.check(user.id, right))).toEqual(spent);
  expect(await refusalFrom(steps.complete(user.id, right))).toEqual(spent);
});

// Incident: C12, C25: who is guessed at can still recover.
test("a link goes on working when the guesses are spent", async () => {
  const { realm, user, steps } = await userIn({ limits: budget(2) });
  await steps.send(user.id);
  for (let i = 0; i < 2; i += 1) await refusalFrom(steps.check(user.id, "00000000"));
  expect(await refusalFrom(steps.check(user.id, "00000000"))).toMatchObject({ reason: "guesses_spent" });
  const [message] = (await rekey.courier?.list({ realmId: realm.id, size: 1 })) ?? [];
  await steps.complete(user.id, message?.values.secret ?? "");
  expect(await rekey.isPassword(user, goodPassword)).toBe(true);
});

test("wrong tokens count for nothing, so that nobody can stop a link by guessing", async () => {
  const { realm, user, steps } = await userIn({ limits: budget(2) });
  await steps.send(user.id);
  for (let i = 0; i < 20; i += 1) {
    expect(await refusalFrom(steps.check(user.id, "x".repeat(43)))).toEqual({ reason: "code_wrong" });
  }
  const [message] = (await rekey.courier?.list({ realmId: realm.id, size: 1 })) ?? [];
  await steps.complete(user.id, message?.values.secret ?? "");
});

// Guard: NIST SP 800-63B-4 3.2.2 (a success clears the count).
test("a success gives all guesses back", async () => {
  const { user, steps } = await userIn({ limits: budget(3) });
  const first = await steps.code(user.id);
  for (let i = 0; i < 2; i += 1) await refusalFrom(steps.check(user.id, otherThan(first)));
  await steps.complete(user.id, first);
  const second = await steps.code(user.id);
  for (let i = 0; i < 3; i += 1) {
    expect(await refusalFrom(steps.check(user.id, otherThan(second)))).toEqual({ reason: "code_wrong" });
  }
  expect(await refusalFrom(steps.check(user.id, second))).toMatchObject({ reason: "guesses_spent" });
});

test("a revoke gives no guess back", async () => {
  const { user, steps } = await userIn({ limits: budget(2) });
  const code = await steps.code(user.id);
  for (let i = 0; i < 2; i += 1) await refusalFrom(steps.check(user.id, otherThan(code)));
  await steps.revoke(user.id);
  expect(await refusalFrom(steps.check(user.id, await steps.code(user.id)))).toMatchObject({ reason: "guesses_spent" });
});

test("the budget is whole again when its window is over", async () => {
  const { user, steps } = await userIn({ limits: budget(1) });
  await steps.code(user.id);
  await refusalFrom(steps.check(user.id, "00000000"));
  rekey.clock.pass(hour);
  await steps.complete(user.id, await steps.code(user.id));
  expect(await rekey.isPassword(user, goodPassword)).toBe(true);
});

// Guard: ASVS 5.0 6.6.2. Incident: C23.
test("the code of one user is a wrong one for another, and counts", async () => {
  const { realm, user, steps } = await userIn();
  const bob = await rekey.user(realm);
  const [ofAnn, ofBob] = [await steps.code(user.id), await steps.code(bob.id)];
  for (let i = 0; i < 5; i += 1) {
    expect(await refusalFrom(steps.complete(bob.id, ofAnn))).toEqual({ reason: "code_wrong" });
  }
  expect(await refusalFrom(steps.complete(bob.id, ofBob))).toEqual({ reason: "code_exhausted" });
  await steps.complete(user.id, ofAnn);
});

// Guard: ASVS 5.0 8.4.1. Incident: C23.
test("the code of one realm opens nothing in another, not even for a user of the same id, and counts there", async () => {
  const { user, steps } = await userIn();
  const elsewhere = rekey.realm();
  const double = await rekey.user(elsewhere, { id: user.id });
  const foreign = resetSteps(rekey, rekey.call(elsewhere));
  const code = await steps.code(user.id);
  expect(await refusalFrom(foreign.complete(user.id, code))).toEqual({ reason: "code_absent" });
  const own = await foreign.code(double.id);
  for (let i = 0; i < 5; i += 1) {
    expect(await refusalFrom(foreign.complete(double.id, code))).toEqual({ reason: "code_wrong" });
  }
  expect(await refusalFrom(foreign.complete(double.id, own))).toEqual({ reason: "code_exhausted" });
  await steps.complete(user.id, code);
});

// Guard: ASVS 5.0 2.3.4.
test("a hundred wrong ones at once are counted one by one", async () => {
  const { user, steps } = await userIn({ limits: budget(1000) });
  const code = await steps.code(user.id);
  const reasons = await Promise.all(
    Array.from({ length: 100 }, async () => (await refusalFrom(steps.complete(user.id, otherThan(code)))).reason),
  );
  expect(reasons.filter((reason) => reason === "code_wrong")).toHaveLength(5);
  expect(reasons.filter((reason) => reason === "code_exhausted")).toHaveLength(95);
});
