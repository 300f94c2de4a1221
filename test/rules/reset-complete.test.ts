// In which order does a code set a password, and what is left when something fails on the way?

import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { claimLease } from "../../src/codes/challenges.ts";
import { Outage } from "../../src/outage.ts";
import { zitadelDialect } from "../../src/edge/zitadel/dialect.ts";
import { defaultPolicy } from "../../src/password/policy.ts";
import { minute, second } from "../../src/units.ts";
import { openRekey, type Rekey } from "../support/open-rekey.ts";
import { whileWritesAre } from "../support/refuse-writes.ts";
import { refusalFrom } from "../support/refusal-from.ts";
import { goodPassword, native, resetSteps, type ResetSteps } from "../support/reset-steps.ts";

let rekey: Rekey;
beforeAll(async () => {
  rekey = await openRekey();
});
afterAll(async () => await rekey.close());

const oldPassword = "the password of before";

async function userWithCode(dialect = native) {
  const realm = rekey.realm();
  const user = await rekey.user(realm, { password: oldPassword });
  const steps = resetSteps(rekey, rekey.call(realm), dialect);
  return { realm, user, steps, code: await steps.code(user.id) };
}

describe("the policy", () => {
  // Guard: ASVS 5.0 6.1.3.
  test.each([native, zitadelDialect])("refuses ten weak passwords without a cost for the code", async (dialect) => {
    const { user, steps, code } = await userWithCode(dialect);
    for (let i = 0; i < 10; i += 1) {
      expect(await refusalFrom(steps.complete(user.id, code, "Ab1!"))).toMatchObject({
        reason: "password_rejected",
        violations: [{ rule: "too_short" }],
      });
    }
    await steps.complete(user.id, code, "Now a good one! 4 all");
    expect(await rekey.isPassword(user, "Now a good one! 4 all")).toBe(true);
  });

  test("of the realm stands above the dialect's own", async () => {
    const realm = rekey.realm({ passwordPolicy: { ...defaultPolicy, minLength: 30 } });
    const user = await rekey.user(realm);
    const steps = resetSteps(rekey, rekey.call(realm));
    const code = await steps.code(user.id);
    expect(await refusalFrom(steps.complete(user.id, code))).toMatchObject({ violations: [{ minLength: 30 }] });
  });

  // Guard: ASVS 5.0 6.2.11.
  test("knows the user's own names, and tells so only to who has the code", async () => {
    const realm = rekey.realm();
    const user = await rekey.user(realm, { displayName: "Bartholomew Featherstone" });
    const steps = resetSteps(rekey, rekey.call(realm));
    const code = await steps.code(user.id);
    const own = "featherstone-1234";
    expect(await refusalFrom(steps.complete(user.id, "WRONG", own))).toEqual({ reason: "code_wrong" });
    expect(await refusalFrom(steps.complete("nobody", "WRONG", own))).toEqual({ reason: "code_absent" });
    expect(await refusalFrom(steps.complete(user.id, code, own))).toMatchObject({
      reason: "password_rejected",
      violations: [{ rule: "context_word" }],
    });
    await steps.complete(user.id, code);
  });

  test("is told last where the dialect wants the proof first", async () => {
    const { user, steps } = await userWithCode(zitadelDialect);
    expect(await refusalFrom(steps.complete(user.id, "WRONG1", "weak"))).toEqual({ reason: "code_wrong" });
  });
});

