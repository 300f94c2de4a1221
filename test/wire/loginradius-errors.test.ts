// Does each failure leave with LoginRadius's number, status and five members?

import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { hour, minute } from "../../src/units.ts";
import { askJson } from "../support/ask-recovery.ts";
import { type Answer, app, type AppClient, errorOf, goodPassword, openApp, page } from "../support/loginradius-app.ts";
import { fullCourier, noLimits } from "../support/open-rekey.ts";
import { openRawSocket } from "../support/raw-socket.ts";

let client: AppClient;
let coded: AppClient;
beforeAll(async () => {
  client = await openApp();
  coded = await openApp({ mailBrings: "code", unknownUser: "tell" });
});
afterAll(async () => {
  await client.rekey.close();
  await coded.rekey.close();
});

const forgotToken = "POST manage/account/forgot/token";
const forgot = `POST auth/password?resetpasswordurl=${encodeURIComponent(page)}`;

async function newToken(of: AppClient = client) {
  const user = await of.rekey.user(of.realm);
  const { body } = await of.manage(forgotToken, { username: user.userName });
  return { user, token: String(body["ForgotToken"]) };
}

async function newOtp() {
  const user = await coded.rekey.user(coded.realm);
  const { body } = await coded.manage("POST manage/account/emailtoken/forgotpassword", { Username: user.userName });
  return { user, username: user.userName, otp: String(body["Token"]) };
}

let lastDigits = 1000;
async function newPhoneOtp() {
  const phone = `+1555555${(lastDigits += 1)}`;
  const user = await client.rekey.user(client.realm, { phone: { number: phone, verified: true } });
  const { body } = await client.manage("POST manage/account/smsotp/forgotpassword", { phone });
  return { user, phone, otp: String(body["Token"]) };
}

function otherThan(otp: string): string {
  return (otp.startsWith("1") ? "2" : "1") + otp.slice(1);
}

const reset = async (body: object, of: AppClient = client) => await of.call("PUT auth/password/reset", body);

test("the body has five members in the vendor's order", async () => {
  const { headers, body } = await reset({ resettoken: "x", password: goodPassword });
  expect(Object.keys(body)).toEqual([
    "Description",
    "ErrorCode",
    "Message",
    "IsProviderError",
    "ProviderErrorResponse",
  ]);
  expect(body).toMatchObject({ IsProviderError: false, ProviderErrorResponse: null });
  expect(headers.get("content-type")).toBe("application/json; charset=utf-8");
});

describe("a body that cannot be read", () => {
  test.each([
    { line: "PUT auth/password/reset", body: "[]", code: 1079 },
    { line: "PUT auth/password/reset", body: "7", code: 1079 },
    { line: "POST auth/password", body: "[]", code: 958 },
    { line: "POST auth/password", body: '{"email":', code: 1090 },
  ])("$line with $body is $code", async ({ line, body, code }) => {
    expect(errorOf(await client.call(line, body))).toEqual({ status: 400, code });
  });

  test("of another type is 1083", async () => {
    const answer = await client.call("POST auth/password", "email=x", {
      "content-type": "application/x-www-form-urlencoded",
    });
    expect(errorOf(answer)).toEqual({ status: 400, code: 1083 });
  });

  test("too long is 1090 with 413", async () => {
    expect(errorOf(await client.call("POST auth/password", "x".repeat(70_000)))).toEqual({ status: 413, code: 1090 });
  });
});

/** Vendor: the client for Node counts characters where bytes are meant, so that what it announces is too short. */
test("a body that is longer than it was announced is 400, and ends the connection", async () => {
  const { port } = new URL(client.url);
  const body = '{"email":"änn@example.org"}';
  const head = `POST /identity/v2/auth/password?apikey=${app.key} HTTP/1.1\r\nhost: a\r\ncontent-type: application/json`;
  const socket = await openRawSocket(Number(port));
  await socket.send(`${head}\r\ncontent-length: ${body.length}\r\n\r\n${body}`);
  expect(await socket.ended()).toMatch(/^HTTP\/1\.1 400 /);
});

