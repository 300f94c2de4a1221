// What does our own API refuse to read, and what does it say of it?
// Guard: ASVS 5.0 2.2.1, 15.3.3, 15.3.6, 15.3.7; Incident: C5, C21, C22.

import { once } from "node:events";
import http from "node:http";
import http2 from "node:http2";

import { afterAll, beforeAll, describe, expect, test } from "vitest";

import type { User } from "../../src/directory/directory.ts";
import type { Realm } from "../../src/reset/realm.ts";
import { openRekey, type Rekey } from "../support/open-rekey.ts";
import { goodPassword, resetSteps } from "../support/reset-steps.ts";

let rekey: Rekey;
let url: string;
let realm: Realm;
let user: User;
let key: string;
beforeAll(async () => {
  rekey = await openRekey();
  url = await rekey.listen();
  realm = rekey.realm();
  user = await rekey.user(realm);
  key = rekey.apiKey(realm);
});
afterAll(async () => await rekey.close());

type Told = { status: number; reason: unknown; fields: unknown; text: string; headers: Headers };

async function send(
  path: string,
  body: string,
  init: { method?: string; headers?: Record<string, string> } = {},
): Promise<Told> {
  const headers = { authorization: `Bearer ${key}`, "content-type": "application/json", ...init.headers };
  const method = init.method ?? "POST";
  const response = await fetch(url + path, { method, headers, ...(method === "GET" ? {} : { body }) });
  const text = await response.text();
  const { details } = JSON.parse(text) as { details?: unknown };
  // An answer that went well has details of another kind.
  const listed = Array.isArray(details)
    ? (details as { reason?: string; fieldViolations?: { field: string }[] }[])
    : [];
  const fields = listed.flatMap(({ fieldViolations = [] }) => fieldViolations.map(({ field }) => field));
  return { status: response.status, reason: listed[0]?.reason, fields, text, headers: response.headers };
}

const resetPath = () => `/v1/users/${user.id}/password_reset`;
const setPath = () => `/v1/users/${user.id}/password`;
const checkPath = () => `/v1/users/${user.id}/password_reset/check`;

describe("a broken rule names its field", () => {
  const newPassword = { password: goodPassword };
  test.each([
    ["no medium", "reset", {}, ["medium"]],
    ["an empty template", "reset", { sendLink: { urlTemplate: "" } }, ["send_link.url_template"]],
    [
      "a long template",
      "reset",
      { sendLink: { urlTemplate: `https://a/${"x".repeat(2000)}` } },
      ["send_link.url_template"],
    ],
    ["an unknown channel", "reset", { sendLink: { notificationType: 7 } }, ["send_link.notification_type"]],
    ["no password", "set", { verificationCode: "X" }, ["new_password"]],
    ["an empty password", "set", { newPassword: {} }, ["new_password.password"]],
    ["a huge password", "set", { newPassword: { password: "x".repeat(4097) } }, ["new_password.password"]],
    ["an empty code", "set", { newPassword, verificationCode: "" }, ["verification_code"]],
    ["a long code", "set", { newPassword, verificationCode: "x".repeat(201) }, ["verification_code"]],
    ["an empty current password", "set", { newPassword, currentPassword: "" }, ["current_password"]],
    ["two at once", "set", { newPassword: {}, verificationCode: "" }, ["new_password.password", "verification_code"]],
    ["no code to check", "check", {}, ["verification_code"]],
  ] as const)("%s", async (_name, call, body, fields) => {
    const path = { reset: resetPath, set: setPath, check: checkPath }[call]();
    const { status, reason, fields: told } = await send(path, JSON.stringify(body));
    expect({ status, reason, told }).toEqual({ status: 400, reason: "FIELD_INVALID", told: fields });
  });

  test("a user id that is too long", async () => {
    const { status, reason, fields } = await send(`/v1/users/${"x".repeat(201)}/password_reset`, '{"returnCode":{}}');
    expect({ status, reason, fields }).toEqual({ status: 400, reason: "FIELD_INVALID", fields: ["user_id"] });
  });
});

