// Are key and secret found wherever LoginRadius's clients put them, and is a wrong one told as the vendor tells it?

import { createHmac } from "node:crypto";

import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { hour, minute, second } from "../../src/units.ts";
import { app, type AppClient, errorOf, openApp, page } from "../support/loginradius-app.ts";

let client: AppClient;
let userName: string;
beforeAll(async () => {
  client = await openApp({ resetUrl: page });
  userName = (await client.rekey.user(client.realm)).userName;
});
afterAll(async () => await client.rekey.close());

async function send(path: string, headers: Record<string, string> = {}, body: string = JSON.stringify({ userName })) {
  const response = await fetch(`${client.url}/identity/v2/${path}`, {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body,
  });
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
}

const manage = "manage/account/forgot/token";

describe("a management call is let in with", () => {
  test.each([
    { name: "both in the query (curl)", query: `apikey=${app.key}&apisecret=${app.secret}`, headers: {} },
    {
      name: "the key in the query, both as headers (Node)",
      query: `apiKey=${app.key}&sendEmail=`,
      headers: { "X-LoginRadius-apiKey": app.key, "X-LoginRadius-apiSecret": app.secret },
    },
    {
      name: "the secret as a header (Python, .NET, Java, Ruby, PHP)",
      query: `apiKey=${app.key}`,
      headers: { "X-LoginRadius-ApiSecret": app.secret },
    },
    {
      name: "headers alone (Go)",
      query: "",
      headers: { "X-LoginRadius-ApiKey": app.key, "X-LoginRadius-ApiSecret": app.secret },
    },
    { name: "a secondary secret", query: `APIKEY=${app.key}&APISECRET=${app.secondary}`, headers: {} },
    { name: "the key in capitals", query: `apikey=${app.key.toUpperCase()}&apisecret=${app.secret}`, headers: {} },
  ])("$name", async ({ query, headers }) => {
    expect((await send(`${manage}?${query}`, headers)).status).toBe(200);
  });
});

test("a public call needs the key alone; a secret besides is passed over, even a wrong one", async () => {
  expect((await send(`auth/password?apiKey=${app.key}`)).status).toBe(200);
  expect((await send("auth/password", { "X-LoginRadius-ApiKey": app.key })).status).toBe(200);
  const surplus = { "X-LoginRadius-ApiSecret": "wrong" };
  expect((await send(`auth/password?apiKey=${app.key}&apisecret=wrong`, surplus)).status).toBe(200);
});

/** Vendor: LoginRadius, the texts of the reference pages. */
const seeds = {
  901: {
    ErrorCode: 901,
    Message: "The API key is unauthorized",
    Description:
      "The provided LoginRadius API key is invalid or is not authorized, please use a valid or authorized LoginRadius API key or check the API key for your LoginRadius account.",
  },
  902: {
    ErrorCode: 902,
    Message: "The API secret is unauthorized",
    Description:
      "The provided LoginRadius API secret is invalid or is not authorized, please use a valid or authorized LoginRadius API secret or check the API secret for your LoginRadius account.",
  },
  908: {
    ErrorCode: 908,
    Message: "A parameter is not formatted correctly",
    Description: "The apikey is a required parameter.",
  },
};

describe("who is not known hears", () => {
  test.each(["auth/password", manage])("908 from %s without a key", async (path) => {
    expect(await send(path)).toMatchObject({ status: 400, body: seeds[908] });
    expect(await send(`${path}?apikey=`)).toMatchObject({ status: 400, body: seeds[908] });
  });

  test.each(["auth/password", manage])("901 from %s with a key that is nobody's", async (path) => {
    expect(await send(`${path}?apikey=0b5cd1f4`)).toMatchObject({ status: 403, body: seeds[901] });
  });

  test("902 with a secret that is not the app's", async () => {
    const answer = await send(`${manage}?apikey=${app.key}&apisecret=${app.secret.toUpperCase()}`);
    expect(answer).toMatchObject({ status: 401, body: seeds[902] });
  });

  test("1209 with neither a secret nor a signature", async () => {
    expect(errorOfSent(await send(`${manage}?apikey=${app.key}`))).toEqual([400, 1209]);
  });

  test("1409 in both casings with the credentials of another way in", async () => {
    const { status, body } = await send("auth/password", { authorization: "Bearer x" });
    expect(status).toBe(401);
    expect(body).toMatchObject({
      errorCode: 1409,
      message: "Authentication failed",
      description: "The credentials provided could not be authenticated.",
      ErrorCode: 1409,
      Message: "Authentication failed",
      Description: "The credentials provided could not be authenticated.",
    });
    expect(errorOfSent(await send("auth/password?clientId=x"))).toEqual([401, 1409]);
  });

  // Guard: ASVS 5.0 16.3.1
  test("and is on record as turned away, before the body is looked at", async () => {
    await send("auth/password?apikey=0b5cd1f4", {}, "no json");
    expect(client.rekey.ended.at(-1)).toMatchObject({ event: "call.rejected", reason: "unauthenticated" });
  });
});

