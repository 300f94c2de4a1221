// What do the vendor's password calls answer when they go well, how is their JSON read, and in which order do they check?
// Vendor: Zitadel v2, contract of the newest version.

import { createClient } from "@connectrpc/connect";
import { createGrpcTransport, createGrpcWebTransport } from "@connectrpc/connect-node";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";

import { type NotificationType, UserService } from "../../gen/zitadel/user/v2/user_service_pb.ts";
import type { User } from "../../src/directory/directory.ts";
import type { Realm } from "../../src/reset/realm.ts";
import { openRekey, type Rekey } from "../support/open-rekey.ts";

const oldPassword = "Once my 1st Password!";
const password = "Now my 2nd Password!";

let rekey: Rekey;
let url: string;
beforeAll(async () => {
  rekey = await openRekey();
  url = await rekey.listen();
});
afterAll(async () => await rekey.close());

let realm: Realm;
let user: User;
let key: string;
beforeEach(async () => {
  realm = rekey.realm();
  user = await rekey.user(realm, { password: oldPassword });
  key = rekey.apiKey(realm);
});

type Answer = { readonly status: number; readonly text: string; readonly body: Record<string, unknown> };

async function post(path: string, body: unknown, headers: Record<string, string> = {}): Promise<Answer> {
  const all = { authorization: `Bearer ${key}`, "content-type": "application/json", ...headers };
  const text = typeof body === "string" ? body : JSON.stringify(body);
  const response = await fetch(url + path, { method: "POST", headers: all, body: text });
  const answer = await response.text();
  return { status: response.status, text: answer, body: JSON.parse(answer) as Record<string, unknown> };
}

const resetPath = (userId = user.id) => `/v2/users/${userId}/password_reset`;
const setPath = (userId = user.id) => `/v2/users/${userId}/password`;
const rpcPath = (method: string) => `/zitadel.user.v2.UserService/${method}`;
const idOf = (answer: Answer) => (answer.body["details"] as { id?: string }[] | undefined)?.[0]?.id;
const messages = async () => (await rekey.courier?.list({ realmId: realm.id, size: 100 })) ?? [];

async function code(): Promise<string> {
  const { body } = await post(resetPath(), { returnCode: {} });
  return body["verificationCode"] as string;
}

