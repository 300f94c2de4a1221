// What does the Keygen edge say of a request before it is done? Media types, bodies, headers, accounts: row by row.

import { once } from "node:events";
import { connect } from "node:http2";

import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { makeRealm, openRekey, type Rekey } from "../support/open-rekey.ts";
import { accountId, isSigned, keygenCall, keygenKeys, keygenRaw, keygenSetting } from "../support/keygen-account.ts";

const keys = keygenKeys();
const realm = { ...makeRealm(), keygen: keygenSetting(keys, { hosts: ["licenses.example.com"] }) };
const path = `/v1/accounts/${accountId}/passwords`;
const asked = { meta: { email: "nobody@example.org" } };

let rekey: Rekey;
let url: string;
beforeAll(async () => {
  rekey = await openRekey({ realms: [realm] });
  url = await rekey.listen();
});
afterAll(async () => await rekey.close());

describe("media types", () => {
  test.each([
    "*/*",
    "*",
    "application/vnd.api+json",
    "application/vnd.keygen+json",
    "application/json",
    "application/octet-stream",
    "text/html, application/json;q=0.5",
  ])("Accept %s is taken", async (accept) => {
    expect((await keygenCall(url, path, asked, { Accept: accept })).status).toBe(202);
  });

  test("no Accept at all is taken", async () => {
    const headers = { "content-type": "application/json" };
    expect((await keygenRaw(url, path, { body: JSON.stringify(asked), headers })).status).toBe(202);
  });

  test.each(["text/html", "application/xml, image/*"])("Accept %s is not", async (accept) => {
    const { status, headers, body } = await keygenCall(url, path, asked, { Accept: accept });
    expect([status, body]).toEqual([
      400,
      { errors: [{ title: "Bad request", detail: expect.any(String) as string, code: "MIME_TYPE_INVALID" }] },
    ]);
    expect(headers.get("keygen-signature")).toBeNull();
  });

  test.each([
    "application/vnd.api+json",
    "application/vnd.api+json; charset=utf-8",
    "application/json; charset=utf-8",
    "application/x-www-form-urlencoded",
    "multipart/form-data; boundary=x",
    "text/plain;charset=UTF-8",
  ])("a body that is called %s is read as JSON", async (type) => {
    expect((await keygenCall(url, path, asked, { "Content-Type": type })).status).toBe(202);
  });

  test("a body without a type is read as JSON", async () => {
    expect((await keygenRaw(url, path, { body: JSON.stringify(asked) })).status).toBe(202);
  });

  test("a body of another type is not looked at", async () => {
    const { status, body } = await keygenCall(url, path, asked, { "Content-Type": "application/xml" });
    expect([status, body.errors]).toEqual([
      400,
      [{ title: "Bad request", detail: "is missing", source: { pointer: "/meta" } }],
    ]);
  });

  test.each([
    ["application/vnd.api+json", "application/vnd.api+json; charset=utf-8"],
    ["*/*", "application/vnd.api+json; charset=utf-8"],
    ["application/json, application/vnd.api+json", "application/vnd.api+json; charset=utf-8"],
    ["application/json", "application/json; charset=utf-8"],
  ])("who accepts %s gets errors as %s", async (accept, type) => {
    const { headers } = await keygenCall(url, path, {}, { Accept: accept });
    expect(headers.get("content-type")).toBe(type);
  });

  test.each([
    ["malformed JSON", "{", "JSON_INVALID"],
    ["bad UTF-8", new Uint8Array([0x7b, 0xff, 0x7d]), "ENCODING_INVALID"],
    ["a NUL byte", '{"meta":{"email":"\0"}}', "ENCODING_INVALID"],
  ])("%s is refused before the account is looked for, without meta", async (_, bytes, code) => {
    for (const at of [path, "/v1/accounts/unknown/passwords"]) {
      const { status, headers, body } = await keygenCall(url, at, bytes);
      expect([status, Object.keys(body), body.errors?.[0]?.code]).toEqual([400, ["errors"], code]);
      expect(headers.get("keygen-version")).toBeNull();
    }
  });

  test.each(["GET", "PUT", "PATCH", "DELETE"])("%s is no such path, and not a wrong method", async (method) => {
    const { status, body } = await keygenRaw(url, path, { method });
    expect([status, Object.keys(body), body.errors?.[0]?.code]).toEqual([404, ["errors"], "NOT_FOUND"]);
  });

  test("a trailing slash is passed over", async () => {
    expect((await keygenCall(url, `${path}/`, asked)).status).toBe(202);
  });
});

