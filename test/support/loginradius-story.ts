// What does somebody live through whose application speaks to LoginRadius? Asked for, mailed, texted, set, and every no on
// the way, by whichever of the vendor's clients.

import { expect } from "vitest";

import { linkIn, mailServer, mailTo, twilioSetting } from "./delivery-scene.ts";
import { eventually } from "./eventually.ts";
import { app, goodPassword, page } from "./loginradius-app.ts";
import { type ApiRequest, startTwilio } from "./start-api.ts";
import { startProduction } from "./start-production.ts";

/** An answer, or what was said instead: clients differ in how they tell the two apart. */
export type Told = Readonly<Record<string, unknown>>;

/** The calls of the contract, as each client has them. */
export type VendorClient = {
  forgotPassword(email: string): Promise<Told>;
  forgotPasswordToken(email: string, mailed?: boolean): Promise<Told>;
  emailToken(email: string, type: string): Promise<Told>;
  smsOtp(phone: string): Promise<Told>;
  resetByToken(token: string, password: string): Promise<Told>;
  resetByEmailOtp(email: string, otp: string, password: string): Promise<Told>;
  resetByUserNameOtp(username: string, otp: string, password: string): Promise<Told>;
  resetBySecurityAnswer(email: string, password: string): Promise<Told>;
  changePassword(accessToken: string, next: string, current: string): Promise<Told>;
  forgotByPhone(phone: string): Promise<Told>;
  resetByPhoneOtp(phone: string, otp: string, password: string): Promise<Told>;
};

export type Credentials = { readonly key: string; readonly secret: string };

export async function startForLoginRadius(mailBrings: "link" | "code" = "link") {
  const mail = await mailServer();
  const twilio = await startTwilio();
  const service = await startProduction({
    delivery: { smtp: [mail.setting], sms: [twilioSetting(twilio.url)] },
    acme: {
      loginradius: {
        key: app.key,
        secret: app.secret,
        secondary_secrets: [{ secret: app.secondary }],
        site_urls: [new URL(page).origin],
        reset_url: page,
        mail_brings: mailBrings,
      },
    },
  });
  return { service, mail: mail.server, twilio };
}

type Scene = Awaited<ReturnType<typeof startForLoginRadius>>;

/** With links in mails. */
export async function expectEveryWay(
  { service, mail, twilio }: Scene,
  open: (credentials: Credentials) => VendorClient,
): Promise<void> {
  const client = open(app);
  const ann = await service.makeUser();

  // Asked for by herself: a mail, and what is in it.
  expect(await client.forgotPassword(ann.email)).toEqual({ IsPosted: true });
  expect(await client.forgotPassword("nobody@example.org")).toEqual({ IsPosted: true });
  const { text } = await mailTo(mail, ann.email);
  const link = new URL(linkIn(text).link);
  expect([link.origin + link.pathname, link.searchParams.get("vtype")]).toEqual([page, "reset"]);
  const token = link.searchParams.get("vtoken") ?? "";
  expect(await client.resetByToken(token, "short")).toMatchObject({ ErrorCode: 1134 });
  expect(await client.resetByToken(token, goodPassword)).toEqual({ IsPosted: true });
  expect(await client.resetByToken(token, goodPassword)).toMatchObject({ ErrorCode: 974 });
  expect(await client.resetByToken("x", goodPassword)).toMatchObject({ ErrorCode: 1063 });

  // Asked for by the application.
  const given = await client.forgotPasswordToken(ann.email);
  expect(given).toEqual({ ForgotToken: expect.any(String), IdentityProviders: [] });
  const mailed = await client.forgotPasswordToken(ann.email, true);
  expect(await client.resetByToken(String(given["ForgotToken"]), goodPassword)).toMatchObject({ ErrorCode: 979 });
  expect(await client.resetByToken(String(mailed["ForgotToken"]), goodPassword)).toEqual({ IsPosted: true });
  const { Token: emailToken } = await client.emailToken(ann.email, "forgotpassword");
  expect(await client.resetByToken(String(emailToken), goodPassword)).toEqual({ IsPosted: true });
  expect(await client.forgotPasswordToken("nobody@example.org")).toMatchObject({ ErrorCode: 938 });
  expect(await client.emailToken(ann.email, "verifyemail")).toMatchObject({ ErrorCode: 1181 });

  // By phone.
  expect(await client.forgotByPhone(ann.phone)).toMatchObject({ IsPosted: true, Data: { Sid: expect.any(String) } });
  const otp = await eventually(() => otpAmong(twilio.requests, ann.phone));
  const wrong = (otp.startsWith("1") ? "2" : "1") + otp.slice(1);
  expect(await client.resetByPhoneOtp(ann.phone, wrong, goodPassword)).toMatchObject({ ErrorCode: 1067 });
  expect(await client.resetByPhoneOtp(ann.phone, otp, goodPassword)).toEqual({ IsPosted: true });
  const { Token: smsOtp } = await client.smsOtp(ann.phone);
  expect(await client.resetByPhoneOtp(ann.phone, String(smsOtp), goodPassword)).toEqual({ IsPosted: true });

  // What is not there, and who is nobody.
  expect(await client.resetByEmailOtp(ann.email, "12345678", goodPassword)).toMatchObject({ ErrorCode: 1185 });
  expect(await client.resetBySecurityAnswer(ann.email, goodPassword)).toMatchObject({ ErrorCode: 1095 });
  expect(await client.changePassword("token", goodPassword, goodPassword)).toMatchObject({ ErrorCode: 905 });
  const wrongKey = open({ ...app, key: "0b5cd1f4-0000-0000-0000-000000000000" });
  expect(await wrongKey.forgotPassword(ann.email)).toMatchObject({ ErrorCode: 901 });
  const wrongSecret = open({ ...app, secret: "6f1f2a0c-0000-0000-0000-000000000000" });
  expect(await wrongSecret.forgotPasswordToken(ann.email)).toMatchObject({ ErrorCode: 902 });

  // Guard: ASVS 5.0 16.2.5; what went by is in no log.
  const secrets = [app.secret, token, String(mailed["ForgotToken"]), String(emailToken), otp, goodPassword, ann.email];
  expect(secrets.filter((secret) => service.output().includes(secret))).toEqual([]);
}

/** With one-time passwords in mails. */
export async function expectOtpWay({ service, mail }: Scene, client: VendorClient): Promise<void> {
  const ann = await service.makeUser();
  expect(await client.forgotPassword(ann.email)).toEqual({ IsPosted: true });
  const otp = await otpIn(mail, ann.email, 0);
  expect(await client.resetByEmailOtp(ann.email, otp, goodPassword)).toEqual({ IsPosted: true });
  expect(await client.resetByEmailOtp(ann.email, otp, goodPassword)).toMatchObject({ ErrorCode: 1186 });
  const { Token } = await client.emailToken(ann.email, "forgotpassword");
  expect(await client.resetByUserNameOtp(ann.userId, String(Token), goodPassword)).toEqual({ IsPosted: true });
}

/** Notices go to the same number. */
function otpAmong(requests: readonly ApiRequest[], phone: string): string | undefined {
  const forms = requests.map(({ body }) => new URLSearchParams(body)).filter((form) => form.get("To") === phone);
  return forms.map((form) => /\b\d{8}\b/.exec(form.get("Body") ?? "")?.[0]).find((otp) => otp !== undefined);
}

async function otpIn(mail: Scene["mail"], address: string, index: number): Promise<string> {
  const { text } = await mailTo(mail, address, index);
  return /^\s*(\d{8})\s*$/m.exec(text)?.[1] ?? "";
}