describe("PasswordReset", () => {
  test("returns a code of six capitals and digits, with details, and sends nothing", async () => {
    const { status, text, body } = await post(resetPath(), { returnCode: {} });
    expect(status).toBe(200);
    const now = new Date(rekey.clock.now()).toISOString().replace(".000Z", "Z");
    expect(text).toBe(
      `{"details":{"sequence":"${sequenceIn(body)}","changeDate":"${now}","resourceOwner":"acme"},` +
        `"verificationCode":"${String(body["verificationCode"])}"}`,
    );
    expect(body["verificationCode"]).toMatch(/^[A-Z0-9]{6}$/);
    expect(await messages()).toEqual([]);
  });

  test.each([
    ["no medium", {}],
    ["nothing at all", ""],
    ["a link", { sendLink: {} }],
    ["a link by mail", { sendLink: { notificationType: "NOTIFICATION_TYPE_Email" } }],
    ["a link by nothing in particular", { sendLink: { notificationType: "NOTIFICATION_TYPE_Unspecified" } }],
    ["a link by a number of the enum", { sendLink: { notificationType: 1 } }],
    ["a link by an unknown number", { sendLink: { notificationType: 7 } }],
    ["a link by an enum name in the wrong case", { sendLink: { notificationType: "NOTIFICATION_TYPE_EMAIL" } }],
    ["a text message in the wrong case", { sendLink: { notificationType: "NOTIFICATION_TYPE_sms" } }],
    ["a medium in the wrong nesting", { medium: { returnCode: {} } }],
    ["an unknown field", { anything: { at: ["all"] } }],
    ["a medium that is null", { returnCode: null }],
  ])("with %s sends the default mail, and answers details only", async (_name, request) => {
    for (const answer of [
      await post(resetPath(), request),
      await post(
        rpcPath("PasswordReset"),
        request === "" ? { userId: user.id } : { userId: user.id, ...(request as object) },
      ),
    ]) {
      expect(answer.status).toBe(200);
      expect(Object.keys(answer.body)).toEqual(["details"]);
    }
    const sent = { channel: "email", recipient: `${user.id}@example.org` };
    expect(await messages()).toMatchObject([sent, sent]);
  });

  test.each(["NOTIFICATION_TYPE_SMS", 2])("with the type %s sends a text message", async (notificationType) => {
    expect((await post(resetPath(), { sendLink: { notificationType } })).status).toBe(200);
    expect(await messages()).toMatchObject([{ channel: "sms", recipient: "+15555550123" }]);
  });

  test("fills in the template that it is given", async () => {
    const urlTemplate = "https://app.example.com/{{ .UserID }}/{{.OrgID}}?c={{.Code}}";
    expect((await post(resetPath(), { sendLink: { urlTemplate } })).status).toBe(200);
    const [message] = await messages();
    expect(message?.values.code).toMatch(/^[A-Z0-9]{6}$/);
    expect(message?.values.link).toBe(`https://app.example.com/${user.id}/acme?c=${message?.values.code}`);
    expect((await post(setPath(), { newPassword: { password }, verificationCode: message?.values.code })).status).toBe(
      200,
    );
  });

  test.each(["locked", "inactive"] as const)("works for a user who is %s", async (state) => {
    user = await rekey.user(realm, { state });
    const verificationCode = await code();
    expect((await post(setPath(), { newPassword: { password }, verificationCode })).status).toBe(200);
    expect((await rekey.directory.find(realm.id, user.id))?.state).toBe(state);
  });

  test.each([
    ["gRPC", createGrpcTransport],
    ["gRPC-Web", createGrpcWebTransport],
  ] as const)("is the same over %s, an unknown number of the enum included", async (_name, transport) => {
    const client = createClient(UserService, transport({ baseUrl: url, httpVersion: "2" }));
    const headers = { authorization: `Bearer ${key}` };
    const returned = await client.passwordReset(
      { userId: user.id, medium: { case: "returnCode", value: {} } },
      { headers },
    );
    expect(returned.verificationCode).toMatch(/^[A-Z0-9]{6}$/);
    expect(returned.details).toMatchObject({ resourceOwner: "acme" });
    expect(returned.details?.creationDate).toBeUndefined();
    const medium = { case: "sendLink" as const, value: { notificationType: 7 as NotificationType } };
    const sent = await client.passwordReset({ userId: user.id, medium }, { headers });
    expect(sent.verificationCode).toBeUndefined();
    expect(sent.details?.sequence).toBeGreaterThan(returned.details?.sequence ?? 0n);
    expect(await messages()).toMatchObject([{ channel: "email" }]);
  });
});

describe("SetPassword", () => {
  const proofs: Record<string, () => Promise<object>> = {
    "a code": async () => ({ verificationCode: await code() }),
    "the current password": async () => ({ currentPassword: oldPassword }),
    "the key's permission": async () => ({}),
  };
  test.each(Object.entries(proofs))("by %s answers details, and sets", async (_name, proof) => {
    const answer = await post(setPath(), { newPassword: { password, changeRequired: true }, ...(await proof()) });
    const now = new Date(rekey.clock.now()).toISOString().replace(".000Z", "Z");
    const details = `{"sequence":"${sequenceIn(answer.body)}","changeDate":"${now}","resourceOwner":"acme"}`;
    expect([answer.status, answer.text]).toEqual([200, `{"details":${details}}`]);
    expect(await rekey.isPassword(user, password)).toBe(true);
    // Vendor: honoured on all three ways.
    expect(await rekey.directory.find(realm.id, user.id)).toMatchObject({ password: { changeRequired: true } });
  });

  test("by code or permission takes the same password again", async () => {
    const verificationCode = await code();
    const newPassword = { password: oldPassword };
    expect((await post(setPath(), { newPassword, verificationCode })).status).toBe(200);
    expect((await post(setPath(), { newPassword })).status).toBe(200);
  });
});

