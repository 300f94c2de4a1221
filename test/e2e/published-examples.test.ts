// Is what the vendors show as examples in their documentation answered as it says? Each call is pasted as it stands there;
// only the host, and what their readers fill in, is ours.

import { randomUUID } from "node:crypto";

import { createGrpcTransport, createGrpcWebTransport } from "@connectrpc/connect-node";
import { createClient } from "@connectrpc/connect";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { UserService } from "../../gen/zitadel/user/v2/user_service_pb.ts";
import type { User } from "../../src/directory/directory.ts";
import { newestMessage } from "../support/ask-recovery.ts";
import { keygenKeys, keygenSetting } from "../support/keygen-account.ts";
import { makeRealm, noLimits, openRekey, type Rekey } from "../support/open-rekey.ts";
import { runPasted } from "../support/run-command.ts";

const app = { key: randomUUID(), secret: randomUUID() };
const realm = {
  ...makeRealm({
    limits: noLimits,
    links: { page: "https://example.com/resetpassword", hosts: ["example.com", "app.example.com"] },
    recovery: { hosts: [], link: "https://example.com/recover#token={{.Token}}" },
  }),
  keygen: keygenSetting(keygenKeys()),
  loginRadius: { key: app.key, secrets: [app.secret], mailBrings: "link", unknownUser: "hide" } as const,
};

let rekey: Rekey;
let url: string;
let john: User;
beforeAll(async () => {
  rekey = await openRekey({ realms: [realm], loginRadius: [{ realm, settings: realm.loginRadius }] });
  url = await rekey.listen();
  john = await rekey.user(realm, { userName: "john_doe" });
});
afterAll(async () => await rekey.close());

/** Runs a command of the documentation after `changes`; each has to meet something. */
async function paste(command: string, ...changes: readonly (readonly [string, string])[]) {
  let changed = command;
  for (const [from, to] of changes) {
    expect(changed).toContain(from);
    changed = changed.replace(from, to);
  }
  const { stdout } = await runPasted(`${changed} -s -w '\n%{http_code}'`);
  const [, body = "", status] = /^([^]*)\n(\d+)$/.exec(stdout) ?? [];
  return { status: Number(status), body: body === "" ? undefined : (JSON.parse(body) as unknown) };
}

describe("LoginRadius, Retrieve Forgot Password Token", () => {
  const example = `curl -X POST "https://api.loginradius.com/identity/v2/manage/account/forgot/token?sendemail=true&resetpasswordurl=https%3A%2F%2Fexample.com%2Fresetpassword&emailtemplate=Email-Template&prevent_webhook=true" \\
  -H "X-PreventWebhook: true" \\
  -H "Content-Type: application/json" \\
  -d '{
    "Username": "john_doe"
  }'`;
  const here = () => ["https://api.loginradius.com", url] as const;
  const as = (key: string, secret: string) => ["?sendemail", `?apikey=${key}&apisecret=${secret}&sendemail`] as const;

  test("200, and the mail holds the token that is returned", async () => {
    const { status, body } = await paste(example, here(), as(app.key, app.secret));
    expect([status, body]).toEqual([200, { ForgotToken: expect.any(String) as string, IdentityProviders: [] }]);
    const { ForgotToken: token } = body as { ForgotToken: string };
    const { link } = await newestMessage(rekey, john);
    expect(link).toBe(`https://example.com/resetpassword?vtype=reset&vtoken=${token}`);
  });

  test("400 without the user, 401 with a wrong secret, 938 for nobody", async () => {
    const own = as(app.key, app.secret);
    expect(await paste(example, here(), own, ['"Username": "john_doe"', ""])).toMatchObject({
      status: 400,
      body: {
        ErrorCode: 908,
        Message: "A parameter is not formatted correctly",
        Description: "The email is a required parameter.",
      },
    });
    expect(await paste(example, here(), as(app.key, "wrong"))).toMatchObject({
      status: 401,
      body: {
        ErrorCode: 902,
        Message: "The API secret is unauthorized",
        Description:
          "The provided LoginRadius API secret is invalid or is not authorized, please use a valid or authorized " +
          "LoginRadius API secret or check the API secret for your LoginRadius account.",
      },
    });
    expect(await paste(example, here(), own, ["john_doe", "jane_doe"])).toMatchObject({
      status: 403,
      body: {
        ErrorCode: 938,
        Message: "User does not exist",
        Description: "The user does not exist, please use a valid user in order to process this request.",
      },
    });
  });
});