describe("bodies", () => {
  const missing = "is missing";
  const type = (received: string, expected: string) => `type mismatch (received ${received} expected ${expected})`;
  test.each<[string, unknown, string, string]>([
    ["nothing", "", missing, "/meta"],
    ["an empty object", {}, missing, "/meta"],
    ["an empty meta", { meta: {} }, missing, "/meta/email"],
    // Vendor: what the documentation's curl sends.
    ["only deliver", { meta: { deliver: false } }, missing, "/meta/email"],
    ["meta null", { meta: null }, "cannot be null", "/meta"],
    ["meta an array", { meta: [] }, type("array", "object"), "/meta"],
    ["meta a text", { meta: "x" }, type("string", "object"), "/meta"],
    ["email null", { meta: { email: null } }, "cannot be null", "/meta/email"],
    ["email empty", { meta: { email: "" } }, "cannot be blank", "/meta/email"],
    ["email of spaces", { meta: { email: "  " } }, "cannot be blank", "/meta/email"],
    ["email a number", { meta: { email: 1 } }, type("integer", "string"), "/meta/email"],
    ["email a fraction", { meta: { email: 1.5 } }, type("float", "string"), "/meta/email"],
    ["email an array", { meta: { email: [] } }, type("array", "string"), "/meta/email"],
    ["email an object", { meta: { email: {} } }, type("object", "string"), "/meta/email"],
    ["deliver a text", { meta: { email: "a", deliver: "false" } }, type("string", "boolean"), "/meta/deliver"],
    ["deliver a number", { meta: { email: "a", deliver: 0 } }, type("integer", "boolean"), "/meta/deliver"],
    ["deliver before email", { meta: { deliver: 0 } }, type("integer", "boolean"), "/meta/deliver"],
    ["a foreign member", { meta: { email: 1, fooBar: 1 } }, "unpermitted parameter", "/meta/fooBar"],
    ["a foreign member in snake case", { meta: { foo_bar: 1 } }, "unpermitted parameter", "/meta/fooBar"],
    ["data beside", { data: {}, meta: null }, "unpermitted parameter", "/data"],
    ["an array", [], "unpermitted parameter", "/data"],
    ["a text", '"x"', "unpermitted parameter", "/data"],
  ])("%s", async (_, sent, detail, pointer) => {
    const { status, headers, body } = await keygenCall(url, path, sent);
    expect(status).toBe(400);
    expect(body).toEqual({
      meta: { id: headers.get("x-request-id") },
      errors: [{ title: "Bad request", detail, source: { pointer } }],
    });
  });

  test.each([
    { Meta: { Email: "a@example.org" } },
    { meta: { EMAIL: "a@example.org", Deliver: true } },
    { meta: { email: " a@example.org " } },
    { meta: { email: "a@example.org", deliver: null } },
    { meta: { email: "no address" } },
  ])("%j is taken", async (sent) => {
    expect((await keygenCall(url, path, sent)).status).toBe(202);
  });

  test("members of tokens and passwords go by any spelling, and tokens are told before passwords", async () => {
    const at = `/v1/accounts/${accountId}/users/nobody@example.org/actions/reset-password`;
    const spelled = await keygenCall(url, at, { meta: { password_reset_token: "x", "new-password": "abcdefgh" } });
    expect(spelled.status).toBe(404);
    const pointerOf = async (sent: object) => (await keygenCall(url, at, sent)).body.errors?.[0]?.source?.pointer;
    expect(await pointerOf({})).toBe("/meta");
    expect(await pointerOf({ meta: {} })).toBe("/meta/passwordResetToken");
    expect(await pointerOf({ meta: { passwordResetToken: "x" } })).toBe("/meta/newPassword");
    expect(await pointerOf({ meta: { passwordResetToken: "x", newPassword: " " } })).toBe("/meta/newPassword");
  });
});