function sequenceIn(body: Record<string, unknown>): string {
  const { sequence } = body["details"] as { sequence: unknown };
  // A 64-bit number is text in JSON.
  if (typeof sequence !== "string" || !/^[1-9]\d*$/.test(sequence)) throw new Error("not a sequence");
  return sequence;
}

describe("the JSON", () => {
  test("is read in both spellings", async () => {
    const { body } = await post(resetPath(), { return_code: {} });
    const verification_code = body["verificationCode"];
    const answer = await post(setPath(), { new_password: { password, change_required: true }, verification_code });
    expect(answer.status).toBe(200);
    expect(await rekey.directory.find(realm.id, user.id)).toMatchObject({ password: { changeRequired: true } });
    expect((await post(rpcPath("PasswordReset"), { user_id: user.id, return_code: {} })).status).toBe(200);
  });

  test("is read whatever its content type says", async () => {
    for (const type of ["text/plain", "application/octet-stream", "application/json; charset=utf-8"]) {
      expect((await post(resetPath(), { returnCode: {} }, { "content-type": type })).body).toHaveProperty(
        "verificationCode",
      );
    }
  });

  test("has no say in whose password it is: the path has", async () => {
    const other = await rekey.user(realm);
    const { body } = await post(resetPath(), { userId: other.id, returnCode: {} });
    const verificationCode = body["verificationCode"];
    const answer = await post(setPath(), { user_id: other.id, newPassword: { password }, verificationCode });
    expect(answer.status).toBe(200);
    expect(await rekey.isPassword(user, password)).toBe(true);
    expect((await rekey.directory.find(realm.id, other.id))?.passwordVersion).toBe(0);
  });

  test("with both members of a oneof is refused by the parser, without an id", async () => {
    const both = { returnCode: {}, sendLink: {} };
    for (const answer of [
      await post(resetPath(), both),
      await post(rpcPath("PasswordReset"), { userId: user.id, ...both }),
    ]) {
      expect(answer.status).toBe(400);
      expect(answer.body["code"]).toSatisfy((value) => value === 3 || value === "invalid_argument");
      expect(answer.body).not.toHaveProperty("details");
    }
    const proofs = { newPassword: { password }, verificationCode: "X", currentPassword: "Y" };
    expect((await post(setPath(), proofs)).body).not.toHaveProperty("details");
    expect(await rekey.isPassword(user, oldPassword)).toBe(true);
  });

  // Incident: C21.
  test.each(["1", "true", "{}", "[]", '["X"]', '{"$gt":""}'])(
    "of another type is refused: a code %s",
    async (value) => {
      const body = `{"userId":"${user.id}","newPassword":{"password":"${password}"},"verificationCode":${value}}`;
      for (const path of [setPath(), rpcPath("SetPassword")]) expect((await post(path, body)).status).toBe(400);
      expect(await rekey.isPassword(user, oldPassword)).toBe(true);
    },
  );

  test.each(["__proto__", "constructor", "toString"])("with a field called %s changes nothing", async (name) => {
    const body = `{"newPassword":{"password":"${password}"},"verificationCode":"X","${name}":{"currentPassword":"${oldPassword}"}}`;
    expect((await post(setPath(), body)).status).toBe(400);
    expect(await rekey.isPassword(user, oldPassword)).toBe(true);
  });
});

describe("what is not served", () => {
  test("another verb is 405, with the vendor's code", async () => {
    for (const method of ["GET", "PUT", "DELETE"]) {
      const response = await fetch(url + setPath(), { method, headers: { authorization: `Bearer ${key}` } });
      expect(response.status).toBe(405);
      expect(await response.json()).toMatchObject({ code: 12 });
    }
  });

  test("another path is 404, with the vendor's code", async () => {
    expect(await post("/v2/organizations/_search", {})).toMatchObject({ status: 404, body: { code: 5 } });
  });

  test("another method of the service is unimplemented", async () => {
    expect(await post(rpcPath("VerifyEmail"), {})).toMatchObject({ status: 404, body: { code: "unimplemented" } });
  });
});

