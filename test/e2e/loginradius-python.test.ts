// Does LoginRadius's own client for Python work with nothing changed but the host, signed requests included?

import { spawn } from "node:child_process";
import { join } from "node:path";
import { createInterface } from "node:readline";

import { beforeAll, expect, onTestFinished, test } from "vitest";

import { app, page } from "../support/loginradius-app.ts";
import {
  type Credentials,
  expectEveryWay,
  expectOtpWay,
  startForLoginRadius,
  type Told,
  type VendorClient,
} from "../support/loginradius-story.ts";
import { pythonWith } from "../support/python.ts";

const here = join(import.meta.dirname, "python");
/** The packages come from the network the first time. */
const installTimeoutMs = 600_000;

let python: string;
beforeAll(async () => {
  python = await pythonWith(join(here, "loginradius-requirements.txt"));
}, installTimeoutMs);

/** One interpreter for all calls of a test. */
function clients(address: string, { signed = false } = {}): (credentials: Credentials) => VendorClient {
  const child = spawn(python, [join(here, "loginradius.py")], { stdio: ["pipe", "pipe", "inherit"] });
  onTestFinished(() => void child.kill());
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();

  return (credentials) => {
    const call = (api: string, name: string) => {
      return async (...values: readonly unknown[]): Promise<Told> => {
        child.stdin.write(`${JSON.stringify({ ...credentials, address, signed, api, name, arguments: values })}\n`);
        const { value = "{}" } = await lines.next();
        return JSON.parse(value) as Told;
      };
    };
    const auth = (name: string) => call("authentication", name);
    const accounts = (name: string) => call("account", name);
    return {
      forgotPassword: async (email) => await auth("forgot_password")(email, page),
      forgotPasswordToken: async (email, mailed) =>
        await accounts("get_forgot_password_token")(email, ...(mailed === true ? ["password_reset", page, true] : [])),
      emailToken: async (Email, type) => await accounts("multipurpose_email_token_generation")({ Email }, type),
      smsOtp: async (Phone) => await accounts("multipurpose_sms_otp_generation")({ Phone }, "forgotpassword"),
      resetByToken: async (resetToken, password) =>
        await auth("reset_password_by_reset_token")({ resetToken, password }),
      resetByEmailOtp: async (email, otp, password) =>
        await auth("reset_password_by_email_otp")({ email, otp, password }),
      resetByUserNameOtp: async (userName, otp, password) =>
        await auth("reset_password_by_otp_and_user_name")({ userName, otp, password }),
      resetBySecurityAnswer: async (email, password) =>
        await auth("reset_password_by_security_answer_and_email")({ email, password, securityAnswer: { id: "x" } }),
      changePassword: auth("change_password"),
      forgotByPhone: call("phone_authentication", "forgot_password_by_phone_otp"),
      resetByPhoneOtp: async (phone, otp, password) =>
        await call("phone_authentication", "reset_password_by_phone_otp")({ phone, otp, password }),
    };
  };
}

test("somebody who forgot the password gets a new one, by every way there is", async () => {
  const scene = await startForLoginRadius();
  await expectEveryWay(scene, clients(scene.service.address));
});

test("by one-time passwords in mails, too", async () => {
  const scene = await startForLoginRadius("code");
  await expectOtpWay(scene, clients(scene.service.address)(app));
});

test("management calls are signed instead of bringing the secret", async () => {
  const { service } = await startForLoginRadius();
  const ann = await service.makeUser();
  const open = clients(service.address, { signed: true });
  const { ForgotToken } = await open(app).forgotPasswordToken(ann.email);
  expect(await open(app).resetByToken(String(ForgotToken), "Marble-4-kites")).toEqual({ IsPosted: true });
  const other = open({ ...app, secret: "6f1f2a0c-0000-0000-0000-000000000000" });
  expect(await other.forgotPasswordToken(ann.email)).toMatchObject({ ErrorCode: 1208 });
});
