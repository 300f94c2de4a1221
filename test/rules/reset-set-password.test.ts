// How is a password set without a code, and what does a refusal tell?

import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { zitadelDialect } from "../../src/edge/zitadel/dialect.ts";
import { Outage } from "../../src/outage.ts";
import { openRekey, type Rekey } from "../support/open-rekey.ts";
import { whileWritesAre } from "../support/refuse-writes.ts";
import { refusalFrom } from "../support/refusal-from.ts";
import { goodPassword, native, resetSteps } from "../support/reset-steps.ts";

let rekey: Rekey;
beforeAll(async () => {
  rekey = await openRekey();
});
afterAll(async () => await rekey.close());

const current = "Once my 1st Password!";
const next = "Now my 2nd Password!";

async function room(dialect = native) {
  const realm = rekey.realm();
  const user = await rekey.user(realm, { password: current, displayName: "Bartholomew Featherstone" });
  return { realm, user, steps: resetSteps(rekey, rekey.call(realm), dialect) };
}

describe.each([
  { name: "our own dialect", dialect: native },
  { name: "the vendor's dialect", dialect: zitadelDialect },
])("in $name", ({ dialect }) => {
  test("the current password sets a new one", async () => {
    const { user, steps } = await room(dialect);
    await steps.change(user.id, current, next);
    expect(await rekey.isPassword(user, next)).toBe(true);
    expect(await refusalFrom(steps.change(user.id, current, next))).toEqual({ reason: "password_incorrect" });
  });

  test("a wrong one sets nothing", async () => {
    const { user, steps } = await room(dialect);
    expect(await refusalFrom(steps.change(user.id, `${current} `, next))).toEqual({ reason: "password_incorrect" });
    expect(await rekey.isPassword(user, current)).toBe(true);
  });

  test("the same password again is told only to who has proven it", async () => {
    const { user, steps } = await room(dialect);
    expect(await refusalFrom(steps.change(user.id, current, current))).toEqual({ reason: "password_unchanged" });
    expect(await refusalFrom(steps.change(user.id, next, next))).toEqual({ reason: "password_incorrect" });
    await steps.set(user.id, current);
    await steps.complete(user.id, await steps.code(user.id), current);
  });

  test("a caller who may sets any good password, and no weak one", async () => {
    const { user, steps } = await room(dialect);
    expect(await refusalFrom(steps.set(user.id, "weak"))).toMatchObject({ reason: "password_rejected" });
    expect(await refusalFrom(steps.set(user.id, "Featherstone-1!"))).toMatchObject({
      violations: [{ rule: "context_word" }],
    });
    expect(await refusalFrom(steps.set("nobody", next))).toEqual({ reason: "user_unknown" });
    await steps.set(user.id, next);
    expect(await rekey.isPassword(user, next)).toBe(true);
  });

  test("a caller who may is told of a user who is not set up", async () => {
    const { realm, steps } = await room(dialect);
    const initial = await rekey.user(realm, { state: "initial" });
    expect(await refusalFrom(steps.set(initial.id, next))).toEqual({ reason: "user_not_ready" });
  });
});

// Guard: ASVS 5.0 6.3.8. Incident: C9.
test("in our own dialect all that a current password cannot prove is the same", async () => {
  const { realm, user, steps } = await room();
  const initial = await rekey.user(realm, { state: "initial", password: current });
  const without = await rekey.user(realm);
  for (const userId of [user.id, initial.id, without.id, "nobody"]) {
    expect(await refusalFrom(steps.change(userId, "wrong", goodPassword))).toEqual({ reason: "password_incorrect" });
    expect(await refusalFrom(steps.change(userId, "wrong", "featherstone-1234"))).toEqual({
      reason: "password_incorrect",
    });
  }
  expect(await refusalFrom(steps.change(initial.id, current))).toEqual({ reason: "user_not_ready" });
  expect(await refusalFrom(steps.change(user.id, current, "featherstone-1234"))).toMatchObject({
    violations: [{ rule: "context_word" }],
  });
});

test("in the vendor's dialect each case has its own answer", async () => {
  const { realm, user, steps } = await room(zitadelDialect);
  const initial = await rekey.user(realm, { state: "initial", password: current });
  const without = await rekey.user(realm);
  expect(await refusalFrom(steps.change("nobody", "wrong", "weak"))).toEqual({ reason: "user_unknown" });
  expect(await refusalFrom(steps.change(initial.id, "wrong", "weak"))).toEqual({ reason: "user_not_ready" });
  expect(await refusalFrom(steps.change(without.id, "wrong", "weak"))).toEqual({ reason: "password_not_set" });
  expect(await refusalFrom(steps.change(user.id, "wrong", "weak"))).toEqual({ reason: "password_incorrect" });
  expect(await refusalFrom(steps.change(user.id, current, "weak"))).toMatchObject({ reason: "password_rejected" });
  expect(await refusalFrom(steps.complete("nobody", "WRONG1", "weak"))).toEqual({ reason: "user_unknown" });
  expect(await refusalFrom(steps.complete(initial.id, "WRONG1", "weak"))).toEqual({ reason: "user_not_ready" });
});

test("two changes at once: one is made, the other is told of it", async () => {
  const { user, steps } = await room();
  const ends = await Promise.allSettled([steps.set(user.id, next), steps.set(user.id, goodPassword)]);
  expect(ends.map(({ status }) => status).toSorted()).toEqual(["fulfilled", "rejected"]);
  const lost = ends.find(({ status }) => status === "rejected") as PromiseRejectedResult;
  expect(await refusalFrom(Promise.reject(lost.reason))).toEqual({ reason: "conflict" });
});

test("a store that fails after the write changes nothing: the password is set", async () => {
  const { user, steps } = await room();
  const code = await steps.code(user.id);
  await whileWritesAre("refused", "INSERT ON accounts", rekey.database, async () => {
    await steps.set(user.id, next);
    await expect(steps.code(user.id)).rejects.toBeInstanceOf(Outage);
  });
  expect(await rekey.isPassword(user, next)).toBe(true);
  expect(await refusalFrom(steps.complete(user.id, code))).toEqual({ reason: "code_used", matched: true });
});
