// Do the calls of LoginRadius's API do here what they do there? Each call, with its parameters in every spelling.

import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { hour, minute } from "../../src/units.ts";
import { app, type AppClient, goodPassword, openApp, page } from "../support/loginradius-app.ts";
import { openRekey } from "../support/open-rekey.ts";

let client: AppClient;
let coded: AppClient;
beforeAll(async () => {
  client = await openApp();
  coded = await openApp({ mailBrings: "code", resetUrl: page });
});
afterAll(async () => {
  await client.rekey.close();
  await coded.rekey.close();
});

const posted = { status: 200, body: { IsPosted: true } };
const forgot = `auth/password?resetpasswordurl=${encodeURIComponent(page)}`;

describe("POST auth/password", () => {
  test("mails a link with the token, which sets a password", async () => {
    const user = await client.rekey.user(client.realm);
    expect(await client.call(`POST ${forgot}`, { email: user.email?.address })).toMatchObject(posted);
    const { link, code, token } = await client.message(user);
    expect(link).toMatch(/^https:\/\/app\.example\.com\/reset-password\?vtype=reset&vtoken=[\w%-]+$/);
    expect(code).toBe("");
    const set = await client.call("PUT auth/password/reset", { resettoken: token, password: goodPassword });
    expect(set).toMatchObject(posted);
    expect(await client.rekey.isPassword(user, goodPassword)).toBe(true);
  });

  test.each(["email", "Email", "EMAIL"])("takes the name %s", async (name) => {
    const user = await client.rekey.user(client.realm);
    expect(await client.call(`POST ${forgot}`, { [name]: user.email?.address })).toMatchObject(posted);
    expect(await client.messages(user)).toBe(1);
  });

  test.each(["username", "Username", "userName"])("takes the name %s", async (name) => {
    const user = await client.rekey.user(client.realm);
    expect(await client.call(`POST ${forgot}`, { [name]: user.userName, extra: { is: "passed over" } })).toMatchObject(
      posted,
    );
    expect(await client.messages(user)).toBe(1);
  });

  test.each(["resetpasswordurl", "resetPasswordUrl"])("takes the page as %s", async (name) => {
    const user = await client.rekey.user(client.realm);
    await client.call(`POST auth/password?${name}=${encodeURIComponent("https://app.example.com/r?a=1")}`, {
      email: user.email?.address,
    });
    expect((await client.message(user)).link).toMatch(/^https:\/\/app\.example\.com\/r\?a=1&vtype=reset&vtoken=/);
  });

  test("takes a page without its scheme", async () => {
    const user = await client.rekey.user(client.realm);
    await client.call("POST auth/password?resetpasswordurl=app.example.com", { email: user.email?.address });
    expect((await client.message(user)).link).toMatch(/^https:\/\/app\.example\.com\?vtype=reset&vtoken=/);
  });

  test("passes over what it does not know, empty flags included", async () => {
    const user = await client.rekey.user(client.realm);
    const query = "region=eu&prevent_webhook=&emailTemplate=no-such&g-recaptcha-response=x";
    const answer = await client.call(`POST ${forgot}&${query}`, { email: user.email?.address }, { "x-origin-ip": "x" });
    expect(answer).toMatchObject(posted);
    expect((await client.message(user)).template).toBe("password_reset");
  });

  test("names a template that the realm has", async () => {
    const user = await client.rekey.user(client.realm);
    await client.call(`POST ${forgot}&emailTemplate=password_initial`, { email: user.email?.address });
    expect((await client.message(user)).template).toBe("password_initial");
  });

  test("mails a one-time password where the realm wants it so, and needs no page then", async () => {
    const user = await coded.rekey.user(coded.realm);
    expect(await coded.call("POST auth/password", { email: user.email?.address })).toMatchObject(posted);
    const { link, code } = await coded.message(user);
    expect([link, code]).toEqual(["", expect.stringMatching(/^\d{8}$/)]);
    const body = { email: user.email?.address, otp: code, password: goodPassword, confirmpassword: goodPassword };
    expect(await coded.call("PUT auth/password/reset", body)).toMatchObject(posted);
    expect(await coded.rekey.isPassword(user, goodPassword)).toBe(true);
  });

  test("by user name, too", async () => {
    const user = await coded.rekey.user(coded.realm);
    await coded.call("POST auth/password", { username: user.userName });
    const { code } = await coded.message(user);
    const body = { UserName: user.userName, Otp: code, Password: goodPassword };
    expect(await coded.call("PUT auth/password/reset", body)).toMatchObject(posted);
  });

  // Guard: ASVS 5.0 6.3.8; Incident: C9
  test("answers alike for whoever is known, unknown or without an address", async () => {
    const user = await client.rekey.user(client.realm);
    const mute = await client.rekey.user(client.realm, {
      userName: "mute",
      email: { address: "m@x.org", verified: false },
    });
    const answers = await Promise.all(
      [user.userName, mute.userName, "nobody-at-all"].map(async (username) => {
        const { status, headers, body } = await client.call(`POST ${forgot}`, { username }, { "x-request-id": "same" });
        return { status, headers: [...headers].filter(([name]) => name !== "date"), body };
      }),
    );
    expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
    const reasons = (await client.rekey.recoveries()).slice(-3).map(({ reason = "sent" }) => reason);
    expect(reasons.toSorted()).toEqual(["channel_unavailable", "sent", "user_unknown"]);
  });
});