describe("a signed request", () => {
  const body = () => JSON.stringify({ username: userName });
  const path = `${manage}?apiKey=${app.key}&region=(eu)*`;

  function timeOf(at: number): string {
    return new Date(at).toISOString().slice(0, 19).replace("T", " ");
  }

  /** As Python's client does it: the address in lower case, encoded, and the bytes of the body. */
  function signed(expires: string, { secret = app.secret, of = body() }: { secret?: string; of?: string } = {}) {
    const address = `${client.url}/identity/v2/${path}`.toLowerCase();
    const quoted = encodeURIComponent(address).replace("(eu)*", "%28eu%29%2a");
    const text = `${expires}:${quoted}`.toLowerCase();
    const digest = createHmac("sha256", secret).update(`${text}:${of}`).digest("base64");
    return { "X-Request-Expires": expires, digest: `SHA-256=${digest}` };
  }

  const soon = () => timeOf(client.rekey.clock.now() + hour);

  test("is let in without a secret, and by a secondary one", async () => {
    expect((await send(path, signed(soon()), body())).status).toBe(200);
    expect((await send(path, signed(soon(), { secret: app.secondary }), body())).status).toBe(200);
  });

  test("is let in whatever the form of its time", async () => {
    const at = new Date(client.rekey.clock.now() + 10 * minute);
    const day = `${at.getUTCFullYear()}-${at.getUTCMonth() + 1}-${at.getUTCDate()}`;
    const [hours, rest] = [at.getUTCHours(), `${at.getUTCMinutes()}:${at.getUTCSeconds()}`];
    const half = `${day} ${hours % 12 || 12}:${rest} ${hours < 12 ? "AM" : "PM"}`;
    for (const expires of [`${day} ${hours}:${rest}`, half]) {
      expect((await send(path, signed(expires), body())).status).toBe(200);
    }
  });

  test.each([
    { name: "no signature", code: 1207, status: 400, headers: () => ({ "X-Request-Expires": soon() }) },
    { name: "another body", code: 1208, status: 403, headers: () => signed(soon(), { of: "{}" }) },
    { name: "another secret", code: 1208, status: 403, headers: () => signed(soon(), { secret: "x".repeat(36) }) },
    { name: "no expiry", code: 1210, status: 400, headers: () => ({ digest: signed(soon()).digest }) },
    { name: "an expiry that is no time", code: 1211, status: 400, headers: () => signed("soon") },
    {
      name: "an expiry that is over",
      code: 1212,
      status: 403,
      headers: () => signed(timeOf(client.rekey.clock.now() - second)),
    },
    {
      name: "an expiry far away",
      code: 1212,
      status: 403,
      headers: () => signed(timeOf(client.rekey.clock.now() + 2 * hour)),
    },
  ])("with $name hears $code", async ({ code, status, headers }) => {
    const named = Object.fromEntries(Object.entries(headers()).filter(([, value]) => value !== undefined));
    expect(errorOfSent(await send(path, named as Record<string, string>, body()))).toEqual([status, code]);
  });
});

function errorOfSent(answer: { readonly status: number; readonly body: Record<string, unknown> }) {
  const { status, code } = errorOf({ ...answer, headers: new Headers() });
  return [status, code];
}