describe("a value of the wrong type is refused, and changes nothing", () => {
  const values = ["123456", "true", "{}", "[]", '["X"]', '{"$gt":""}', "1e9", '{"toString":"X"}'];
  const ways = { REST: setPath, Connect: () => "/rekey.v1.PasswordService/SetPassword" };

  test.each(Object.entries(ways).flatMap(([way, path]) => values.map((value) => [way, value, path] as const)))(
    "%s: a code %s",
    async (_way, value, path) => {
      const code = await resetSteps(rekey, rekey.call(realm)).code(user.id);
      const body = `{"userId":"${user.id}","newPassword":{"password":"${goodPassword}"},"verificationCode":${value}}`;
      expect((await send(path(), body)).status).toBe(400);
      await resetSteps(rekey, rekey.call(realm)).check(user.id, code);
    },
  );

  test.each(values)("a code to check: %s", async (value) => {
    const told = await send(checkPath(), `{"verificationCode":${value}}`);
    expect({ status: told.status, reason: told.reason, fields: told.fields }).toEqual({
      status: 400,
      reason: "FIELD_INVALID",
      fields: ["verification_code"],
    });
  });

  test.each(values)("a user id over Connect: %s", async (value) => {
    const told = await send("/rekey.v1.PasswordService/PasswordReset", `{"userId":${value},"returnCode":{}}`);
    expect(told.status).toBe(400);
  });

  test.each(values)("a password: %s", async (value) => {
    const told = await send(setPath(), `{"newPassword":{"password":${value}}}`);
    expect(told).toMatchObject({ status: 400, reason: "FIELD_INVALID", fields: ["new_password.password"] });
    // What was sent may be a password: it is not said again.
    if (value === "123456") expect(told.text).not.toContain(value);
  });

  // Incident: C5.
  test.each([
    '["a@example.org","b@example.org"]',
    '"a@example.org,b@example.org"',
    '"a@example.org\\r\\nbcc:b@example.org"',
  ])("an address: %s", async (value) => {
    const told = await send("/v1/users", `{"userName":"x","email":{"address":${value}}}`);
    expect(told).toMatchObject({ status: 400, reason: "FIELD_INVALID", fields: ["email.address"] });
  });

  test("null is nothing: no code to check, no user, no medium", async () => {
    expect(await send(checkPath(), '{"verificationCode":null}')).toMatchObject({ fields: ["verification_code"] });
    expect(await send(resetPath(), '{"returnCode":null}')).toMatchObject({ fields: ["medium"] });
    const path = "/rekey.v1.PasswordService/CheckCode";
    expect((await send(path, '{"userId":null,"verificationCode":"X"}')).status).toBe(400);
  });

  test("a proof that is null is no proof: a key that needs one is refused", async () => {
    const weak = rekey.apiKey(realm, ["password.set_with_code", "password.set_with_current"]);
    for (const proof of ["verificationCode", "currentPassword"]) {
      const told = await send(setPath(), `{"newPassword":{"password":"${goodPassword}"},"${proof}":null}`, {
        headers: { authorization: `Bearer ${weak}` },
      });
      expect(told).toMatchObject({ status: 403, reason: "PERMISSION_DENIED" });
    }
    expect(await rekey.isPassword(user, goodPassword)).toBe(false);
  });
});

describe("a body that says more than the message, or not clearly", () => {
  const set = `"newPassword":{"password":"${goodPassword}"}`;
  test.each([
    ["an unknown field", `{${set},"admin":true}`, "FIELD_INVALID"],
    ["an unknown field inside", `{"newPassword":{"password":"x","hash":"y"}}`, "FIELD_INVALID"],
    ["a misspelt field", `{${set},"verificationcode":"X"}`, "FIELD_INVALID"],
    ["two proofs", `{${set},"verificationCode":"X","currentPassword":"Y"}`, "FIELD_INVALID"],
    ["a field in both its names", `{${set},"verification_code":"X","verificationCode":"Y"}`, "FIELD_INVALID"],
    ["a name twice", `{${set},"verificationCode":"X","verificationCode":"Y"}`, "BODY_INVALID"],
    ["a prototype", `{${set},"__proto__":{"admin":true}}`, "BODY_INVALID"],
    ["a prototype inside", `{"newPassword":{"password":"x","__proto__":{}}}`, "BODY_INVALID"],
    ["no JSON", `{${set}`, "BODY_INVALID"],
    ["an array", `[{${set}}]`, "FIELD_INVALID"],
    ["a text", `"x"`, "FIELD_INVALID"],
  ])("%s", async (_name, body, reason) => {
    const told = await send(setPath(), body);
    expect({ status: told.status, reason: told.reason }).toEqual({ status: 400, reason });
    expect(told.text).not.toContain(goodPassword);
  });

  test.each(["?admin=true", "?verification_code=X", "?user_id=other"])(
    "a parameter %s beside the body",
    async (query) => {
      const told = await send(setPath() + query, `{${set}}`);
      expect(told).toMatchObject({ status: 400, reason: "FIELD_INVALID" });
    },
  );

  test.each([
    ["SetPassword", `{"userId":"nobody",${set},"admin":true}`],
    ["SetPassword", `{"userId":"nobody",${set},"verificationCode":"X","currentPassword":"Y"}`],
    ["PasswordReset", '{"userId":"nobody","medium":{"returnCode":{}}}'],
    ["PasswordReset", '{"userId":"nobody","sendLink":{"notificationType":"EMAIL"}}'],
  ])("%s over Connect: %s", async (method, body) => {
    expect((await send(`/rekey.v1.PasswordService/${method}`, body)).status).toBe(400);
  });

  // Guard: ASVS 5.0 3.5.1.
  test("a form of a web page is refused", async () => {
    for (const type of ["application/x-www-form-urlencoded", "text/plain", "multipart/form-data"]) {
      const told = await send(resetPath(), '{"returnCode":{}}', { headers: { "content-type": type } });
      expect(told.status).toBe(415);
    }
  });

  // Guard: ASVS 5.0 3.5.3, 4.1.4.
  test("a GET changes nothing", async () => {
    for (const path of [resetPath(), setPath(), "/rekey.v1.PasswordService/PasswordReset"]) {
      const response = await fetch(url + path, { headers: { authorization: `Bearer ${key}` } });
      expect(response.status).toBe(405);
    }
  });
});

