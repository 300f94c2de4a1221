// What does our own API say to each no? Code, reason, details and headers, the same over every protocol.

import { randomUUID } from "node:crypto";

import type { JsonObject } from "@bufbuild/protobuf";
import { Code } from "@connectrpc/connect";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { PasswordService } from "../../gen/rekey/v1/password_service_pb.ts";
import { UserService } from "../../gen/rekey/v1/user_service_pb.ts";
import type { User } from "../../src/directory/directory.ts";
import type { Realm } from "../../src/reset/realm.ts";
import { hour, minute } from "../../src/units.ts";
import { type Asked, type ErrorAnswer, errorWays } from "../support/error-answers.ts";
import { noLimits, fullCourier, openRekey, type Rekey } from "../support/open-rekey.ts";
import { whileWritesAre } from "../support/refuse-writes.ts";
import { goodPassword, resetSteps, type ResetSteps } from "../support/reset-steps.ts";

const oldPassword = "the password of before";

/** One user in a realm of its own, and whoever acts on it. */
type Scene = { rekey: Rekey; url: string; realm: Realm; user: User; steps: ResetSteps; key: string };

type Case = {
  readonly realm?: Partial<Realm>;
  readonly user?: Parameters<Rekey["user"]>[1];
  /** Brings the call about, and answers it; `ask` makes it. */
  readonly run: (scene: Scene, ask: (asked: Asked) => Promise<ErrorAnswer>) => Promise<ErrorAnswer>;
  readonly says: { readonly code: Code; readonly status: number; readonly reason: string };
  readonly message: string;
  readonly metadata?: JsonObject;
  /** Besides ErrorInfo. */
  readonly details?: readonly JsonObject[];
  readonly retryAfter?: string;
};

const { passwordReset, setPassword, checkCode } = PasswordService.method;
const { createUser, getUser, updateUser } = UserService.method;

const reset = (userId: string, medium: JsonObject): Asked => ({
  method: passwordReset,
  rest: "POST /v1/users/{userId}/password_reset",
  message: { userId, ...medium },
});
const set = (userId: string, proof: JsonObject, password = goodPassword): Asked => ({
  method: setPassword,
  rest: "POST /v1/users/{userId}/password",
  message: { userId, newPassword: { password }, ...proof },
});
const check = (userId: string, verificationCode: string): Asked => ({
  method: checkCode,
  rest: "POST /v1/users/{userId}/password_reset/check",
  message: { userId, verificationCode },
});
const make = (fields: JsonObject): Asked => ({
  method: createUser,
  rest: "POST /v1/users",
  message: { userName: randomUUID(), ...fields },
});

const type = (name: string) => ({ "@type": `type.googleapis.com/google.rpc.${name}` });
const badRequest = (...fieldViolations: JsonObject[]) => ({ ...type("BadRequest"), fieldViolations });
const retryIn = (retryDelay: string) => ({ ...type("RetryInfo"), retryDelay });
const precondition = (violation: JsonObject) => ({ ...type("PreconditionFailure"), violations: [violation] });

const failed = (reason: string) => ({ code: Code.FailedPrecondition, status: 400, reason });
const invalid = (reason: string) => ({ code: Code.InvalidArgument, status: 400, reason });
const exhausted = (reason: string) => ({ code: Code.ResourceExhausted, status: 429, reason });
const aborted = (reason: string) => ({ code: Code.Aborted, status: 409, reason });

const codeInvalid = { says: failed("CODE_INVALID"), message: "the code is not valid; start a new reset" };