describe("headers", () => {
  test("Authorization is not looked at", async () => {
    for (const Authorization of ["Bearer nonsense", "Basic", "License x"]) {
      expect((await keygenCall(url, path, asked, { Authorization })).status).toBe(202);
    }
  });

  test.each(["1.0", "1.7", "1.8", "v1.8"])("version %s is spoken, and named in the answer", async (version) => {
    const { status, headers } = await keygenCall(url, path, asked, { "Keygen-Version": version });
    expect([status, headers.get("keygen-version")]).toEqual([202, version.replace("v", "")]);
  });

  test.each(["0.9", "1.9", "2.0", "latest"])("version %s is not", async (version) => {
    const { status, body } = await keygenCall(url, path, asked, { "Keygen-Version": version });
    expect(status).toBe(400);
    expect(body.errors).toMatchObject([
      { code: "INVALID_API_VERSION", links: { about: expect.stringContaining("https:") as string } },
    ]);
  });

  test("there are no environments, in a header or a query", async () => {
    const byHeader = await keygenCall(url, path, asked, { "Keygen-Environment": "sandbox" });
    expect(byHeader.body.errors).toMatchObject([
      { title: "Bad request", code: "ENVIRONMENT_NOT_SUPPORTED", source: { header: "Keygen-Environment" } },
    ]);
    const byQuery = await keygenCall(url, `${path}?environment=sandbox`, asked);
    expect(byQuery.body.errors).toMatchObject([
      { code: "ENVIRONMENT_NOT_SUPPORTED", source: { parameter: "environment" } },
    ]);
  });

  test.each([
    ['algorithm="ed25519"', 202],
    [`keyid="${accountId}", algorithm="ed25519"`, 202],
    ['algorithm="rsa-pss-sha256"', 400],
    ['algorithm="md5"', 400],
    ["ed25519", 400],
    ['keyid="somebody", algorithm="ed25519"', 400],
  ])("Keygen-Accept-Signature %s: %i", async (wanted, status) => {
    const answer = await keygenCall(url, path, asked, { "Keygen-Accept-Signature": wanted });
    expect(answer.status).toBe(status);
    if (status === 400) {
      expect(answer.body.errors).toEqual([{ title: "Bad request", detail: expect.any(String) as string }]);
    }
  });

  test("an answer names version, account, edition and mode, and is not to be kept", async () => {
    const { headers } = await keygenCall(url, path, asked);
    expect(Object.fromEntries(headers)).toMatchObject({
      "keygen-version": "1.8",
      "keygen-account": accountId,
      "keygen-edition": "CE",
      "keygen-mode": "singleplayer",
      "cache-control": "no-transform, no-store, max-age=0",
      "x-request-id": expect.stringMatching(/./) as string,
    });
  });

  test("answers are signed, errors too, over path and query, and the digest of nothing is the known one", async () => {
    const good = await keygenCall(url, `${path}?x=1`, asked);
    expect(good.text).toBe("");
    expect(good.headers.get("digest")).toBe("sha-256=47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=");
    const bad = await keygenCall(url, path, {});
    const verified = (answer: typeof good, target: string) =>
      isSigned(keys.publicKey, { target, host: "127.0.0.1", headers: answer.headers, body: answer.text });
    expect([verified(good, `${path}?x=1`), verified(bad, path)]).toEqual([true, true]);
    expect([verified(good, path), verified({ ...bad, text: `${bad.text} ` }, path)]).toEqual([false, false]);
    for (const { headers } of [good, bad]) {
      expect(headers.get("keygen-date")).toBe(headers.get("date"));
      expect(headers.get("keygen-digest")).toBe(headers.get("digest"));
    }
  });
});

test("over HTTP/2 it is the same, with the authority as host", async () => {
  const session = connect(url);
  const stream = session.request({ ":method": "POST", ":path": path, "content-type": "application/vnd.api+json" });
  stream.end(JSON.stringify(asked));
  const [heads] = (await once(stream, "response")) as [Record<string, string>];
  session.close();
  expect(heads[":status"]).toBe(202);
  const headers = { get: (name: string) => heads[name] ?? null };
  expect(isSigned(keys.publicKey, { target: path, host: "127.0.0.1", headers, body: "" })).toBe(true);
});