describe("a key", () => {
  const body = '{"returnCode":{}}';
  test("that is missing or unknown is told so, with the scheme, before anything else is looked at", async () => {
    for (const authorization of [
      "Bearer rk_x",
      "Bearer ",
      "Basic dXNlcjpwYXNz",
      `Bearer ${key}x`,
      `Bearer ${key} ${key}`,
    ]) {
      const told = await send(resetPath(), "not even JSON", { headers: { authorization } });
      expect(told).toMatchObject({ status: 401, reason: "API_KEY_INVALID" });
      expect(told.headers.get("www-authenticate")).toBe("Bearer");
      expect(told.text).not.toContain("rk_x");
    }
    const response = await fetch(url + resetPath(), { method: "POST", body: "not even JSON" });
    expect(response.status).toBe(401);
    expect(await response.json()).toMatchObject({ details: [{ reason: "API_KEY_MISSING" }] });
  });

  test("is read from nowhere but the header", async () => {
    for (const path of [`${resetPath()}?authorization=Bearer%20${key}`, `${resetPath()}?access_token=${key}`]) {
      const headers = { "content-type": "application/json" };
      const response = await fetch(url + path, { method: "POST", headers, body });
      expect(response.status).toBe(401);
    }
  });

  test("is taken whatever the case of its scheme", async () => {
    expect((await send(resetPath(), body, { headers: { authorization: `bearer ${key}` } })).status).toBe(200);
  });
});

// Guard: ASVS 5.0 14.3.2, 16.5.1.
test("every answer names its request, and is kept by nobody", async () => {
  const given = await send(resetPath(), '{"returnCode":{}}', { headers: { "x-request-id": "my-own.id_1" } });
  expect(given.headers.get("x-request-id")).toBe("my-own.id_1");
  expect(given.headers.get("cache-control")).toBe("no-store");
  const forged = await send(resetPath(), "{}", { headers: { "x-request-id": "two words" } });
  expect(forged.headers.get("x-request-id")).toMatch(/^[0-9a-f-]{36}$/);
});

// Incident: C1 to C4.
test("no header of a request comes into a link", async () => {
  const hosts = { host: "evil.example", origin: "https://evil.example", referer: "https://evil.example/" };
  const forwarded = {
    "x-forwarded-host": "evil.example",
    "x-forwarded-proto": "http",
    "x-forwarded-port": "8080",
    "x-forwarded-prefix": "/evil",
    "x-forwarded-for": "203.0.113.9",
    "x-original-url": "/evil",
    forwarded: "host=evil.example;proto=http",
  };
  const links = new Set<string>();
  for (const headers of [{}, hosts, forwarded, { ...hosts, ...forwarded }]) {
    for (const status of [await sendHttp1(headers), await sendHttp2(headers)]) {
      expect(status).toBe(200);
      const [message] = (await rekey.courier?.list({ realmId: realm.id, size: 1 })) ?? [];
      links.add((message?.values.link ?? "").replace(message?.values.secret ?? "", "CODE"));
    }
  }
  expect([...links]).toEqual([`https://app.example.com/password?user=${user.id}&code=CODE`]);
});

const linkBody = '{"sendLink":{}}';

/** Clients of the standard library, because fetch has a host of its own. */
async function sendHttp1(headers: Record<string, string>): Promise<number | undefined> {
  const all = { authorization: `Bearer ${key}`, "content-type": "application/json", ...headers };
  const request = http.request(url + resetPath(), { method: "POST", headers: all }).end(linkBody);
  const [response] = (await once(request, "response")) as [http.IncomingMessage];
  await once(response.resume(), "end");
  return response.statusCode;
}

async function sendHttp2({ host, ...headers }: Record<string, string>): Promise<unknown> {
  const session = http2.connect(url);
  const stream = session.request({
    ":method": "POST",
    ":path": resetPath(),
    ...(host === undefined ? {} : { ":authority": host }),
    authorization: `Bearer ${key}`,
    "content-type": "application/json",
    ...headers,
  });
  stream.end(linkBody);
  const [answer] = (await once(stream, "response")) as [http2.IncomingHttpHeaders];
  await once(stream.resume(), "end");
  session.close();
  return answer[":status"];
}