describe("a code", () => {
  test("sets the password it is given, once", async () => {
    const { user, steps, code } = await userWithCode();
    const standing = await steps.complete(user.id, code);
    expect(await rekey.isPassword(user, goodPassword)).toBe(true);
    expect(await rekey.isPassword(user, oldPassword)).toBe(false);
    expect(standing).toMatchObject({ organizationId: "acme", changedAt: rekey.clock.now() });
    // Guard: ASVS 5.0 6.5.1.
    expect(await refusalFrom(steps.complete(user.id, code, "a second password is none"))).toEqual({
      reason: "code_used",
      matched: true,
    });
    expect(await rekey.isPassword(user, goodPassword)).toBe(true);
  });

  test("is dead as soon as a newer one is made", async () => {
    const { user, steps, code } = await userWithCode();
    const newer = await steps.code(user.id);
    expect(await refusalFrom(steps.complete(user.id, code))).toEqual({ reason: "code_replaced" });
    await steps.complete(user.id, newer);
  });

  // Guard: ASVS 5.0 6.5.5.
  test("works until the last millisecond of its life, and not after", async () => {
    const { user, steps, code } = await userWithCode();
    rekey.clock.pass(10 * minute - 1);
    await steps.check(user.id, code);
    rekey.clock.pass(1);
    expect(await refusalFrom(steps.complete(user.id, code))).toEqual({ reason: "code_expired", matched: true });
    expect(await refusalFrom(steps.complete(user.id, "WRONG"))).toEqual({ reason: "code_expired", matched: false });
  });

  // Incident: C22.
  test.each(["", " ", "\t\n", "- -", " ".repeat(40)])("is never blank: %j", async (blank) => {
    const { user, steps } = await userWithCode();
    expect(await refusalFrom(steps.complete(user.id, blank))).toMatchObject({ reason: "code_wrong" });
    const realm = rekey.realm();
    const without = await rekey.user(realm);
    const acts = resetSteps(rekey, rekey.call(realm));
    expect(await refusalFrom(acts.complete(without.id, blank))).toEqual({ reason: "code_absent" });
  });

  test("is typed as people type: in lower case, with spaces and dashes", async () => {
    const { user, steps, code } = await userWithCode();
    await steps.complete(user.id, ` ${code.slice(0, 4).toLowerCase()}-${code.slice(4)} `);
    expect(await rekey.isPassword(user, goodPassword)).toBe(true);
  });

  const changes: Record<string, (steps: ResetSteps, userId: string, by: Rekey) => Promise<unknown>> = {
    "an administrator": async (steps, userId) => await steps.set(userId, "chosen by somebody else"),
    "the current password": async (steps, userId) =>
      await steps.change(userId, oldPassword, "a change of my own heart"),
  };
  test.each(Object.entries(changes))("is dead when the password is changed by %s", async (_name, change) => {
    const { user, steps, code } = await userWithCode();
    await change(steps, user.id, rekey);
    expect(await refusalFrom(steps.check(user.id, code))).toEqual({ reason: "code_used", matched: true });
    expect(await refusalFrom(steps.complete(user.id, code))).toEqual({ reason: "code_used", matched: true });
  });

  test("is dead when the password is changed by UpdateUser", async () => {
    const { realm, user, steps, code } = await userWithCode();
    await rekey.acts.manageUsers.update(rekey.call(realm), {
      userId: user.id,
      fields: {},
      password: { kind: "clear", password: "chosen by somebody else", changeRequired: false },
      policy: defaultPolicy,
    });
    expect(await refusalFrom(steps.complete(user.id, code))).toEqual({ reason: "code_used", matched: true });
  });

  test("is dead by the password's version even where the store has not heard of the change", async () => {
    const { realm, user, steps, code } = await userWithCode();
    const change = { hash: "unused", changeRequired: false, expectedVersion: user.passwordVersion, endSessions: false };
    await rekey.directory.changePassword({ realmId: realm.id, userId: user.id, now: rekey.clock.now(), ...change });
    expect(await refusalFrom(steps.check(user.id, code))).toEqual({ reason: "code_used", matched: true });
    expect(await refusalFrom(steps.complete(user.id, code))).toEqual({ reason: "code_used", matched: true });
  });

  test("survives a change of the user that is no change of the password", async () => {
    const { realm, user, steps, code } = await userWithCode();
    await rekey.acts.manageUsers.update(rekey.call(realm), {
      userId: user.id,
      fields: { displayName: "Ann Married" },
      policy: defaultPolicy,
    });
    await steps.complete(user.id, code);
    expect(await rekey.isPassword(user, goodPassword)).toBe(true);
  });

  test("that was revoked is dead", async () => {
    const { user, steps, code } = await userWithCode();
    await steps.revoke(user.id);
    expect(await refusalFrom(steps.complete(user.id, code))).toEqual({ reason: "code_used", matched: true });
    await steps.revoke(user.id);
  });

  test("of a deleted user is dead", async () => {
    const { realm, user, steps, code } = await userWithCode();
    await rekey.acts.manageUsers.delete(rekey.call(realm), user.id);
    expect(await refusalFrom(steps.complete(user.id, code))).toEqual({ reason: "code_used", matched: true });
  });

  test.each(["inactive", "locked"] as const)("works for a user who is %s, and leaves the state", async (state) => {
    const realm = rekey.realm();
    const user = await rekey.user(realm, { state });
    const steps = resetSteps(rekey, rekey.call(realm));
    await steps.complete(user.id, await steps.code(user.id));
    expect(await rekey.directory.find(realm.id, user.id)).toMatchObject({ state, passwordVersion: 1 });
  });

  test("waits for a user who is sent back to the initial state", async () => {
    const { realm, user, steps, code } = await userWithCode();
    const move = async (state: "initial" | "active") =>
      await rekey.acts.manageUsers.update(rekey.call(realm), {
        userId: user.id,
        fields: { state },
        policy: defaultPolicy,
      });
    await move("initial");
    expect(await refusalFrom(steps.check(user.id, code))).toEqual({ reason: "user_not_ready" });
    expect(await refusalFrom(steps.complete(user.id, code))).toEqual({ reason: "user_not_ready" });
    expect(await refusalFrom(steps.complete(user.id, "WRONG"))).toEqual({ reason: "code_wrong" });
    await move("active");
    await steps.complete(user.id, code);
  });

  test("can ask for another change at the next sign-in", async () => {
    const { realm, user, code } = await userWithCode();
    await rekey.acts.completeReset(rekey.call(realm), {
      userId: user.id,
      presented: code,
      password: goodPassword,
      changeRequired: true,
      dialect: native,
    });
    expect(await rekey.directory.find(realm.id, user.id)).toMatchObject({ password: { changeRequired: true } });
  });
});