test("a page on the list of origins may send the vendor's headers", async () => {
  const origin = "https://app.example.com";
  const open = await openApp({}, {}, { allowedOrigins: [origin] });
  const { headers } = await fetch(`${open.url}/identity/v2/auth/password`, {
    method: "OPTIONS",
    headers: { origin, "access-control-request-method": "POST", "access-control-request-headers": "x-preventwebhook" },
  });
  expect(headers.get("access-control-allow-headers")).toContain("X-PreventWebhook");
  await open.rekey.close();
});

test("another method hears which there is", async () => {
  const answer = await client.call("DELETE auth/password/reset");
  expect([answer.status, answer.headers.get("allow"), answer.body["ErrorCode"]]).toEqual([405, "PUT", 971]);
});

describe("what is missing is named (908)", () => {
  test.each([
    { line: forgotToken, body: {}, name: "email" },
    { line: "POST manage/account/emailtoken/forgotpassword", body: {}, name: "email" },
    { line: "POST manage/account/smsotp/forgotpassword", body: {}, name: "phone" },
    { line: forgot, body: { email: "", username: null }, name: "email" },
    { line: "POST auth/password", body: { email: "ann@example.org" }, name: "resetpasswordurl" },
    { line: `${forgotToken}?sendemail=true`, body: { email: "ann@example.org" }, name: "resetpasswordurl" },
    { line: "POST auth/password/otp", body: {}, name: "phone" },
    { line: "PUT auth/password/reset", body: { password: "x" }, name: "resettoken" },
    { line: "PUT auth/password/reset", body: { otp: "1", password: "x" }, name: "email" },
    { line: "PUT auth/password/reset", body: { email: "ann@example.org", password: "x" }, name: "otp" },
    { line: "PUT auth/password/reset", body: { resettoken: "x" }, name: "password" },
    { line: "PUT auth/password/otp", body: { otp: "1", password: "x" }, name: "phone" },
    { line: "PUT auth/password/change?access_token=x", body: { newpassword: "x" }, name: "oldpassword" },
  ])("$line: $name", async ({ line, body, name }) => {
    const answer = await (line.includes(" manage/") ? client.manage(line, body) : client.call(line, body));
    expect(errorOf(answer)).toEqual({ status: 400, code: 908 });
    expect(answer.body).toMatchObject({
      Message: "A parameter is not formatted correctly",
      Description: `The ${name} is a required parameter.`,
    });
  });
});

describe("whom a call names", () => {
  test("an email that is none is 990, a number that is none 1096", async () => {
    expect(errorOf(await client.call(forgot, { email: "ann" }))).toEqual({ status: 403, code: 990 });
    expect(errorOf(await client.call("POST auth/password/otp", { phone: "12" }))).toEqual({ status: 400, code: 1096 });
  });

  test("unknown is 938 to the application, 1043 by phone", async () => {
    const answer = await client.manage(forgotToken, { email: "nobody@example.org" });
    expect(answer).toMatchObject({
      status: 403,
      body: {
        ErrorCode: 938,
        Message: "User does not exist",
        Description: "The user does not exist, please use a valid user in order to process this request.",
      },
    });
    const line = "POST manage/account/smsotp/forgotpassword";
    expect(errorOf(await client.manage(line, { phone: "+15555559999" }))).toEqual({ status: 403, code: 1043 });
  });

  test("unknown is told to strangers where the realm wants it so", async () => {
    const unknown = await coded.call("POST auth/password", { email: "nobody@example.org" });
    expect(errorOf(unknown)).toEqual({ status: 403, code: 938 });
    const phone = await coded.call("POST auth/password/otp", { phone: "+15555559999" });
    expect(errorOf(phone)).toEqual({ status: 403, code: 1043 });
    const known = await coded.rekey.user(coded.realm);
    expect((await coded.call("POST auth/password", { email: known.email?.address })).status).toBe(200);
  });

  test("not set up is 970, without a verified mail address 1039", async () => {
    const initial = await client.rekey.user(client.realm, { state: "initial" });
    expect(errorOf(await client.manage(forgotToken, { username: initial.userName }))).toEqual({
      status: 403,
      code: 970,
    });
    const email = { address: "unverified@example.org", verified: false };
    const mute = await client.rekey.user(client.realm, { email });
    const line = `${forgotToken}?sendemail=true&resetpasswordurl=${page}`;
    expect(errorOf(await client.manage(line, { username: mute.userName }))).toEqual({ status: 403, code: 1039 });
  });

  test("a token of a type that there is not is 1181", async () => {
    for (const path of ["emailtoken/verifyemail", "smsotp/onetouchlogin"]) {
      const answer = await client.manage(`POST manage/account/${path}`, { email: "ann@example.org" });
      expect(errorOf(answer)).toEqual({ status: 403, code: 1181 });
    }
  });
});