test("a portal in a browser, of an origin on the list, may send the vendor's headers and read them", async () => {
  const origin = "https://portal.example.com";
  const portal = await openRekey({ realms: [realm], allowedOrigins: [origin] });
  const at = await portal.listen();
  const asking = {
    origin,
    "access-control-request-method": "POST",
    "access-control-request-headers": "keygen-version",
  };
  const preflight = await fetch(at + path, { method: "OPTIONS", headers: asking });
  expect(preflight.headers.get("access-control-allow-headers")).toContain("Keygen-Version");
  const { headers } = await keygenCall(at, path, asked, { origin, "Keygen-Version": "1.7" });
  expect(headers.get("access-control-allow-origin")).toBe(origin);
  for (const name of ["Keygen-Signature", "Digest", "X-RateLimit-Reset"]) {
    expect(headers.get("access-control-expose-headers")).toContain(name);
  }
  const foreign = await keygenCall(at, path, asked, { origin: "https://evil.example" });
  expect(foreign.headers.get("access-control-allow-origin")).toBeNull();
  await portal.close();
});

describe("accounts", () => {
  test.each([accountId, accountId.toUpperCase(), "acme"])("%s is the account", async (name) => {
    const { status, headers } = await keygenCall(url, `/v1/accounts/${name}/passwords`, asked);
    expect([status, headers.get("keygen-account")]).toEqual([202, accountId]);
  });

  test("the only account need not be named", async () => {
    expect((await keygenCall(url, "/v1/passwords", asked)).status).toBe(202);
  });

  test("a foreign account is not found; its name is told, and nothing is signed", async () => {
    const { status, headers, body } = await keygenCall(url, "/v1/accounts/globex/passwords", asked);
    expect(status).toBe(404);
    expect(body).toEqual({
      meta: { id: headers.get("x-request-id") },
      errors: [{ title: "Not found", detail: "The requested account 'globex' was not found", code: "NOT_FOUND" }],
    });
    expect(headers.get("keygen-signature")).toBeNull();
    expect(headers.get("keygen-version")).toBe("1.8");
  });

  test("the account comes before what is wrong besides", async () => {
    const { status } = await keygenCall(url, "/v1/accounts/globex/passwords", {}, { "Keygen-Version": "9" });
    expect(status).toBe(404);
    const { body } = await keygenCall(url, path, {}, { "Keygen-Version": "9" });
    expect(body.errors?.[0]?.code).toBe("INVALID_API_VERSION");
  });

  test("the host's account goes before the path's; of several one has to be named", async () => {
    const other = "00000000-0000-4000-8000-000000000001";
    const realms = [realm, { ...makeRealm(), keygen: keygenSetting(keys, { accountId: other, slug: "globex" }) }];
    const several = await openRekey({ realms });
    const at = await several.listen();
    const askedAt = async (where: string, host: string) =>
      await keygenRaw(at, where, { body: JSON.stringify(asked), headers: { host } });
    expect((await askedAt("/v1/passwords", "licenses.example.com:8080")).headers.get("keygen-account")).toBe(accountId);
    const both = await askedAt("/v1/accounts/globex/passwords", "licenses.example.com");
    expect(both.headers.get("keygen-account")).toBe(accountId);
    expect((await askedAt("/v1/accounts/globex/passwords", "other.example")).headers.get("keygen-account")).toBe(other);
    const nobody = await askedAt("/v1/passwords", "other.example");
    expect([nobody.status, nobody.body.errors]).toEqual([
      404,
      [{ title: "Not found", detail: "account is required", code: "NOT_FOUND" }],
    ]);
    expect(nobody.headers.get("keygen-mode")).toBe("multiplayer");
    await several.close();
  });

  test("where no realm is an account every path of it is a plain 404, and our own paths are ours", async () => {
    const without = await openRekey({ realms: [makeRealm()] });
    const at = await without.listen();
    for (const where of [path, "/v1/passwords", "/v1/users/ann/actions/reset-password"]) {
      const { status, headers, body } = await keygenCall(at, where, asked);
      expect([status, body]).toEqual([404, { code: 5, message: "Not Found" }]);
      expect(headers.get("keygen-version")).toBeNull();
    }
    await without.close();
    const ours = await keygenCall(url, "/v1/users/ann/password_reset", {});
    expect([ours.status, ours.headers.get("keygen-version")]).toEqual([401, null]);
  });
});