describe("the phone calls", () => {
  test("text a one-time password, which sets a password", async () => {
    const user = await client.rekey.user(client.realm, { phone: { number: "+15555550199", verified: true } });
    const answer = await client.call("POST auth/password/otp?isVoiceOtp=&smstemplate=", { Phone: "+1 555 555 0199" });
    expect(answer).toMatchObject({
      status: 200,
      body: {
        IsPosted: true,
        Data: { AccountSid: expect.stringMatching(/^AC[0-9a-f]{32}$/), Sid: expect.stringMatching(/^SM[0-9a-f]{32}$/) },
      },
    });
    const { code, link } = await client.message(user);
    expect(link).toBe("");
    const body = { phone: "+15555550199", otp: code, password: goodPassword };
    expect(await client.call("PUT auth/password/otp", body)).toMatchObject(posted);
    expect(await client.rekey.isPassword(user, goodPassword)).toBe(true);
  });

  test("answer alike for a number that nobody has", async () => {
    const answer = await client.call("POST auth/password/otp", { phone: "+15555550000" });
    expect(answer).toMatchObject({ status: 200, body: { IsPosted: true } });
  });
});

describe("POST manage/account/forgot/token", () => {
  const line = "POST manage/account/forgot/token";

  test("returns a token, and mails nothing", async () => {
    const user = await client.rekey.user(client.realm);
    const { status, body } = await client.manage(line, { Username: user.userName });
    expect([status, body]).toEqual([200, { ForgotToken: expect.stringMatching(/^[\w-]+$/), IdentityProviders: [] }]);
    expect(await client.messages(user)).toBe(0);
    const change = { ResetToken: body["ForgotToken"], Password: goodPassword, welcomeemailtemplate: "x" };
    expect(await client.call("PUT auth/password/reset", change)).toMatchObject(posted);
    expect(await client.rekey.isPassword(user, goodPassword)).toBe(true);
  });

  test.each(["", "false", "False"])("sendemail=%s mails nothing", async (flag) => {
    const user = await client.rekey.user(client.realm);
    expect(await client.manage(`${line}?sendEmail=${flag}`, { email: user.email?.address })).toMatchObject({
      status: 200,
    });
    expect(await client.messages(user)).toBe(0);
  });

  test.each(["sendemail=true", "sendEmail=True", "sendEmail=1"])("%s mails the token that it returns", async (flag) => {
    const user = await client.rekey.user(client.realm);
    const query = `${flag}&resetPasswordUrl=${encodeURIComponent(page)}&emailtemplate=password_initial`;
    const { body } = await client.manage(`${line}?${query}`, { email: user.email?.address });
    const { token, template } = await client.message(user);
    expect([token, template]).toEqual([body["ForgotToken"], "password_initial"]);
  });

  test("the token lives for 72 hours", async () => {
    const user = await client.rekey.user(client.realm);
    const { body } = await client.manage("POST manage/account/emailtoken/forgotpassword", {
      email: user.email?.address,
    });
    const end = Date.parse(String(body["ExpiresIn"]));
    expect(end).toBe(client.rekey.clock.now() + 72 * hour);
  });
});