// Incident: C2, C18
describe("a page that is not among the site URLs is 1249", () => {
  test.each([
    "https://evil.example/reset",
    "http://app.example.com/reset",
    "evil.example",
    "javascript:alert(1)",
    "https://app.example.com@evil.example/",
    "https://app.example.com.evil.example/",
    "//evil.example",
  ])("%s", async (target) => {
    const query = `resetpasswordurl=${encodeURIComponent(target)}`;
    const stranger = await client.call(`POST auth/password?${query}`, { email: "ann@example.org" });
    expect(errorOf(stranger)).toEqual({ status: 403, code: 1249 });
    const application = await client.manage(`${forgotToken}?sendemail=true&${query}`, { email: "ann@example.org" });
    expect(errorOf(application)).toEqual({ status: 403, code: 1249 });
  });
});

describe("a reset token", () => {
  const password = goodPassword;

  test("that is none is 1063, however long", async () => {
    for (const resettoken of ["x", "0".repeat(32), `${(await newToken()).token}x`]) {
      expect(errorOf(await reset({ resettoken, password }))).toEqual({ status: 403, code: 1063 });
    }
  });

  test("that was used is 974, for its holder alone", async () => {
    const { token } = await newToken();
    expect((await reset({ resettoken: token, password })).status).toBe(200);
    expect(errorOf(await reset({ resettoken: token, password }))).toEqual({ status: 403, code: 974 });
  });

  test("that has expired is 975", async () => {
    const { token } = await newToken();
    client.rekey.clock.pass(72 * hour);
    expect(errorOf(await reset({ resettoken: token, password }))).toEqual({ status: 403, code: 975 });
  });

  test("that was replaced is 979", async () => {
    const { user, token } = await newToken();
    await client.manage(forgotToken, { username: user.userName });
    expect(errorOf(await reset({ resettoken: token, password }))).toEqual({ status: 403, code: 979 });
  });
});

describe("a one-time password of a mail", () => {
  const password = goodPassword;

  test("that is wrong is 1185, for a name that nobody has as well", async () => {
    const { username, otp } = await newOtp();
    expect(errorOf(await reset({ username, otp: otherThan(otp), password }, coded))).toEqual({
      status: 403,
      code: 1185,
    });
    const unknown = await reset({ username: "nobody-at-all", otp, password }, coded);
    expect(errorOf(unknown)).toEqual({ status: 403, code: 1185 });
  });

  test("that was used is 1186, that has expired 1187", async () => {
    const used = await newOtp();
    expect((await reset({ ...used, password }, coded)).status).toBe(200);
    expect(errorOf(await reset({ ...used, password }, coded))).toEqual({ status: 403, code: 1186 });
    const late = await newOtp();
    coded.rekey.clock.pass(10 * minute);
    expect(errorOf(await reset({ ...late, password }, coded))).toEqual({ status: 403, code: 1187 });
  });

  // Guard: ASVS 5.0 6.5.5, 6.6.3
  test("that was guessed at too often is 1187, even if it is right then", async () => {
    const { username, otp } = await newOtp();
    for (let i = 0; i < 5; i += 1) await reset({ username, otp: otherThan(otp), password }, coded);
    expect(errorOf(await reset({ username, otp, password }, coded))).toEqual({ status: 403, code: 1187 });
  });
});

