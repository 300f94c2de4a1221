// Does LoginRadius's own client for Node work with nothing changed but the host?

import { globalAgent } from "node:https";

import openSdk from "loginradius-sdk";
import { afterEach, expect, test } from "vitest";

import { app, page } from "../support/loginradius-app.ts";
import {
  type Credentials,
  expectEveryWay,
  expectOtpWay,
  startForLoginRadius,
  type Told,
  type VendorClient,
} from "../support/loginradius-story.ts";
import { tlsFixture } from "../support/start-smtp-server.ts";
import { tlsFront } from "../support/tls-front.ts";

/** The client names no port and no certificate: the process that it runs in does. */
const agent = globalAgent as unknown as { defaultPort: number; options: { ca?: string } };
afterEach(() => globalAgent.destroy());

async function clients(address: string): Promise<(credentials: Credentials) => VendorClient> {
  agent.defaultPort = await tlsFront(address);
  agent.options.ca = tlsFixture("certificate");
  return clientOf;
}

function clientOf({ key, secret }: Credentials): VendorClient {
  const sdk = openSdk({ apiDomain: "localhost", apiKey: key, apiSecret: secret, serverRegion: "eu" });
  const { authenticationApi: auth, phoneAuthenticationApi: phones, accountApi: accounts } = sdk;
  return {
    forgotPassword: async (email) => await told(auth.forgotPassword(email, page, "")),
    forgotPasswordToken: async (email, mailed) =>
      await told(
        mailed === true
          ? accounts.getForgotPasswordToken(email, "password_reset", page, true)
          : accounts.getForgotPasswordToken(email),
      ),
    emailToken: async (Email, type) => await told(accounts.multipurposeEmailTokenGeneration({ Email }, type)),
    smsOtp: async (Phone) => await told(accounts.multipurposeSMSOTPGeneration({ Phone }, "forgotpassword")),
    resetByToken: async (resetToken, password) => await told(auth.resetPasswordByResetToken({ resetToken, password })),
    resetByEmailOtp: async (email, otp, password) => await told(auth.resetPasswordByEmailOTP({ email, otp, password })),
    resetByUserNameOtp: async (username, otp, password) =>
      await told(auth.resetPasswordByOTPAndUserName({ username, otp, password })),
    resetBySecurityAnswer: async (email, password) =>
      await told(auth.resetPasswordBySecurityAnswerAndEmail({ email, password, securityAnswer: { id: "x" } })),
    changePassword: async (...values) => await told(auth.changePassword(...values)),
    forgotByPhone: async (phone) => await told(phones.forgotPasswordByPhoneOTP(phone)),
    resetByPhoneOtp: async (phone, otp, password) =>
      await told(phones.resetPasswordByPhoneOTP({ phone, otp, password })),
  };
}

/** It rejects with the body of an error. */
async function told(call: Promise<Told>): Promise<Told> {
  return await call.catch((cause: unknown) => cause as Told);
}

test("somebody who forgot the password gets a new one, by every way there is", async () => {
  const scene = await startForLoginRadius();
  await expectEveryWay(scene, await clients(scene.service.address));
});

test("by one-time passwords in mails, too", async () => {
  const scene = await startForLoginRadius("code");
  await expectOtpWay(scene, (await clients(scene.service.address))(app));
});

/** Vendor: this client looks for one casing only. */
test("a failed authentication of the newer kind is taken for a failure", async () => {
  const { service } = await startForLoginRadius();
  await clients(service.address);
  const sdk = openSdk({ apiDomain: "localhost", apiKey: " ", apiSecret: app.secret });
  const call = sdk.authenticationApi.changePassword("access", "next", "current");
  expect(await told(call)).toMatchObject({ ErrorCode: 901 });
});
