// What does the vendor's client hear of each no of the password calls? The bytes of REST and Connect, and the same over gRPC.
// Vendor: Zitadel v2, contract of the newest version.

import type { JsonObject } from "@bufbuild/protobuf";
import { Code } from "@connectrpc/connect";
import { expect, test } from "vitest";

import { UserService } from "../../gen/zitadel/user/v2/user_service_pb.ts";
import { hour, minute } from "../../src/units.ts";
import { type Asked, errorWays } from "../support/error-answers.ts";
import { fullCourier, noLimits, openRekey } from "../support/open-rekey.ts";
import {
  bounds,
  type ErrorCase,
  exhausted,
  failed,
  invalid,
  nested,
  oldPassword,
  tellAsTheVendor,
  told,
} from "../support/zitadel-error-cases.ts";

const password = "Now my 2nd Password!";

const reset = (userId: string, medium: JsonObject): Asked => ({
  method: UserService.method.passwordReset,
  rest: "POST /v2/users/{userId}/password_reset",
  message: { userId, ...medium },
});
const set = (userId: string, rest: JsonObject): Asked => ({
  method: UserService.method.setPassword,
  rest: "POST /v2/users/{userId}/password",
  message: { userId, ...rest },
});
const withCode = (userId: string, verificationCode: string, next = password): Asked =>
  set(userId, { newPassword: { password: next }, verificationCode });
const withCurrent = (userId: string, currentPassword: string, next = password): Asked =>
  set(userId, { newPassword: { password: next }, currentPassword });
const link = (userId: string, urlTemplate: string): Asked => reset(userId, { sendLink: { urlTemplate } });

const codeNotFound = failed("Code not found", "COMMAND-2M9fs");
const codeInvalid = invalid("Code is invalid", "CODE-woT0xc");
const onlyGuess = { ...noLimits, guess_code: { account: { max: 1, windowMs: hour } } };