describe("the organization header", () => {
  test("may be absent, empty, or name an organization of the realm", async () => {
    for (const organization of ["", "acme", "branch"]) {
      const answer = await post(resetPath(), { returnCode: {} }, { "x-zitadel-orgid": organization });
      expect(answer.status).toBe(200);
    }
  });

  test("does not change whose password it is", async () => {
    const answer = await post(resetPath(), { returnCode: {} }, { "x-zitadel-orgid": "branch" });
    expect(answer.body["details"]).toMatchObject({ resourceOwner: "acme" });
  });

  test("opens no other realm", async () => {
    const elsewhere = rekey.realm({ organizations: ["elsewhere"] });
    const stranger = await rekey.user(elsewhere);
    expect(idOf(await post(resetPath(stranger.id), {}, { "x-zitadel-orgid": "elsewhere" }))).toBe("AUTH-Bs7Ds");
    expect(idOf(await post(resetPath(stranger.id), {}))).toBe("COMMAND-SAF4f");
    expect(idOf(await post(setPath(stranger.id), { newPassword: { password } }))).toBe("COMMAND-G8dh3");
  });
});

describe("the order of checks", () => {
  const broken = { newPassword: { password: "" }, verificationCode: "" };
  const weak = { password: "weak" };

  test("the token and the organization come before the fields", async () => {
    expect(idOf(await post(setPath(), broken, { authorization: "Bearer unknown" }))).toBe("AUTH-7fs1e");
    expect(idOf(await post(setPath(), "no JSON", { authorization: "Bearer unknown" }))).toBe("AUTH-7fs1e");
    expect(idOf(await post(setPath(), broken, { "x-zitadel-orgid": "moon" }))).toBe("AUTH-Bs7Ds");
  });

  test("the fields come before the permission, the user and everything else", async () => {
    key = rekey.apiKey(realm, []);
    const answer = await post(setPath("nobody"), broken);
    expect([answer.status, idOf(answer)]).toEqual([400, undefined]);
  });

  test("an absent new password comes before the user and the proof", async () => {
    expect(idOf(await post(setPath("nobody"), { verificationCode: "WRONG1" }))).toBe("COMMAND-Mf0sd");
    expect(idOf(await post(setPath("nobody"), { currentPassword: "wrong" }))).toBe("COMMAND-3M0fs");
  });

  test("the template comes before the user, and the user before its state", async () => {
    const urlTemplate = "https://app.example.com/{{.Nothing}}";
    expect(idOf(await post(resetPath("nobody"), { sendLink: { urlTemplate } }))).toBe("DOMAIN-ieYa7");
    const initial = await rekey.user(realm, { state: "initial" });
    const request = { newPassword: weak, verificationCode: "WRONG1" };
    expect(idOf(await post(setPath("nobody"), request))).toBe("COMMAND-G8dh3");
    expect(idOf(await post(setPath(initial.id), request))).toBe("COMMAND-M9dse");
    expect(idOf(await post(setPath("nobody"), { newPassword: weak, currentPassword: "wrong" }))).toBe("COMMAND-G8dh3");
    expect(idOf(await post(setPath(initial.id), { newPassword: weak }))).toBe("COMMAND-M9dse");
  });

  test("a wrong code or current password hides a weak password", async () => {
    await code();
    expect(idOf(await post(setPath(), { newPassword: weak, verificationCode: "!!!!!!" }))).toBe("CODE-woT0xc");
    expect(idOf(await post(setPath(), { newPassword: weak, currentPassword: "wrong" }))).toBe("COMMAND-3M0fs");
    expect(idOf(await post(setPath(), { newPassword: weak }))).toBe("DOMAIN-HuJf6");
  });

  test("a weak password with the right code does not use it up", async () => {
    const verificationCode = await code();
    for (let i = 0; i < 10; i += 1) {
      expect(idOf(await post(setPath(), { newPassword: weak, verificationCode }))).toBe("DOMAIN-HuJf6");
    }
    expect((await post(setPath(), { newPassword: { password }, verificationCode })).status).toBe(200);
  });
});