describe("a one-time password of a text message", () => {
  const by = async (body: object) => await client.call("PUT auth/password/otp", { ...body, password: goodPassword });

  test("is 1067 wrong, 1068 used, 1069 expired, 1070 replaced", async () => {
    const one = await newPhoneOtp();
    expect(errorOf(await by({ ...one, otp: otherThan(one.otp) }))).toEqual({ status: 403, code: 1067 });
    expect((await by(one)).status).toBe(200);
    expect(errorOf(await by(one))).toEqual({ status: 403, code: 1068 });
    const late = await newPhoneOtp();
    client.rekey.clock.pass(10 * minute);
    expect(errorOf(await by(late))).toEqual({ status: 403, code: 1069 });
    const replaced = await newPhoneOtp();
    await client.manage("POST manage/account/smsotp/forgotpassword", { phone: replaced.phone });
    expect(errorOf(await by(replaced))).toEqual({ status: 403, code: 1070 });
  });
});

describe("a password", () => {
  test("that breaks the policy is 1134 with each rule, and the token lives on", async () => {
    const { token } = await newToken();
    const answer = await reset({ resettoken: token, password: "short" });
    expect(errorOf(answer)).toEqual({ status: 403, code: 1134 });
    expect(answer.body["Errors"]).toEqual([
      { FieldName: "Password", ErrorMessage: "The Password field must be at least 10 characters in length." },
      { FieldName: "Password", ErrorMessage: "The Password field must contain a number." },
      { FieldName: "Password", ErrorMessage: "The Password field must contain a special character." },
    ]);
    expect((await reset({ resettoken: token, password: goodPassword })).status).toBe(200);
  });

  test("that everybody knows is 1315, that is the user's own name 1216", async () => {
    const anything = {
      minLength: 4,
      maxLength: 100,
      requireLowercase: false,
      requireUppercase: false,
      requireDigit: false,
      requireSymbol: false,
      refuseCommon: true,
      contextWords: ["rekeyacme"],
    };
    const lax = await openApp({}, { passwordPolicy: anything });
    const { token } = await newToken(lax);
    expect(errorOf(await reset({ resettoken: token, password: "password" }, lax))).toEqual({ status: 403, code: 1315 });
    expect(errorOf(await reset({ resettoken: token, password: "rekeyacme1!" }, lax))).toEqual({
      status: 403,
      code: 1216,
    });
    await lax.rekey.close();
  });
});

describe("a change with the current password", () => {
  const body = { oldPassword: "x", newPassword: goodPassword };

  test("needs an access token (1060), and knows none (905), in either place", async () => {
    const line = "PUT auth/password/change";
    expect(errorOf(await client.call(line, body))).toEqual({ status: 400, code: 1060 });
    expect(errorOf(await client.call(`${line}?access_token=x`, body))).toEqual({ status: 403, code: 905 });
    expect(errorOf(await client.call(line, body, { authorization: "Bearer x" }))).toEqual({ status: 403, code: 905 });
  });
});

// Guard: ASVS 5.0 6.4.2
test("security answers are off: 1095", async () => {
  const body = { securityanswer: { id: "x" }, email: "ann@example.org", password: goodPassword };
  expect(errorOf(await client.call("PUT auth/password/securityanswer", body))).toEqual({ status: 403, code: 1095 });
});

