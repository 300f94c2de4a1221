// Does a new password end the sessions of before? Whoever sets it, in the same write, if the realm wants it.
// Guard: ASVS 5.0 7.4.3.

import { afterAll, beforeAll, describe, expect, test } from "vitest";

import type { User } from "../../src/directory/directory.ts";
import { second } from "../../src/units.ts";
import { makeRealm, openRekey, type Rekey } from "../support/open-rekey.ts";
import { native, resetSteps } from "../support/reset-steps.ts";

let rekey: Rekey;
beforeAll(async () => {
  rekey = await openRekey();
});
afterAll(async () => await rekey.close());

const current = "a battery for the horse";

/** Each way to a new password. */
const ways = {
  "with a code": async (user: User, steps: ReturnType<typeof resetSteps>) =>
    await steps.complete(user.id, await steps.code(user.id)),
  "with the current one": async (user: User, steps: ReturnType<typeof resetSteps>) =>
    await steps.change(user.id, current),
  "with a permission": async (user: User, steps: ReturnType<typeof resetSteps>) => await steps.set(user.id),
};

async function changed(endSessions: boolean, way: (typeof ways)[keyof typeof ways]) {
  const realm = makeRealm({ endSessions });
  const user = await rekey.user(realm, { password: current });
  rekey.clock.pass(second);
  await way(user, resetSteps(rekey, rekey.call(realm)));
  return await rekey.directory.find(realm.id, user.id);
}

describe.each(Object.entries(ways))("a password set %s", (_, way) => {
  test("ends what was before it", async () => {
    const user = await changed(true, way);
    expect(user?.sessionsValidFrom).toBe(rekey.clock.now());
    expect(user?.password.changedAt).toBe(rekey.clock.now());
  });

  test("ends nothing where the realm does not want it", async () => {
    expect((await changed(false, way))?.sessionsValidFrom).toBeUndefined();
  });
});

test("a password that an administrator writes, in clear or as a hash, ends them too", async () => {
  const realm = makeRealm();
  const call = rekey.call(realm);
  const user = await rekey.user(realm, { password: current });
  const hash = (await rekey.directory.passwordHash(realm.id, user.id)) ?? "";
  for (const password of [
    { kind: "clear", password: "correct horse battery staple", changeRequired: false },
    { kind: "hash", hash, changeRequired: false },
  ] as const) {
    rekey.clock.pass(second);
    const update = { userId: user.id, fields: {}, password, policy: native.passwordPolicy };
    expect((await rekey.acts.manageUsers.update(call, update)).sessionsValidFrom).toBe(rekey.clock.now());
  }
});

test("what changes no password ends no session", async () => {
  const realm = makeRealm();
  const call = rekey.call(realm);
  const user = await rekey.user(realm);
  await resetSteps(rekey, call).code(user.id);
  const fields = { displayName: "Ann Other" };
  const policy = native.passwordPolicy;
  const updated = await rekey.acts.manageUsers.update(call, { userId: user.id, fields, policy });
  expect(updated.sessionsValidFrom).toBeUndefined();
});