const cases: Readonly<Record<string, ErrorCase>> = {
  "no authorization header": {
    headers: { authorization: undefined },
    ask: ({ user }) => reset(user.id, { returnCode: {} }),
    says: told(Code.Unauthenticated, 401, "auth header missing"),
  },
  "an unknown token": {
    headers: { authorization: "Bearer unknown" },
    ask: ({ user }) => reset(user.id, { returnCode: {} }),
    says: told(Code.Unauthenticated, 401, "Errors.Token.Invalid", "AUTH-7fs1e"),
  },
  "an unknown organization": {
    headers: { "x-zitadel-orgid": "moon" },
    ask: ({ user }) => reset(user.id, { returnCode: {} }),
    says: told(Code.PermissionDenied, 403, "Organisation doesn't exist", "AUTH-Bs7Ds"),
  },
  "a key without this permission": {
    permissions: ["users.read"],
    ask: ({ user }) => reset(user.id, { returnCode: {} }),
    says: told(Code.PermissionDenied, 403, "No matching permissions found", "AUTH-AWfge"),
  },
  "a key without any permission": {
    permissions: [],
    ask: ({ user }) => set(user.id, { newPassword: { password } }),
    says: told(Code.NotFound, 404, "membership not found", "AUTHZ-cdgFk"),
  },
  "a user id out of bounds, on a reset": {
    ask: () => reset("x".repeat(201), { returnCode: {} }),
    says: invalid(`invalid PasswordResetRequest.UserId: ${bounds(200)}`),
  },
  "a user id out of bounds, on a password": {
    ask: () => set("x".repeat(201), { newPassword: { password } }),
    says: invalid(`invalid SetPasswordRequest.UserId: ${bounds(200)}`),
  },
  "an empty template": {
    ask: ({ user }) => link(user.id, ""),
    says: invalid(
      `invalid PasswordResetRequest.SendLink: ${nested}invalid SendPasswordResetLink.UrlTemplate: ${bounds(200)}`,
    ),
  },
  "a template out of bounds": {
    ask: ({ user }) => link(user.id, `https://app.example.com/${"x".repeat(200)}`),
    says: invalid(
      `invalid PasswordResetRequest.SendLink: ${nested}invalid SendPasswordResetLink.UrlTemplate: ${bounds(200)}`,
    ),
  },
  "an empty code": {
    ask: ({ user }) => withCode(user.id, ""),
    says: invalid(`invalid SetPasswordRequest.VerificationCode: ${bounds(20)}`),
  },
  "a code out of bounds": {
    ask: ({ user }) => withCode(user.id, "x".repeat(21)),
    says: invalid(`invalid SetPasswordRequest.VerificationCode: ${bounds(20)}`),
  },
  "an empty current password": {
    ask: ({ user }) => withCurrent(user.id, ""),
    says: invalid(`invalid SetPasswordRequest.CurrentPassword: ${bounds(200)}`),
  },
  "an empty password": {
    ask: ({ user }) => set(user.id, { newPassword: {} }),
    says: invalid(`invalid SetPasswordRequest.NewPassword: ${nested}invalid Password.Password: ${bounds(200)}`),
  },
  "a password out of bounds": {
    ask: ({ user }) => set(user.id, { newPassword: { password: "ä".repeat(201) } }),
    says: invalid(`invalid SetPasswordRequest.NewPassword: ${nested}invalid Password.Password: ${bounds(200)}`),
  },
  "an unknown user, on a reset": {
    ask: () => reset("nobody", { returnCode: {} }),
    says: told(Code.NotFound, 404, "User could not be found", "COMMAND-SAF4f"),
  },
  "an unknown user, by code": {
    ask: () => withCode("nobody", "ABC123"),
    says: failed("Password not found", "COMMAND-G8dh3"),
  },
  "an unknown user, by current password": {
    ask: () => withCurrent("nobody", "any"),
    says: failed("Password not found", "COMMAND-G8dh3"),
  },
  "an unknown user, by permission": {
    ask: () => set("nobody", { newPassword: { password } }),
    says: failed("Password not found", "COMMAND-G8dh3"),
  },
  "a user in the initial state, on a reset": {
    user: { state: "initial" },
    ask: ({ user }) => reset(user.id, {}),
    says: failed("User is not yet initialized", "COMMAND-Sfe4g"),
  },
  "a user in the initial state, on a password": {
    user: { state: "initial" },
    ask: ({ user }) => withCode(user.id, "ABC123"),
    says: failed("User is not yet initialized", "COMMAND-M9dse"),
  },
  "a template that cannot be parsed": {
    ask: ({ user }) => link(user.id, "https://app.example.com/{{"),
    says: invalid("URL Template is invalid", "DOMAIN-oGh5e"),
  },
  "a template with an unknown name": {
    ask: ({ user }) => link(user.id, "https://app.example.com/{{.LoginName}}"),
    says: invalid("URL Template is invalid", "DOMAIN-ieYa7"),
  },
  "a template that points elsewhere": {
    ask: ({ user }) => link(user.id, "https://evil.example/{{.Code}}"),
    says: invalid("URL Template is invalid", "DOMAIN-oGh5e"),
  },
  "no template where the realm has no page": {
    realm: { links: { hosts: [] } },
    ask: ({ user }) => reset(user.id, {}),
    says: failed("The realm has no password page: send a url template", "REKEY-Page1"),
  },
  "a wrong code": {
    ask: async ({ user, steps }) => {
      await steps.code(user.id);
      return withCode(user.id, "!!!!!!");
    },
    says: codeInvalid,
  },
  "the code of before": {
    ask: async ({ user, steps }) => {
      const first = await steps.code(user.id);
      await steps.code(user.id);
      return withCode(user.id, first);
    },
    says: codeInvalid,
  },
  "an old code": {
    ask: async ({ rekey, user, steps }) => {
      const code = await steps.code(user.id);
      rekey.clock.pass(hour);
      return withCode(user.id, code);
    },
    says: failed("Code is expired", "CODE-QvUQ4P"),
  },
  "a wrong code where the right one is old": {
    ask: async ({ rekey, user, steps }) => {
      await steps.code(user.id);
      rekey.clock.pass(hour);
      return withCode(user.id, "!!!!!!");
    },
    says: failed("Code is expired", "CODE-QvUQ4P"),
  },
  "a code that was never made": { ask: ({ user }) => withCode(user.id, "ABC123"), says: codeNotFound },
  "a used code": {
    ask: async ({ user, steps }) => {
      const code = await steps.code(user.id);
      await steps.complete(user.id, code, password);
      return withCode(user.id, code);
    },
    says: codeNotFound,
  },
  "a code from before a change by permission": {
    ask: async ({ user, steps }) => {
      const code = await steps.code(user.id);
      await steps.set(user.id, password);
      return withCode(user.id, code);
    },
    says: codeNotFound,
  },
  "a code with too many wrong tries": {
    ask: async ({ user, steps }) => {
      const code = await steps.code(user.id);
      for (let i = 0; i < 5; i += 1) await steps.check(user.id, "!!!!!!").catch(() => undefined);
      return withCode(user.id, code);
    },
    says: codeNotFound,
  },
  "too many guesses over all codes": {
    realm: { limits: onlyGuess },
    ask: async ({ user, steps }) => {
      const code = await steps.code(user.id);
      await steps.check(user.id, "!!!!!!").catch(() => undefined);
      return withCode(user.id, code);
    },
    says: exhausted("Too many wrong codes", "REKEY-Gues1"),
    retryAfter: "3600",
  },
  "too many requests": {
    realm: { limits: { ...noLimits, send_message: { account: { max: 1, windowMs: minute } } } },
    ask: async ({ user, steps }) => {
      await steps.send(user.id);
      return reset(user.id, {});
    },
    says: exhausted("Too many requests", "REKEY-Rate1"),
    retryAfter: "60",
  },
  "a short password": weak("Ab1!xyz", "Password is too short", "DOMAIN-HuJf6"),
  "a password without lower case": weak("ABCDEF1!", "Password must contain lower case", "DOMAIN-co3Xw"),
  "a password without upper case": weak("abcdef1!", "Password must contain upper case", "DOMAIN-VoaRj"),
  "a password without a number": weak("Abcdefg!", "Password must contain number", "DOMAIN-ZBv4H"),
  "a password without a symbol": weak("Abcdefg1", "Password must contain symbol", "DOMAIN-ZDLwA"),
  "a password that breaks every rule: the first one": weak("ä", "Password is too short", "DOMAIN-HuJf6"),
  "a password that grows beyond the bound": weak("ﷺ".repeat(20), "Password is too long", "REKEY-Long1"),
  "a common password": weak("P@ssw0rd", "Password is too common", "REKEY-Comm1"),
  "a password that is the user's name": weak("Featherstone1!", "Password is too close to a name", "REKEY-Word1"),
  "no new password, with a code": {
    ask: ({ user }) => set(user.id, { verificationCode: "ABC123" }),
    says: invalid("Password is empty", "COMMAND-Mf0sd"),
  },
  "no new password, with the current one": {
    ask: ({ user }) => set(user.id, { currentPassword: oldPassword }),
    says: invalid("Password is empty", "COMMAND-3M0fs"),
  },
  "no new password, and no verification": {
    ask: ({ user }) => set(user.id, {}),
    says: invalid("Password is empty", "COMMAND-Mf0sd"),
  },
  "a wrong current password": {
    ask: ({ user }) => withCurrent(user.id, "wrong"),
    says: invalid("Password is invalid", "COMMAND-3M0fs"),
    detail: "CredentialsCheckError",
  },
  "a user without a password": {
    user: {},
    ask: async ({ rekey, realm }) => withCurrent((await rekey.user(realm)).id, "any"),
    says: failed("User has not set a password", "COMMAND-3nJ4t"),
  },
  "the same password again": {
    ask: ({ user }) => withCurrent(user.id, oldPassword, oldPassword),
    says: failed("New password cannot be the same as your current password", "COMMAND-Aesh5"),
  },
  "a change by somebody else at the same moment": {
    ask: ({ user }) => set(user.id, { newPassword: { password } }),
    while: ["ignored", "UPDATE OF password_version ON directory_users"],
    says: told(Code.Aborted, 409, "The user was changed at the same moment", "REKEY-Conf1"),
    retryAfter: "1",
  },
  "a store that is away": {
    ask: ({ user }) => reset(user.id, {}),
    while: ["refused", "INSERT ON accounts"],
    says: told(Code.Unavailable, 503, "Service unavailable", "REKEY-Down1"),
    retryAfter: "1",
  },
};