describe("the siblings", () => {
  test("emailtoken returns a token, its end and the providers", async () => {
    const user = await client.rekey.user(client.realm);
    const line = "POST manage/account/emailtoken/forgotpassword";
    const { status, body } = await client.manage(line, { Email: user.email?.address, Type: "x", ClientGuid: "y" });
    expect(status).toBe(200);
    expect(Object.keys(body)).toEqual(["Token", "ExpiresIn", "IdentityProviders"]);
    const change = { resettoken: body["Token"], password: goodPassword };
    expect(await client.call("PUT auth/password/reset", change)).toMatchObject(posted);
  });

  test("emailtoken returns a one-time password where the realm's mails bring one", async () => {
    const user = await coded.rekey.user(coded.realm);
    const line = "POST manage/account/emailtoken/forgotpassword";
    const { body } = await coded.manage(line, { Username: user.userName });
    expect(body["Token"]).toMatch(/^\d{8}$/);
    expect(Date.parse(String(body["ExpiresIn"]))).toBe(coded.rekey.clock.now() + 10 * minute);
    const change = { username: user.userName, otp: body["Token"], password: goodPassword };
    expect(await coded.call("PUT auth/password/reset", change)).toMatchObject(posted);
  });

  test("smsotp returns a one-time password for a number", async () => {
    const user = await client.rekey.user(client.realm, { phone: { number: "+15555550177", verified: true } });
    const { status, body } = await client.manage("POST manage/account/smsotp/forgotpassword", {
      phone: "+15555550177",
    });
    expect([status, body]).toEqual([200, { Token: expect.stringMatching(/^\d{8}$/), ExpiresIn: expect.any(String) }]);
    expect(await client.messages(user)).toBe(0);
    const change = { phone: "+15555550177", otp: body["Token"], password: goodPassword };
    expect(await client.call("PUT auth/password/otp", change)).toMatchObject(posted);
  });
});

describe("across dialects", () => {
  test("the newest wins, and a change kills what is left", async () => {
    const user = await client.rekey.user(client.realm);
    const token = async () => {
      const { body } = await client.manage("POST manage/account/forgot/token", { username: user.userName });
      return body["ForgotToken"];
    };
    const reset = async (resettoken: unknown) =>
      (await client.call("PUT auth/password/reset", { resettoken, password: goodPassword })).body["ErrorCode"];
    const { acts, dialect } = client.rekey;
    const call = client.rekey.call(client.realm);
    const older = await token();
    const { code = "" } = await acts.requestReset(call, { userId: user.id, medium: { kind: "return_code" }, dialect });
    expect(await reset(older)).toBe(979);
    const newest = await token();
    const change = {
      userId: user.id,
      presented: code,
      password: "another long password",
      changeRequired: false,
      dialect,
    };
    await expect(acts.completeReset(call, change)).rejects.toThrow("code_replaced");
    await acts.setPassword(call, { ...change, proof: { kind: "permission" } });
    expect(await reset(newest)).toBe(974);
  });
});

test("an app of another realm opens nothing", async () => {
  const user = await client.rekey.user(client.realm);
  const { body } = await client.manage("POST manage/account/forgot/token", { username: user.userName });
  const answer = await coded.call("PUT auth/password/reset", {
    resettoken: body["ForgotToken"],
    password: goodPassword,
  });
  expect(answer.body["ErrorCode"]).toBe(1063);
});

test("every path is a plain 404 where no realm has an app", async () => {
  const rekey = await openRekey();
  const url = await rekey.listen();
  for (const path of ["auth/password", "auth/password/reset", "manage/account/forgot/token"]) {
    const answer = await fetch(`${url}/identity/v2/${path}?apikey=${app.key}`, { method: "POST", body: "{}" });
    expect([answer.status, await answer.json()]).toEqual([404, { code: 5, message: "Not Found" }]);
  }
  await rekey.close();
});