describe("LoginRadius, Forgot Password", () => {
  const captcha =
    "03AGdBq24e1a2b3c4d5e6f7g8h9i0j1k2l3m4n5o6p7q8r9s0t1u2v3w4x5y6z7a8b9c0d1e2f3g4h5i6j7k8l9m0n1o2p3q4r5s6t7u8v9w0x1y2z3a4b5c6d7e8f9g0h1i2j3k4l5m6n7o8p9q0r1s2t3u4v5w6x7y8z9";
  const example = `curl -X POST "https://api.loginradius.com/identity/v2/auth/password?emailtemplate=Email-Template&resetpasswordurl=https%3A%2F%2Fexample.com%2Fresetpassword&prevent_webhook=true&g-recaptcha-response=${captcha}&g_recaptcha_response=${captcha}&qq_recaptcha_ticket=${captcha}&qq_recaptcha_randstr=${captcha}&h-captcha-response=${captcha}" \\
  -H "X-PreventWebhook: true" \\
  -H "Content-Type: application/json" \\
  -d '{}'`;
  const here = () => ["https://api.loginradius.com", url] as const;
  const as = (key: string) => ["?emailtemplate", `?apikey=${key}&emailtemplate`] as const;

  test("400 as it stands, which is without a key", async () => {
    expect(await paste(example, here())).toMatchObject({
      status: 400,
      body: {
        ErrorCode: 908,
        Message: "A parameter is not formatted correctly",
        Description: "The apikey is a required parameter.",
      },
    });
  });

  test.each(["email", "username"])("IsPosted for somebody by %s", async (name) => {
    const who = name === "email" ? john.email?.address : john.userName;
    const answer = await paste(example, here(), as(app.key), ["{}", JSON.stringify({ [name]: who })]);
    expect(answer).toEqual({ status: 200, body: { IsPosted: true } });
    const { link } = await newestMessage(rekey, john);
    expect(link).toMatch(/^https:\/\/example\.com\/resetpassword\?vtype=reset&vtoken=/);
  });

  test("1409 in small letters where the credentials are of another kind, 901 for a key of nobody", async () => {
    expect(await paste(example, here(), ["-d", `-H "Authorization: Bearer x" -d`])).toMatchObject({
      status: 401,
      body: {
        errorCode: 1409,
        message: "Authentication failed",
        description: "The credentials provided could not be authenticated.",
      },
    });
    expect(await paste(example, here(), as(randomUUID()))).toMatchObject({
      status: 403,
      body: {
        ErrorCode: 901,
        Message: "The API key is unauthorized",
        Description:
          "The provided LoginRadius API key is invalid or is not authorized, please use a valid or authorized " +
          "LoginRadius API key or check the API key for your LoginRadius account.",
      },
    });
  });
});

describe("Keygen, Forgot password", () => {
  const example = `curl -X POST https://api.keygen.sh/v1/accounts/{ACCOUNT}/passwords \\
  -H 'Content-Type: application/vnd.api+json' \\
  -H 'Accept: application/vnd.api+json' \\
  -d '{"meta": {"deliver": false}}'`;
  const here = () => ["https://api.keygen.sh", url] as const;
  const account = ["{ACCOUNT}", realm.keygen.slug] as const;

  test("400 as it stands, which is without the address", async () => {
    expect(await paste(example, here(), account)).toMatchObject({
      status: 400,
      body: { errors: [{ title: "Bad request", detail: "is missing", source: { pointer: "/meta/email" } }] },
    });
  });

  test.each(["application/vnd.api+json", "application/json"])("202 and no content, asked for as %s", async (accept) => {
    const body = ['{"deliver"', `{"email": "${john.email?.address}", "deliver"`] as const;
    const answer = await paste(example, here(), account, body, [
      "-H 'Accept: application/vnd.api+json'",
      `-H 'Accept: ${accept}'`,
    ]);
    expect(answer).toEqual({ status: 202, body: undefined });
  });

  test("an errors object where it is no account", async () => {
    expect(await paste(example, here(), ["{ACCOUNT}", "nobody"])).toMatchObject({
      status: 404,
      body: { errors: [{ code: "NOT_FOUND" }] },
    });
  });
});