// Guard: ASVS 5.0 2.4.1, 6.6.3; Incident: C30
describe("too much", () => {
  const limits = {
    ...noLimits,
    start_recovery: { identifier: { max: 1, windowMs: hour }, realm: { max: 4, windowMs: hour } },
    return_code: { account: { max: 1, windowMs: hour } },
    present_recovery: { identifier: { max: 1, windowMs: hour } },
  };

  async function second(ask: () => Promise<Answer>): Promise<Answer> {
    expect((await ask()).body["ErrorCode"]).not.toBe(429);
    return await ask();
  }

  test("for one person has the vendor's code, for a site it is 429", async () => {
    const limited = await openApp({}, { limits });
    const user = await limited.rekey.user(limited.realm, { phone: { number: "+15555550188", verified: true } });
    const unknown = await second(async () => await limited.call(forgot, { email: "nobody@example.org" }));
    expect(errorOf(unknown)).toEqual({ status: 403, code: 1122 });
    const phone = await second(async () => await limited.call("POST auth/password/otp", { phone: "+15555550188" }));
    expect(errorOf(phone)).toEqual({ status: 403, code: 1123 });
    const token = await second(async () => await limited.manage(forgotToken, { username: user.userName }));
    expect(errorOf(token)).toEqual({ status: 403, code: 1178 });
    const otp = await limited.manage("POST manage/account/smsotp/forgotpassword", { phone: "+15555550188" });
    expect(errorOf(otp)).toEqual({ status: 403, code: 1179 });
    const guess = { email: "nobody@example.org", otp: "12345678", password: goodPassword };
    expect(errorOf(await second(async () => await reset(guess, limited)))).toEqual({ status: 403, code: 1198 });

    for (const name of ["a", "b"]) await limited.call(forgot, { username: name });
    const site = await limited.call(forgot, { username: "c" });
    expect(errorOf(site)).toEqual({ status: 429, code: 429 });
    expect(site.headers.get("retry-after")).toBe("3600");
    await limited.rekey.close();
  });
});

test("a user who said that it was not them rests: 1198, for whoever asks and whoever has a token", async () => {
  const link = "https://app.example.com/recover#token={{.Token}}";
  const veto = { link: "https://app.example.com/recover#veto={{.Token}}", blockMs: hour };
  const rested = await openApp({}, { recovery: { hosts: [], link, veto } });
  const user = await rested.rekey.user(rested.realm);
  await rested.call(forgot, { username: user.userName });
  const { token, vetoLink } = await rested.message(user);
  const said = new URL(vetoLink).hash.replace("#veto=", "");
  expect(await askJson(rested.url, "veto", { token: said })).toHaveProperty("blockedUntil");
  const asked = await rested.manage(forgotToken, { username: user.userName });
  expect(errorOf(asked)).toEqual({ status: 403, code: 1198 });
  const set = await reset({ resettoken: token, password: goodPassword }, rested);
  expect(errorOf(set)).toEqual({ status: 403, code: 1198 });
  await rested.rekey.close();
});

describe("what is away", () => {
  test("delivery that is not configured is 950, and 1071 for text messages", async () => {
    const mute = await openApp({}, {}, { courier: "none" });
    const { userName } = await mute.rekey.user(mute.realm);
    const line = `${forgotToken}?sendemail=true&resetpasswordurl=${page}`;
    expect(errorOf(await mute.manage(line, { username: userName }))).toEqual({ status: 500, code: 950 });
    await mute.rekey.close();
  });

  test("an outbox that is full is 503 with a time", async () => {
    const full = await openApp({}, {}, { courier: fullCourier(7000) });
    const { userName } = await full.rekey.user(full.realm);
    const answer = await full.manage(`${forgotToken}?sendemail=true&resetpasswordurl=${page}`, { username: userName });
    expect([answer.status, answer.body["ErrorCode"], answer.headers.get("retry-after")]).toEqual([503, 950, "7"]);
    await full.rekey.close();
  });

  test("a fault is blank", async () => {
    const broken = await openApp();
    const { token } = await newToken(broken);
    broken.rekey.database.close();
    const answer = await reset({ resettoken: token, password: goodPassword }, broken);
    expect([errorOf(answer), answer.body["Message"]]).toEqual([{ status: 500, code: 950 }, "Unknown error"]);
    expect(JSON.stringify(answer.body)).not.toMatch(/sqlite|database/i);
  });
});