const cases: Readonly<Record<string, Case>> = {
  "no permission": {
    run: async ({ rekey, realm, user, url }) => {
      const key = rekey.apiKey(realm, ["users.read"]);
      return await askWith(url, key, set(user.id, { verificationCode: "X" }));
    },
    says: { code: Code.PermissionDenied, status: 403, reason: "PERMISSION_DENIED" },
    message: "the API key lacks the permission password.set_with_code",
    metadata: { permission: "password.set_with_code" },
  },
  "an unknown user": {
    run: async (_, ask) =>
      await ask({ method: getUser, rest: "GET /v1/users/{userId}", message: { userId: "nobody" } }),
    says: { code: Code.NotFound, status: 404, reason: "USER_NOT_FOUND" },
    message: "the realm of this API key has no such user",
  },
  "a user who is not set up": {
    user: { state: "initial" },
    run: async ({ user }, ask) => await ask(reset(user.id, { returnCode: {} })),
    says: failed("USER_NOT_READY"),
    message: "the user is in the initial state; activate the user first",
    details: [
      precondition({ type: "USER_STATE", subject: "user", description: "the state has to leave USER_STATE_INITIAL" }),
    ],
  },
  "no verified number": {
    user: { phone: { number: "+15555550199", verified: false } },
    run: async ({ user }, ask) =>
      await ask(reset(user.id, { sendLink: { notificationType: "NOTIFICATION_TYPE_SMS" } })),
    says: failed("CHANNEL_UNAVAILABLE"),
    message: "the user has no verified phone number; use another medium",
    metadata: { channel: "sms" },
    details: [precondition({ type: "CHANNEL", subject: "sms", description: "a verified address is needed" })],
  },
  "no verified address": {
    user: { email: { address: "new@example.org", verified: false } },
    run: async ({ user }, ask) => await ask(reset(user.id, { sendLink: {} })),
    says: failed("CHANNEL_UNAVAILABLE"),
    message: "the user has no verified e-mail address; use another medium",
    metadata: { channel: "email" },
    details: [precondition({ type: "CHANNEL", subject: "email", description: "a verified address is needed" })],
  },
  "a foreign link": {
    run: async ({ user }, ask) =>
      await ask(reset(user.id, { sendLink: { urlTemplate: "https://evil.example/{{.Code}}" } })),
    says: invalid("URL_TEMPLATE_INVALID"),
    message: "send_link.url_template: the host evil.example is not on the realm's list of link hosts",
    details: [
      badRequest({
        field: "send_link.url_template",
        description: "the host evil.example is not on the realm's list of link hosts",
        reason: "TARGET_NOT_ALLOWED",
      }),
    ],
  },
  "no link page": {
    realm: { links: { hosts: [] } },
    run: async ({ user }, ask) => await ask(reset(user.id, { sendLink: {} })),
    says: invalid("URL_TEMPLATE_MISSING"),
    message: "send_link.url_template: the realm has no page of its own; name one",
    details: [
      badRequest({
        field: "send_link.url_template",
        description: "the realm has no page of its own",
        reason: "REQUIRED",
      }),
    ],
  },
  "a code that was never made": {
    ...codeInvalid,
    run: async ({ user }, ask) => await ask(set(user.id, { verificationCode: "00000000" })),
  },
  "a wrong code": {
    ...codeInvalid,
    run: async ({ user, steps }, ask) => {
      await steps.code(user.id);
      return await ask(check(user.id, "00000000"));
    },
  },
  "a code with too many wrong tries": {
    ...codeInvalid,
    run: async ({ user, steps }, ask) => {
      const code = await steps.code(user.id);
      for (let i = 0; i < 5; i += 1) await ask(check(user.id, "00000000"));
      return await ask(set(user.id, { verificationCode: code }));
    },
  },
  "a wrong code where the right one is used": {
    ...codeInvalid,
    run: async ({ user, steps }, ask) => {
      await steps.complete(user.id, await steps.code(user.id));
      return await ask(check(user.id, "00000000"));
    },
  },
  "a wrong code where the right one is over": {
    ...codeInvalid,
    run: async ({ rekey, user, steps }, ask) => {
      await steps.code(user.id);
      rekey.clock.pass(10 * minute);
      return await ask(check(user.id, "00000000"));
    },
  },
  "an old code": {
    run: async ({ rekey, user, steps }, ask) => {
      const code = await steps.code(user.id);
      rekey.clock.pass(10 * minute);
      return await ask(set(user.id, { verificationCode: code }));
    },
    says: failed("CODE_EXPIRED"),
    message: "the code has expired; start a new reset",
  },
  "a used code": {
    run: async ({ user, steps }, ask) => {
      const code = await steps.code(user.id);
      await steps.complete(user.id, code);
      return await ask(set(user.id, { verificationCode: code }));
    },
    says: failed("CODE_USED"),
    message: "the code was used already, or the password has changed since; start a new reset",
  },
  "the code of an older request": {
    run: async ({ user, steps }, ask) => {
      const older = await steps.code(user.id);
      await steps.code(user.id);
      return await ask(set(user.id, { verificationCode: older }));
    },
    says: failed("CODE_REPLACED"),
    message: "a newer message was sent; use that one",
  },
  "a code that another call is using": {
    run: async ({ rekey, user, steps }, ask) => {
      const code = await steps.code(user.id);
      const { database } = rekey;
      // A claimant that dies in the middle: it writes nothing and gives nothing back.
      await whileWritesAre("refused", "UPDATE OF claim_id ON accounts", database, async () => {
        await whileWritesAre("refused", "UPDATE OF password_version ON directory_users", database, async () => {
          await steps.complete(user.id, code).catch(() => undefined);
        });
      });
      rekey.clock.pass(28_500);
      return await ask(set(user.id, { verificationCode: code }));
    },
    says: aborted("CODE_BUSY"),
    message: "another call is using this code at this moment",
    details: [retryIn("1.500s")],
    retryAfter: "2",
  },
  "too many guesses": {
    realm: { limits: { ...noLimits, guess_code: { account: { max: 1, windowMs: hour } } } },
    run: async ({ user, steps }, ask) => {
      const code = await steps.code(user.id);
      await ask(check(user.id, "00000000"));
      return await ask(check(user.id, code));
    },
    says: exhausted("TOO_MANY_TRIES"),
    message: "too many wrong codes for this user; links go on working, typed codes rest",
    metadata: { limit: "guess_code.account" },
    details: [retryIn("3600s")],
    retryAfter: "3600",
  },
  "too many requests": {
    realm: { limits: { ...noLimits, return_code: { account: { max: 1, windowMs: minute } } } },
    run: async ({ rekey, user, steps }, ask) => {
      await steps.code(user.id);
      rekey.clock.pass(100);
      return await ask(reset(user.id, { returnCode: {} }));
    },
    says: exhausted("RATE_LIMITED"),
    message: "the limit return_code.account is reached",
    metadata: { limit: "return_code.account" },
    details: [retryIn("59.900s")],
    retryAfter: "60",
  },
  "a weak password": {
    run: async ({ user, steps }, ask) =>
      await ask(set(user.id, { verificationCode: await steps.code(user.id) }, "password")),
    says: invalid("PASSWORD_REJECTED"),
    message: "the password has to have at least 15 characters; it is one of the most common passwords",
    details: [
      badRequest(
        { field: "new_password.password", description: "has to have at least 15 characters", reason: "TOO_SHORT" },
        { field: "new_password.password", description: "is one of the most common passwords", reason: "COMMON" },
      ),
    ],
  },
  "a weak first password": {
    run: async (_, ask) => await ask(make({ password: { password: "Tr0ub4dor&3" } })),
    says: invalid("PASSWORD_REJECTED"),
    message: "the password has to have at least 15 characters",
    details: [
      badRequest({
        field: "password.password",
        description: "has to have at least 15 characters",
        reason: "TOO_SHORT",
      }),
    ],
  },
  "a wrong current password": {
    user: { password: oldPassword },
    run: async ({ user }, ask) => await ask(set(user.id, { currentPassword: "wrong" })),
    says: failed("PASSWORD_INCORRECT"),
    message: "the current password is not correct",
  },
  "the same password": {
    user: { password: oldPassword },
    run: async ({ user }, ask) => await ask(set(user.id, { currentPassword: oldPassword }, oldPassword)),
    says: invalid("PASSWORD_UNCHANGED"),
    message: "the new password is the current one; choose another",
    details: [
      badRequest({ field: "new_password.password", description: "is the current password", reason: "UNCHANGED" }),
    ],
  },
  "a hash that nobody verifies": {
    run: async (_, ask) => await ask(make({ hashedPassword: { hash: "$1$salt$md5crypt" } })),
    says: invalid("HASH_UNSUPPORTED"),
    message:
      "hashed_password.hash: Expected a PHC string of argon2id (v=19), scrypt, pbkdf2-sha256 or pbkdf2-sha512, or bcrypt.",
    details: [
      badRequest({
        field: "hashed_password.hash",
        description: "Expected a PHC string of argon2id (v=19), scrypt, pbkdf2-sha256 or pbkdf2-sha512, or bcrypt.",
        reason: "UNSUPPORTED",
      }),
    ],
  },
  "a hash that costs too much": {
    run: async (_, ask) => await ask(make({ hashedPassword: { hash: `$2b$31$${"a".repeat(21)}O${"a".repeat(30)}C` } })),
    says: invalid("HASH_TOO_COSTLY"),
    message: "hashed_password.hash: bcrypt: at most cost 15.",
    details: [
      badRequest({ field: "hashed_password.hash", description: "bcrypt: at most cost 15.", reason: "TOO_COSTLY" }),
    ],
  },
  "a name that is taken": {
    user: { userName: "Ann" },
    run: async (_, ask) => await ask(make({ userName: "aNN" })),
    says: { code: Code.AlreadyExists, status: 409, reason: "USER_EXISTS" },
    message: "another user of the realm has this user_name",
    metadata: { field: "user_name" },
  },
  "an unknown organization": {
    run: async (_, ask) => await ask(make({ organizationId: "moon" })),
    says: { code: Code.NotFound, status: 404, reason: "ORGANIZATION_NOT_FOUND" },
    message: "organization_id: the realm has no such organization",
    metadata: { organization_id: "moon" },
  },
  "a field whose value cannot be": {
    run: async ({ user }, ask) =>
      await ask({
        method: updateUser,
        rest: `PATCH /v1/users/${user.id}`,
        message: { user: { userId: user.id, userName: " ann" }, updateMask: "userName" },
      }),
    says: invalid("FIELD_INVALID"),
    message: "user.user_name: Expected 1 to 200 visible characters, with no space at either end.",
    details: [
      badRequest({
        field: "user.user_name",
        description: "Expected 1 to 200 visible characters, with no space at either end.",
        reason: "INVALID",
      }),
    ],
  },
  "a field that breaks its rule": {
    run: async ({ user }, ask) => await ask(set(user.id, { verificationCode: "" })),
    says: invalid("FIELD_INVALID"),
    message: "verification_code: must be at least 1 characters",
    details: [
      badRequest({
        field: "verification_code",
        description: "must be at least 1 characters",
        reason: "string.min_len",
      }),
    ],
  },
  "a change by somebody else at the same moment": {
    run: async ({ rekey, user }, ask) =>
      await whileWritesAre("ignored", "UPDATE OF password_version ON directory_users", rekey.database, async () => {
        return await ask(set(user.id, {}));
      }),
    says: aborted("CONFLICT"),
    message: "the user was changed by another call at the same moment; ask again",
    details: [retryIn("1s")],
    retryAfter: "1",
  },
  "a store that is away": {
    run: async ({ rekey, user }, ask) =>
      await whileWritesAre("refused", "INSERT ON accounts", rekey.database, async () => {
        return await ask(reset(user.id, { returnCode: {} }));
      }),
    says: { code: Code.Unavailable, status: 503, reason: "DEPENDENCY_UNAVAILABLE" },
    message: "something that this service needs does not answer; ask again",
    details: [retryIn("1s")],
    retryAfter: "1",
  },
  "no key": {
    run: async ({ url, user }) => await askWith(url, undefined, reset(user.id, { returnCode: {} })),
    says: { code: Code.Unauthenticated, status: 401, reason: "API_KEY_MISSING" },
    message: "send an API key as `authorization: Bearer rk_…`",
  },
  "an unknown key": {
    run: async ({ url, user }) => await askWith(url, `rk_tester_${"A".repeat(43)}`, reset(user.id, { returnCode: {} })),
    says: { code: Code.Unauthenticated, status: 401, reason: "API_KEY_INVALID" },
    message: "the API key is not known; send one of this service as `authorization: Bearer rk_…`",
  },
};

