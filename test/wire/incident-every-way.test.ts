// Is there a way in that forgot the cap on guesses? Wrong codes are tried through each of them, and then the right one
// through all. Guard: ASVS 5.0 6.6.3; Incident: C11, C12.

import { afterAll, beforeAll, describe, expect, test } from "vitest";

import type { User } from "../../src/directory/directory.ts";
import { askJson, newestMessage } from "../support/ask-recovery.ts";
import { makeRealm, openRekey, type Rekey } from "../support/open-rekey.ts";

const realm = makeRealm({ recovery: { hosts: [], link: "https://app.example.com/recover#token={{.Token}}" } });
const passwords = {
  before: "The password 0f before!",
  after: "Correct horse battery 1!",
  last: "The very last one 2!",
};

let rekey: Rekey;
let url: string;
let key: string;
beforeAll(async () => {
  rekey = await openRekey({ realms: [realm] });
  url = await rekey.listen();
  key = rekey.apiKey(realm);
});
afterAll(async () => await rekey.close());

type Asked = { readonly user: User; readonly recoveryId: unknown };

async function send(path: string, body: object): Promise<{ readonly isDone: boolean }> {
  const headers = { authorization: `Bearer ${key}`, "content-type": "application/json" };
  const answer = await fetch(url + path, { method: "POST", headers, body: JSON.stringify(body) });
  await answer.arrayBuffer();
  return { isDone: answer.ok };
}

const newPassword = { password: passwords.after };

/** Every call that takes a typed code. */
const ways: Readonly<Record<string, (asked: Asked, verificationCode: string) => Promise<{ isDone: boolean }>>> = {
  "CheckCode over REST": async ({ user }, verificationCode) =>
    await send(`/v1/users/${user.id}/password_reset/check`, { verificationCode }),
  "SetPassword over REST": async ({ user }, verificationCode) =>
    await send(`/v1/users/${user.id}/password`, { newPassword, verificationCode }),
  "SetPassword over Connect": async ({ user: { id: userId } }, verificationCode) =>
    await send("/rekey.v1.PasswordService/SetPassword", { userId, newPassword, verificationCode }),
  "Zitadel's SetPassword": async ({ user }, verificationCode) =>
    await send(`/v2/users/${user.id}/password`, { newPassword, verificationCode }),
  "Zitadel's SetPassword over Connect": async ({ user: { id: userId } }, verificationCode) =>
    await send("/zitadel.user.v2.UserService/SetPassword", { userId, newPassword, verificationCode }),
  CheckRecovery: async ({ recoveryId }, verificationCode) =>
    await send("/v1/recovery/check", { proof: { code: { recoveryId, verificationCode } } }),
  CompleteRecovery: async ({ recoveryId }, verificationCode) =>
    await send("/v1/recovery/complete", { proof: { code: { recoveryId, verificationCode } }, newPassword }),
};

async function asked(): Promise<Asked & { readonly code: string; readonly token: string }> {
  const user = await rekey.user(realm, { password: passwords.before });
  const { recoveryId } = await askJson(url, "start", { realmId: realm.id, identifier: user.userName });
  return { user, recoveryId, ...(await newestMessage(rekey, user)) };
}

const otherThan = (code: string): string => (code.startsWith("0") ? "1" : "0") + code.slice(1);

describe.each(Object.entries(ways))("%s", (_name, guess) => {
  test("takes the right code, so what follows says something", async () => {
    const person = await asked();
    expect(await guess(person, person.code)).toEqual({ isDone: true });
  });

  test("after five wrong codes the right one is dead on every way; the password and the link go on working", async () => {
    const person = await asked();
    for (let tries = 0; tries < realm.shapes.code.maxTries; tries += 1) {
      expect(await guess(person, otherThan(person.code))).toEqual({ isDone: false });
    }
    for (const [name, way] of Object.entries(ways)) {
      expect([name, await way(person, person.code)]).toEqual([name, { isDone: false }]);
    }
    expect(await rekey.isPassword(person.user, passwords.before)).toBe(true);
    const complete = { proof: { token: person.token }, newPassword: { password: passwords.last } };
    expect((await askJson(url, "complete", complete)).reason).toBeUndefined();
    expect(await rekey.isPassword(person.user, passwords.last)).toBe(true);
  });
});
