// Who may call what, and on whose users? Every act with every permission, and from every realm.
// Guard: ASVS 5.0 8.2.1, 8.2.2, 8.4.1, 6.4.6.

import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { defaultPolicy } from "../../src/password/policy.ts";
import type { Call } from "../../src/reset/caller.ts";
import { type Permission, permissions } from "../../src/reset/permission.ts";
import { openRekey, type Rekey } from "../support/open-rekey.ts";
import { refusalFrom } from "../support/refusal-from.ts";
import { goodPassword, resetSteps } from "../support/reset-steps.ts";

let rekey: Rekey;
beforeAll(async () => {
  rekey = await openRekey();
});
afterAll(async () => await rekey.close());

const oldPassword = "the password of before";
const readyHash = `$argon2id$v=19$m=19456,t=2,p=1$${"A".repeat(22)}$${"A".repeat(43)}`;
const policy = defaultPolicy;

type Attempt = {
  /** Each of these inner lists is enough. */
  readonly needs: readonly (readonly Permission[])[];
  readonly run: (call: Call, user: { readonly id: string; readonly code: string }) => Promise<unknown>;
  /** What a caller hears of a user of another realm. */
  readonly abroad: string;
};

const profile = { userName: "new", displayName: "", preferredLanguage: "", state: "active" } as const;
const clear = { kind: "clear", password: goodPassword, changeRequired: false } as const;
const hash = { kind: "hash", hash: readyHash, changeRequired: false } as const;

const attempts: Readonly<Record<string, Attempt>> = {
  "have a link sent": {
    needs: [["password.send_link"]],
    run: async (call, { id }) => await resetSteps(rekey, call).send(id),
    abroad: "user_unknown",
  },
  "have a code returned": {
    needs: [["password.return_code"]],
    run: async (call, { id }) => await resetSteps(rekey, call).code(id),
    abroad: "user_unknown",
  },
  "check a code": {
    needs: [["password.set_with_code"]],
    run: async (call, { id, code }) => await resetSteps(rekey, call).check(id, code),
    abroad: "code_absent",
  },
  "set a password with a code": {
    needs: [["password.set_with_code"]],
    run: async (call, { id, code }) => await resetSteps(rekey, call).complete(id, code),
    abroad: "code_absent",
  },
  "set a password with the current one": {
    needs: [["password.set_with_current"]],
    run: async (call, { id }) => await resetSteps(rekey, call).change(id, oldPassword),
    abroad: "password_incorrect",
  },
  "set a password without a proof": {
    needs: [["password.set"]],
    run: async (call, { id }) => await resetSteps(rekey, call).set(id),
    abroad: "user_unknown",
  },
  "revoke codes": {
    needs: [["password.send_link"], ["password.return_code"]],
    run: async (call, { id }) => await resetSteps(rekey, call).revoke(id),
    abroad: "user_unknown",
  },
  "read a user": {
    needs: [["users.read"]],
    run: async (call, { id }) => await rekey.acts.manageUsers.get(call, id),
    abroad: "user_unknown",
  },
  "list users": {
    needs: [["users.read"]],
    run: async (call, { id }) => {
      const found = await rekey.acts.manageUsers.list(call, {}, { size: 200 });
      if (!found.some((user) => user.id === id)) throw new Error("not in the list");
    },
    abroad: "not in the list",
  },
  "create a user": {
    needs: [["users.write"]],
    run: async (call) => await rekey.acts.manageUsers.create(call, { profile, policy }),
    abroad: "done",
  },
  "create a user with a password": {
    needs: [["users.write", "password.set"]],
    run: async (call) => await rekey.acts.manageUsers.create(call, { profile, policy, password: clear }),
    abroad: "done",
  },
  "create a user with a hash": {
    needs: [["users.write", "password.import"]],
    run: async (call) => await rekey.acts.manageUsers.create(call, { profile, policy, password: hash }),
    abroad: "done",
  },
  "change a user": {
    needs: [["users.write"]],
    run: async (call, { id }) => await update(call, id),
    abroad: "user_unknown",
  },
  "change a user's password": {
    needs: [["users.write", "password.set"]],
    run: async (call, { id }) => await update(call, id, clear),
    abroad: "user_unknown",
  },
  "change a user's hash": {
    needs: [["users.write", "password.import"]],
    run: async (call, { id }) => await update(call, id, hash),
    abroad: "user_unknown",
  },
  "delete a user": {
    needs: [["users.write"]],
    run: async (call, { id }) => await rekey.acts.manageUsers.delete(call, id),
    abroad: "user_unknown",
  },
  "read the inbox": {
    needs: [["inbox.read"]],
    run: async (call, { id }) => {
      const found = (await rekey.acts.readInbox?.(call, { size: 200 })) ?? [];
      if (!found.some((message) => message.userId === id)) throw new Error("not in the list");
    },
    abroad: "not in the list",
  },
};

async function update(call: Call, userId: string, password?: typeof clear | typeof hash): Promise<void> {
  const fields = { displayName: "Somebody Else" };
  await rekey.acts.manageUsers.update(call, {
    userId,
    fields,
    policy,
    ...(password === undefined ? {} : { password }),
  });
}

/** A user with a password, a live code and a message, in a realm of its own. */
async function scene() {
  const realm = rekey.realm();
  const user = await rekey.user(realm, { password: oldPassword });
  const steps = resetSteps(rekey, rekey.call(realm));
  await steps.send(user.id);
  return { realm, user: { id: user.id, code: await steps.code(user.id) } };
}

describe.each(Object.entries(attempts))("to %s", (_name, { needs, run, abroad }) => {
  test("exactly the permissions that it names are needed", async () => {
    for (const enough of needs) {
      const { realm, user } = await scene();
      await run(rekey.call(realm, { permissions: enough }), user);
    }
    const { realm, user } = await scene();
    const before = await rekey.directory.find(realm.id, user.id);
    for (const one of permissions) {
      if (needs.some((enough) => enough.length === 1 && enough[0] === one)) continue;
      const refusal = await refusalFrom(run(rekey.call(realm, { permissions: [one] }), user));
      expect(refusal).toMatchObject({ reason: "permission_missing", hasAny: true });
    }
    const all = permissions.filter((permission) => !needs.some((enough) => enough.includes(permission)));
    expect(await refusalFrom(run(rekey.call(realm, { permissions: all }), user))).toMatchObject({
      reason: "permission_missing",
      permission: needs[0]?.[0],
    });
    expect(await refusalFrom(run(rekey.call(realm, { permissions: [] }), user))).toMatchObject({ hasAny: false });
    expect(await rekey.directory.find(realm.id, user.id)).toEqual(before);
  });

  test("a key of another realm is of no use", async () => {
    const { realm, user } = await scene();
    const before = await rekey.directory.find(realm.id, user.id);
    const stranger = rekey.call(rekey.realm());
    const end = await run(stranger, user).then(
      () => "done",
      (cause: Error) => cause.message,
    );
    expect(end).toBe(abroad);
    expect(await rekey.directory.find(realm.id, user.id)).toEqual(before);
    expect(await rekey.courier?.list({ realmId: stranger.caller.realm.id, size: 200 })).toEqual([]);
    await resetSteps(rekey, rekey.call(realm)).check(user.id, user.code);
  });
});