describe("Zitadel, Request a code to reset a password", () => {
  const sendLink = `"sendLink": {
    "notificationType": "NOTIFICATION_TYPE_Unspecified",
    "urlTemplate": "https://example.com/password/changey?userID={{.UserID}}&code={{.Code}}&orgID={{.OrgID}}"
  }`;
  const returnCode = `"returnCode": {}`;
  const example = `curl -L 'https://$CUSTOM-DOMAIN/v2/users/:userId/password_reset' \\
  -H 'Content-Type: application/json' \\
  -H 'Accept: application/json' \\
  -H 'Authorization: Bearer <TOKEN>' \\
  -d '{
  ${sendLink},
  ${returnCode}
}'`;
  const here = () => ["https://$CUSTOM-DOMAIN", url] as const;
  const user = (id: string) => [":userId", id] as const;
  const token = () => ["<TOKEN>", rekey.apiKey(realm)] as const;
  const details = { sequence: expect.stringMatching(/^\d+$/) as string, resourceOwner: "acme" };

  test("400 as it stands: a oneof takes one of the two", async () => {
    const { status, body } = await paste(example, here(), user(john.id), token());
    expect([status, body]).toMatchObject([400, { code: 3 }]);
  });

  test("200 with details by link, and the mail holds it filled in", async () => {
    const answer = await paste(example, here(), user(john.id), token(), [`,\n  ${returnCode}`, ""]);
    expect(answer).toMatchObject({ status: 200, body: { details } });
    const [message] = (await rekey.courier?.list({ realmId: realm.id, userId: john.id, size: 1 })) ?? [];
    const { link, code } = message?.values ?? {};
    expect(link).toBe(`https://example.com/password/changey?userID=${john.id}&code=${code}&orgID=acme`);
  });

  const asked = { userId: "", medium: { case: "returnCode" as const, value: {} } };
  const transports = {
    "application/grpc": () => createGrpcTransport({ baseUrl: url }),
    "application/grpc-web+proto": () => createGrpcWebTransport({ baseUrl: url, httpVersion: "1.1" }),
  };
  test("200 with the code, as application/json", async () => {
    const answer = await paste(example, here(), user(john.id), token(), [`${sendLink},\n`, ""]);
    const verificationCode = expect.stringMatching(/^[A-Z0-9]{6}$/) as string;
    expect(answer).toMatchObject({ status: 200, body: { details, verificationCode } });
  });
  test.each(Object.entries(transports))("200 with the code, as %s", async (_, open) => {
    const headers = { authorization: `Bearer ${rekey.apiKey(realm)}` };
    const answer = await createClient(UserService, open()).passwordReset({ ...asked, userId: john.id }, { headers });
    expect(answer).toMatchObject({
      details: { resourceOwner: "acme" },
      verificationCode: expect.stringMatching(/^[A-Z0-9]{6}$/) as string,
    });
  });

  test("403 without the permission, 404 where it does not exist, each with code, message and details", async () => {
    const one = [`${sendLink},\n`, ""] as const;
    const reader = ["<TOKEN>", rekey.apiKey(realm, ["users.read"])] as const;
    const detail = { "@type": "type.googleapis.com/zitadel.v1.ErrorDetail" };
    expect(await paste(example, here(), user(john.id), reader, one)).toMatchObject({
      status: 403,
      body: { code: 7, message: expect.any(String) as string, details: [detail] },
    });
    expect(await paste(example, here(), user("nobody"), token(), one)).toMatchObject({
      status: 404,
      body: { code: 5, message: expect.any(String) as string, details: [detail] },
    });
  });
});