/** Set by the way under test. */
let askWith: (url: string, key: string | undefined, asked: Asked) => Promise<ErrorAnswer>;

let rekey: Rekey;
let url: string;
beforeAll(async () => {
  rekey = await openRekey();
  url = await rekey.listen();
});
afterAll(async () => await rekey.close());

describe.each(errorWays)("over $name", ({ name, ask }) => {
  beforeAll(() => {
    askWith = async (to, key, asked) =>
      await ask(to, key === undefined ? {} : { authorization: `Bearer ${key}` }, asked);
  });

  test.each(Object.entries(cases))(
    "%s",
    async (_name, { run, says, message, metadata, details, retryAfter, ...given }) => {
      const realm = rekey.realm(given.realm);
      const user = await rekey.user(realm, given.user);
      const key = rekey.apiKey(realm);
      const scene = { rekey, url, realm, user, key, steps: resetSteps(rekey, rekey.call(realm)) };
      const answer = await run(scene, async (asked) => await askWith(url, key, asked));
      const { code, status, reason } = says;
      expect(answer).toEqual({
        code,
        message,
        details: [
          { ...type("ErrorInfo"), reason, domain: "rekey", ...(metadata === undefined ? {} : { metadata }) },
          ...(details ?? []),
        ],
        retryAfter: retryAfter ?? null,
        requestId: answer.requestId,
        ...(name === "Connect" || name === "REST" ? { status } : {}),
      });
      expect(answer.requestId).toMatch(/^[0-9a-f-]{36}$/);
    },
  );

  test("nothing that could send", async () => {
    const silent = await openRekey({ courier: "none" });
    const realm = silent.realm();
    const user = await silent.user(realm);
    expect(await askWith(await silent.listen(), silent.apiKey(realm), reset(user.id, { sendLink: {} }))).toMatchObject({
      code: Code.FailedPrecondition,
      message: "no mail of this realm can be sent; use return_code and bring the code to the user yourself",
      details: [
        { ...type("ErrorInfo"), reason: "DELIVERY_NOT_CONFIGURED", domain: "rekey", metadata: { channel: "email" } },
      ],
      retryAfter: null,
    });
    await silent.close();
  });

  test("a full delivery", async () => {
    const full = await openRekey({ courier: fullCourier(6001) });
    const realm = full.realm();
    const user = await full.user(realm);
    expect(await askWith(await full.listen(), full.apiKey(realm), reset(user.id, { sendLink: {} }))).toMatchObject({
      code: Code.ResourceExhausted,
      message: "the service has more to do than it can take; ask again later",
      details: [{ ...type("ErrorInfo"), reason: "OVERLOADED", domain: "rekey" }, retryIn("6.001s")],
      retryAfter: "7",
    });
    await full.close();
  });

  // Guard: ASVS 5.0 13.4.2, 16.5.1.
  test("a fault, of which it says nothing but the id under which the log knows it", async () => {
    const realm = rekey.realm();
    const user = await rekey.user(realm);
    const now = rekey.clock.now();
    const change = { hash: "$not$a$hash", changeRequired: false, expectedVersion: 0, endSessions: false, now };
    await rekey.directory.changePassword({ realmId: realm.id, userId: user.id, ...change });
    const answer = await askWith(url, rekey.apiKey(realm), set(user.id, { currentPassword: "any" }));
    expect(answer).toMatchObject({ code: Code.Internal, message: "internal error", details: [], retryAfter: null });
    expect(rekey.faults.at(-1)).toEqual({ cause: expect.any(RangeError), requestId: answer.requestId });
  });
});