describe("a failure on the way", () => {
  // Guard: ASVS 5.0 15.1.3.
  test("a full line of hashing gives the code back", async () => {
    const narrow = await openRekey({ waiting: 0 });
    try {
      const realm = narrow.realm();
      const user = await narrow.user(realm);
      const steps = resetSteps(narrow, narrow.call(realm));
      const code = await steps.code(user.id);
      // The one thread is at work for much longer than the act takes to get to it.
      const slowHash = `$pbkdf2-sha512$i=2000000$${"A".repeat(22)}$${"A".repeat(43)}`;
      const occupied = narrow.hasher.verify("any", slowHash);
      const refusal = await refusalFrom(steps.complete(user.id, code));
      expect(refusal).toMatchObject({ reason: "overloaded" });
      await occupied;
      await steps.complete(user.id, code);
    } finally {
      await narrow.close();
    }
  });

  // Guard: ASVS 5.0 2.3.3, 16.5.3.
  test("a directory that fails in the write gives the code back", async () => {
    const { user, steps, code } = await userWithCode();
    await whileWritesAre("refused", "UPDATE OF password_version ON directory_users", rekey.database, async () => {
      await expect(steps.complete(user.id, code)).rejects.toBeInstanceOf(Outage);
    });
    expect(await rekey.isPassword(user, oldPassword)).toBe(true);
    await steps.complete(user.id, code);
  });

  test("a store that fails after the write changes nothing: the password is set, the code is dead", async () => {
    const { user, steps, code } = await userWithCode();
    await whileWritesAre("refused", "INSERT ON accounts WHEN NEW.used = 1", rekey.database, async () => {
      await steps.complete(user.id, code);
    });
    expect(await rekey.isPassword(user, goodPassword)).toBe(true);
    // The claim nobody could finish runs out, and still the version forbids a second change.
    expect(await refusalFrom(steps.complete(user.id, code))).toEqual({ reason: "code_busy", retryAfterMs: claimLease });
    rekey.clock.pass(claimLease);
    expect(await refusalFrom(steps.complete(user.id, code, "a second password is none"))).toEqual({
      reason: "code_used",
      matched: true,
    });
    expect(await rekey.isPassword(user, goodPassword)).toBe(true);
  });

  test("a claimant that died gives the code back when its lease is over", async () => {
    const { user, steps, code } = await userWithCode();
    await whileWritesAre("refused", "UPDATE OF claim_id ON accounts", rekey.database, async () => {
      await whileWritesAre("refused", "UPDATE OF password_version ON directory_users", rekey.database, async () => {
        await expect(steps.complete(user.id, code)).rejects.toBeInstanceOf(Outage);
      });
    });
    rekey.clock.pass(claimLease - second);
    expect(await refusalFrom(steps.complete(user.id, code))).toEqual({ reason: "code_busy", retryAfterMs: second });
    rekey.clock.pass(second);
    await steps.complete(user.id, code);
  });
});
