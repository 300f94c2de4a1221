// What can a stranger learn of who has an account? Nothing: the bytes are the same.
// Guard: ASVS 5.0 6.3.8; Incident: C9.

import { afterAll, beforeAll, describe, expect, test } from "vitest";

import type { Realm } from "../../src/reset/realm.ts";
import { openRekey, type Rekey } from "../support/open-rekey.ts";
import { resetSteps } from "../support/reset-steps.ts";

let rekey: Rekey;
let url: string;
beforeAll(async () => {
  rekey = await openRekey();
  url = await rekey.listen();
});
afterAll(async () => await rekey.close());

const newPassword = { password: "correct horse battery staple" };

/** Users in every state of affairs that a stranger must not tell apart. */
async function everybody(realm: Realm): Promise<Record<string, string>> {
  const steps = resetSteps(rekey, rekey.call(realm));
  const ids: Record<string, string> = { "who does not exist": "nobody" };
  const user = async (name: string, changes: Parameters<Rekey["user"]>[1] = {}) => {
    const { id } = await rekey.user(realm, { displayName: "Bartholomew Featherstone", ...changes });
    ids[name] = id;
    return id;
  };
  await user("without a code");
  await user("without a password", {});
  await user("not set up", { state: "initial", password: "the password of before" });
  await user("locked", { state: "locked", password: "the password of before" });
  await steps.code(await user("with a live code", { password: "the password of before" }));
  const used = await user("with a used code");
  await steps.complete(used, await steps.code(used));
  const revoked = await user("with a revoked code");
  await steps.code(revoked);
  await steps.revoke(revoked);
  const exhausted = await user("with a code that was tried too often");
  await steps.code(exhausted);
  for (let i = 0; i < 6; i += 1) await steps.check(exhausted, "00000000").catch(() => undefined);
  return ids;
}

/** The whole answer as it is on the wire, without what is new in every answer. */
async function answer(key: string, path: string, body: object): Promise<string> {
  const headers = { authorization: `Bearer ${key}`, "content-type": "application/json", "x-request-id": "same" };
  const response = await fetch(url + path, { method: "POST", headers, body: JSON.stringify(body) });
  const heads = [...response.headers].filter(([name]) => name !== "date").map((header) => header.join(": "));
  return [response.status, ...heads.toSorted(), await response.text()].join("\n");
}

const questions: Record<string, (id: string) => readonly [path: string, body: object]> = {
  "a wrong code": (id) => [`/v1/users/${id}/password`, { newPassword, verificationCode: "00000000" }],
  "a wrong token": (id) => [`/v1/users/${id}/password`, { newPassword, verificationCode: "x".repeat(43) }],
  "a wrong code and a password that is somebody's name": (id) => [
    `/v1/users/${id}/password`,
    { newPassword: { password: "featherstone-1234" }, verificationCode: "00000000" },
  ],
  "a wrong code and a weak password": (id) => [
    `/v1/users/${id}/password`,
    { newPassword: { password: "weak" }, verificationCode: "00000000" },
  ],
  "a check of a wrong code": (id) => [`/v1/users/${id}/password_reset/check`, { verificationCode: "00000000" }],
  "a wrong current password": (id) => [`/v1/users/${id}/password`, { newPassword, currentPassword: "wrong" }],
  "a wrong current password and one that is somebody's name": (id) => [
    `/v1/users/${id}/password`,
    { newPassword: { password: "featherstone-1234" }, currentPassword: "wrong" },
  ],
};

describe.each(Object.entries(questions))("%s", (_name, question) => {
  test("is answered in the same bytes, whoever is asked about", async () => {
    const realm = rekey.realm();
    const key = rekey.apiKey(realm, ["password.set_with_code", "password.set_with_current"]);
    const ids = await everybody(realm);
    const answers: Record<string, string> = {};
    for (const [who, id] of Object.entries(ids)) answers[who] = await answer(key, ...question(id));
    const expected = answers["who does not exist"];
    expect(expected).toMatch(/^400\n/);
    expect(answers).toEqual(Object.fromEntries(Object.keys(ids).map((who) => [who, expected])));
    // The connect protocol writes another form of the same.
    expect(new Set(Object.values(answers)).size).toBe(1);
  });

  test("is answered the same with a key of another realm", async () => {
    const realm = rekey.realm();
    const ids = await everybody(realm);
    const stranger = rekey.apiKey(rekey.realm(), ["password.set_with_code", "password.set_with_current"]);
    const answers = await Promise.all(Object.values(ids).map(async (id) => await answer(stranger, ...question(id))));
    expect(new Set(answers).size).toBe(1);
  });
});