function weak(next: string, text: string, id: string): ErrorCase {
  return {
    user: { displayName: "Bartholomew Featherstone" },
    ask: async ({ user, steps }) => withCode(user.id, await steps.code(user.id), next),
    says: invalid(text, id),
  };
}

tellAsTheVendor(cases);

test.each(errorWays)("over $name: nothing that could send, and a full delivery", async ({ ask }) => {
  const ends = [
    {
      courier: "none",
      code: Code.FailedPrecondition,
      message: "No delivery is configured (REKEY-Mail1)",
      retryAfter: null,
    },
    {
      courier: fullCourier(6001),
      code: Code.ResourceExhausted,
      message: "The service is busy (REKEY-Load1)",
      retryAfter: "7",
    },
  ] as const;
  for (const { courier, ...expected } of ends) {
    const other = await openRekey({ courier });
    const realm = other.realm();
    const user = await other.user(realm);
    const headers = { authorization: `Bearer ${other.apiKey(realm)}` };
    expect(await ask(await other.listen(), headers, reset(user.id, {}))).toMatchObject(expected);
    await other.close();
  }
});

// Guard: ASVS 5.0 16.5.1.
test.each(errorWays)("over $name: a fault says nothing but its id", async ({ ask }) => {
  const rekey = await openRekey();
  const realm = rekey.realm();
  const user = await rekey.user(realm);
  const now = rekey.clock.now();
  const change = { hash: "$not$a$hash", changeRequired: false, expectedVersion: 0, endSessions: false, now };
  await rekey.directory.changePassword({ realmId: realm.id, userId: user.id, ...change });
  const headers = { authorization: `Bearer ${rekey.apiKey(realm)}` };
  const answer = await ask(await rekey.listen(), headers, withCurrent(user.id, "any"));
  expect(answer).toMatchObject({ code: Code.Internal, message: "internal error", details: [] });
  expect(rekey.faults.at(-1)?.requestId).toBe(answer.requestId);
  await rekey.close();
});
