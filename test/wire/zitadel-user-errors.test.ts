// What does the vendor's client hear of each no of the calls about users? The bytes of REST and Connect, and the same
// over gRPC. Vendor: Zitadel v2, contract of the newest version.

import type { JsonObject } from "@bufbuild/protobuf";
import { Code } from "@connectrpc/connect";

import { UserService } from "../../gen/zitadel/user/v2/user_service_pb.ts";
import { hour, minute } from "../../src/units.ts";
import type { Asked } from "../support/error-answers.ts";
import { noLimits } from "../support/open-rekey.ts";
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

const list = (message: JsonObject): Asked => ({
  method: UserService.method.listUsers,
  rest: "POST /v2/users",
  message,
});
const get = (userId: string): Asked => ({
  method: UserService.method.getUserByID,
  rest: "GET /v2/users/{userId}",
  message: { userId },
});
const profile = { givenName: "Ann", familyName: "Example" };
const email = { email: "ann@example.org", isVerified: true };
const human = { profile, email };
const add = (changes: JsonObject): Asked => ({
  method: UserService.method.addHumanUser,
  rest: "POST /v2/users/human",
  message: { ...human, ...changes },
});
const create = (changes: JsonObject, of: JsonObject = {}): Asked => ({
  method: UserService.method.createUser,
  rest: "POST /v2/users/new",
  message: { organizationId: "acme", human: { ...human, ...changes }, ...of },
});
const update = (userId: string, changes: JsonObject): Asked => ({
  method: UserService.method.updateUser,
  rest: "PATCH /v2/users/{userId}",
  message: { userId, ...changes },
});
const setTo = (userId: string, password: JsonObject): Asked => update(userId, { human: { password } });

const next = { password: "Now my 2nd Password!" };
const query = (...queries: JsonObject[]): Asked => list({ queries });
const everybody: JsonObject = { typeQuery: { type: "TYPE_HUMAN" } };
const notServed = (what: string) => told(Code.Unimplemented, 501, `${what} is not served here`, "REKEY-Part1");
const notFound = (id: string) => told(Code.NotFound, 404, "User could not be found", id);
const badQuery = invalid("List query is invalid", "GRPC-vR9nC");
const lessKey = told(Code.PermissionDenied, 403, "No matching permissions found", "AUTH-AWfge");
const noKey = told(Code.NotFound, 404, "membership not found", "AUTHZ-cdgFk");

/** `queries[0].notQuery.query.notQuery.query` and so on: `levels` of them around one that holds. */
function nest(levels: number): JsonObject {
  return levels === 0 ? everybody : { notQuery: { query: nest(levels - 1) } };
}

const cases: Readonly<Record<string, ErrorCase>> = {
  "a list without a token": {
    headers: { authorization: undefined },
    ask: () => list({}),
    says: told(Code.Unauthenticated, 401, "auth header missing"),
  },
  "a list for an unknown organization": {
    headers: { "x-zitadel-orgid": "moon" },
    ask: () => list({}),
    says: told(Code.PermissionDenied, 403, "Organisation doesn't exist", "AUTH-Bs7Ds"),
  },
  "a page that is too long": {
    ask: () => list({ query: { limit: 1001 } }),
    says: invalid("Limit exceeds the maximum of 1000", "QUERY-4M0fs"),
  },
  "a query that asks for nothing": {
    ask: () => query({}),
    says: invalid(`invalid ListUsersRequest.Queries[0]: ${nested}invalid SearchQuery.Query: value is required`),
  },
  "a query with an empty text": {
    ask: () => query(everybody, { loginNameQuery: {} }),
    says: invalid(
      `invalid ListUsersRequest.Queries[1]: ${nested}invalid SearchQuery.LoginNameQuery: ${nested}` +
        `invalid LoginNameQuery.LoginName: ${bounds(200)}`,
    ),
  },
  "a query with a long address": {
    ask: () => query({ emailQuery: { emailAddress: "x".repeat(201) } }),
    says: invalid(
      `invalid ListUsersRequest.Queries[0]: ${nested}invalid SearchQuery.EmailQuery: ${nested}` +
        "invalid EmailQuery.EmailAddress: value length must be at most 200 runes",
    ),
  },
  "a query with an unknown method": {
    ask: () => query({ phoneQuery: { number: "1", method: 99 } }),
    says: invalid(
      `invalid ListUsersRequest.Queries[0]: ${nested}invalid SearchQuery.PhoneQuery: ${nested}` +
        "invalid PhoneQuery.Method: value must be one of the defined enum values",
    ),
  },
  "no ids": { ask: () => query({ inUserIdsQuery: {} }), says: badQuery },
  "no addresses": { ask: () => query({ inUserEmailsQuery: {} }), says: badQuery },
  "one of no queries": { ask: () => query({ orQuery: {} }), says: badQuery },
  "all of no queries": { ask: () => query({ andQuery: {} }), says: badQuery },
  "not, of no query": { ask: () => query({ notQuery: {} }), says: badQuery },
  "queries in queries, too deep": {
    ask: () => query(nest(21)),
    says: invalid("Too many nesting levels, at most 20", "USER-zsQ97"),
  },
  "more conditions than a search combines": {
    ask: () => query(...Array.from({ length: 100 }, () => everybody)),
    says: invalid("queries is invalid", "REKEY-Fiel1"),
  },

  "an unknown user, read": { ask: () => get("nobody"), says: notFound("QUERY-Dfbg2") },
  "a user, read with another permission": {
    permissions: ["users.write"],
    ask: ({ user }) => get(user.id),
    says: lessKey,
  },
  "a user, read without any permission": { permissions: [], ask: ({ user }) => get(user.id), says: noKey },
  "a user id out of bounds, read": {
    ask: () => get("x".repeat(201)),
    says: invalid(`invalid GetUserByIDRequest.UserId: ${bounds(200)}`),
  },

  "a new user without a profile": {
    ask: () => ({ ...add({}), message: { email } }),
    says: invalid("invalid AddHumanUserRequest.Profile: value is required"),
  },
  "a new user without an address": {
    ask: () => ({ ...create({}), message: { organizationId: "acme", human: { profile } } }),
    says: invalid(`invalid CreateUserRequest.Human: ${nested}invalid CreateUserRequest_Human.Email: value is required`),
  },
  "a new user who is nothing": {
    ask: () => ({ ...create({}), message: { organizationId: "acme" } }),
    says: invalid("invalid CreateUserRequest.UserType: value is required"),
  },
  "a new user without an organization": {
    ask: () => create({}, { organizationId: "" }),
    says: invalid(`invalid CreateUserRequest.OrganizationId: ${bounds(200)}`),
  },
  "a new user with an empty name": {
    ask: () => add({ profile: { familyName: "Example" } }),
    says: invalid(`invalid AddHumanUserRequest.Profile: ${nested}invalid SetHumanProfile.GivenName: ${bounds(200)}`),
  },
  "a new user with a long language": {
    ask: () => add({ profile: { ...profile, preferredLanguage: "de-CH-1996-x" } }),
    says: invalid(
      `invalid AddHumanUserRequest.Profile: ${nested}` +
        "invalid SetHumanProfile.PreferredLanguage: value length must be at most 10 runes",
    ),
  },
  "a new user with what is no address": {
    ask: () => add({ email: { email: "ann" } }),
    says: invalid(
      `invalid AddHumanUserRequest.Email: ${nested}invalid SetHumanEmail.Email: value must be a valid email address`,
    ),
  },
  "a new user with an address that only looks like one": {
    ask: () => add({ email: { email: "ann@localhost" } }),
    says: invalid("Email is invalid", "EMAIL-599BI"),
  },
  "a new user with what is no number": {
    ask: () => add({ phone: { phone: "call me" } }),
    says: invalid("Phone is invalid", "PHONE-so0wa"),
  },
  "a new user with a number that is expressly not verified": {
    ask: () => add({ phone: { phone: "+41446681800", isVerified: false } }),
    says: invalid(
      `invalid AddHumanUserRequest.Phone: ${nested}invalid SetHumanPhone.IsVerified: value must equal true`,
    ),
  },
  "a new user with a blank first name": {
    ask: () => add({ profile: { givenName: " ", familyName: "Example" } }),
    says: invalid("First name in profile is empty", "USER-UCej2"),
  },
  "a new user with a blank last name": {
    ask: () => create({ profile: { givenName: "Ann", familyName: " " } }),
    says: invalid("Last name in profile is empty", "USER-4hB7d"),
  },
  "a new user with an invisible name": {
    ask: () => add({ username: "a\u200bnn" }),
    says: invalid("user_name is invalid", "REKEY-Fiel1"),
  },
  "a new user whose id there is, added": {
    ask: ({ user }) => add({ userId: user.id }),
    says: failed("User already exists", "COMMAND-7yiox1isql"),
  },
  "a new user whose id there is, created": {
    ask: ({ user }) => create({}, { userId: user.id }),
    says: failed("User already exists", "COMMAND-7yiox1isql"),
  },
  "a new user whose name there is, added": {
    ask: ({ user }) => add({ username: user.userName.toUpperCase() }),
    says: told(Code.AlreadyExists, 409, "User already exists", "V3-DKcYh"),
  },
  "a new user whose name there is, created": {
    ask: ({ user }) => create({}, { username: user.userName }),
    says: told(Code.AlreadyExists, 409, "User already exists", "V3-DKcYh"),
  },
  "a new user in an unknown organization, added": {
    ask: () => add({ organization: { orgId: "moon" } }),
    says: told(Code.PermissionDenied, 403, "Organisation doesn't exist", "AUTH-Bs7Ds"),
  },
  "a new user in the organization of a domain": {
    ask: () => add({ organization: { orgDomain: "acme.example.org" } }),
    says: told(Code.PermissionDenied, 403, "Organisation doesn't exist", "AUTH-Bs7Ds"),
  },
  "a new user in an unknown organization, created": {
    ask: () => create({}, { organizationId: "moon" }),
    says: failed("Organisation not found", "COMMAND-QXPGs"),
  },
  "a new user by a key with other permissions, added": {
    permissions: ["users.read"],
    ask: () => add({}),
    says: told(Code.PermissionDenied, 403, "No matching permissions found", "AUTH-5mWD2"),
  },
  "a new user by a key with other permissions, created": {
    permissions: ["users.read"],
    ask: () => create({}),
    says: lessKey,
  },
  "a new user by a key without permissions": { permissions: [], ask: () => add({}), says: noKey },
  "a new user with a short password": {
    ask: () => add({ password: { password: "Ab1!xyz" } }),
    says: invalid("Password is too short", "DOMAIN-HuJf6"),
  },
  "a new user with a password without a symbol": {
    ask: () => create({ password: { password: "Abcdefg1" } }),
    says: invalid("Password must contain symbol", "DOMAIN-ZDLwA"),
  },
  "a new user with an empty password": {
    ask: () => add({ password: {} }),
    says: invalid(`invalid AddHumanUserRequest.Password: ${nested}invalid Password.Password: ${bounds(200)}`),
  },
  "a new user with a hash that nobody verifies": {
    ask: () => add({ hashedPassword: { hash: "$md5$0123456789abcdef" } }),
    says: invalid("Password hash encoding not supported", "USER-JDk4t"),
  },
  "a new user with a hash that costs too much": {
    ask: () => create({ hashedPassword: { hash: `$2b$31$${"a".repeat(22 - 1)}u${"a".repeat(30)}u` } }),
    says: invalid("Password hash encoding not supported", "USER-JDk4t"),
  },
  "a new user with metadata": {
    ask: () => add({ metadata: [{ key: "a", value: "YQ==" }] }),
    says: notServed("Metadata"),
  },
  "a new user with metadata without a value": {
    ask: () => create({ metadata: [{ key: "a" }] }),
    says: invalid(
      `invalid CreateUserRequest.Human: ${nested}invalid CreateUserRequest_Human.Metadata[0]: ${nested}` +
        `invalid Metadata.Value: ${bounds(500_000, "bytes")}`,
    ),
  },
  "a new user with a link to an identity provider": {
    ask: () => add({ idpLinks: [{ idpId: "1", userId: "2", userName: "3" }] }),
    says: notServed("A link to an identity provider"),
  },
  "a new user with a TOTP secret": { ask: () => create({ totpSecret: "ABC" }), says: notServed("A TOTP secret") },
  "a new user whose address is to be verified by mail": {
    ask: () => add({ email: { email: "ann@example.org", sendCode: {} } }),
    says: notServed("A code for an address"),
  },
  "a new user whose address is to be verified by a returned code": {
    ask: () => create({ email: { email: "ann@example.org", returnCode: {} } }),
    says: notServed("A code for an address"),
  },
  "a new user whose number is to be verified": {
    ask: () => add({ phone: { phone: "+41446681800", returnCode: {} } }),
    says: notServed("A code for a number"),
  },
  "a new machine user": {
    ask: () => ({ ...create({}), message: { organizationId: "acme", machine: { name: "robot" } } }),
    says: notServed("A machine user"),
  },

  "an unknown user, changed": {
    ask: () => update("nobody", { username: "ann" }),
    says: notFound("COMMAND-ugjs0upun6"),
  },
  "an unknown user, changed with a code": {
    ask: () => setTo("nobody", { password: next, verificationCode: "ABC123" }),
    says: notFound("COMMAND-ugjs0upun6"),
  },
  "a user, changed with another permission": {
    permissions: ["users.read"],
    ask: ({ user }) => update(user.id, { username: "ann" }),
    says: lessKey,
  },
  "a user, changed without any permission": {
    permissions: [],
    ask: ({ user }) => update(user.id, {}),
    says: noKey,
  },
  "a user, changed to a name that there is": {
    ask: async ({ rekey, realm, user }) => update(user.id, { username: (await rekey.user(realm)).userName }),
    says: told(Code.AlreadyExists, 409, "User already exists", "V3-DKcYh"),
  },
  "a user, changed to what is no number": {
    ask: ({ user }) => update(user.id, { human: { phone: { phone: "call me" } } }),
    says: invalid("Phone is invalid", "PHONE-so0wa"),
  },
  "a user, changed to an unknown gender": {
    ask: ({ user }) => update(user.id, { human: { profile: { gender: 9 } } }),
    says: invalid(
      `invalid UpdateUserRequest.Human: ${nested}invalid UpdateUserRequest_Human.Profile: ${nested}` +
        "invalid UpdateUserRequest_Human_Profile.Gender: value must be one of the defined enum values",
    ),
  },
  "a number taken away and verified": {
    ask: ({ user }) => update(user.id, { human: { phone: { isVerified: true } } }),
    says: invalid("Verifying the removal of a phone is not supported", "USERv2-4f3d6"),
  },
  "a machine user, changed": {
    ask: ({ user }) => update(user.id, { machine: { name: "robot" } }),
    says: notServed("A machine user"),
  },
  "no new password, with nothing": {
    ask: ({ user }) => setTo(user.id, {}),
    says: invalid("Password is empty", "COMMAND-3klek4sbns"),
  },
  "no new password, with a code": {
    ask: ({ user }) => setTo(user.id, { verificationCode: "ABC123" }),
    says: invalid("Password is empty", "COMMAND-3klek4sbns"),
  },
  "a hash that nobody verifies, by an update": {
    ask: ({ user }) => setTo(user.id, { hashedPassword: { hash: "$md5$0123456789abcdef" } }),
    says: invalid("Password hash encoding not supported", "USER-oz74onzvqr"),
  },
  "a weak password, by an update": {
    ask: ({ user }) => setTo(user.id, { password: { password: "Ab1!xyz" } }),
    says: invalid("Password is too short", "DOMAIN-HuJf6"),
  },
  "a user in the initial state, by an update with a code": {
    user: { state: "initial" },
    ask: ({ user }) => setTo(user.id, { password: next, verificationCode: "ABC123" }),
    says: failed("User is not yet initialized", "COMMAND-M9dse"),
  },
  "a wrong code, by an update": {
    ask: async ({ user, steps }) => {
      await steps.code(user.id);
      return setTo(user.id, { password: next, verificationCode: "!!!!!!" });
    },
    says: invalid("Code is invalid", "CODE-woT0xc"),
  },
  "an old code, by an update": {
    ask: async ({ rekey, user, steps }) => {
      const verificationCode = await steps.code(user.id);
      rekey.clock.pass(hour);
      return setTo(user.id, { password: next, verificationCode });
    },
    says: failed("Code is expired", "CODE-QvUQ4P"),
  },
  "a code that was never made, by an update": {
    ask: ({ user }) => setTo(user.id, { password: next, verificationCode: "ABC123" }),
    says: failed("Code not found", "COMMAND-2M9fs"),
  },
  "a weak password with the right code, by an update": {
    ask: async ({ user, steps }) =>
      setTo(user.id, { password: { password: "Abcdefg!" }, verificationCode: await steps.code(user.id) }),
    says: invalid("Password must contain number", "DOMAIN-ZBv4H"),
  },
  "a wrong current password, by an update": {
    ask: ({ user }) => setTo(user.id, { password: next, currentPassword: "wrong" }),
    says: invalid("Password is invalid", "COMMAND-3M0fs"),
    detail: "CredentialsCheckError",
  },
  "the same password again, by an update": {
    ask: ({ user }) => setTo(user.id, { password: { password: oldPassword }, currentPassword: oldPassword }),
    says: failed("New password cannot be the same as your current password", "COMMAND-Aesh5"),
  },
  "no password to prove, by an update": {
    ask: async ({ rekey, realm }) => setTo((await rekey.user(realm)).id, { password: next, currentPassword: "any" }),
    says: failed("User has not set a password", "COMMAND-3nJ4t"),
  },
  "a code out of bounds, by an update": {
    ask: ({ user }) => setTo(user.id, { password: next, verificationCode: "x".repeat(21) }),
    says: invalid(
      `invalid UpdateUserRequest.Human: ${nested}invalid UpdateUserRequest_Human.Password: ${nested}` +
        `invalid SetPassword.VerificationCode: ${bounds(20)}`,
    ),
  },
  "a proven password together with other changes": {
    ask: ({ user }) =>
      update(user.id, { username: "ann", human: { password: { password: next, currentPassword: oldPassword } } }),
    says: notServed("A proven password together with other changes, or as a hash,"),
  },
  "a proven password as a hash": {
    ask: ({ user }) => setTo(user.id, { hashedPassword: { hash: "$2b$10$any" }, currentPassword: oldPassword }),
    says: notServed("A proven password together with other changes, or as a hash,"),
  },
  "too many wrong passwords, by an update": {
    realm: { limits: { ...noLimits, try_password: { account: { max: 1, windowMs: minute } } } },
    ask: async ({ user, steps }) => {
      await steps.change(user.id, "wrong").catch(() => undefined);
      return setTo(user.id, { password: next, currentPassword: oldPassword });
    },
    says: exhausted("Too many requests", "REKEY-Rate1"),
    retryAfter: "60",
  },
  "a change by somebody else at the same moment, by an update": {
    ask: ({ user }) => setTo(user.id, { password: next }),
    while: ["ignored", "UPDATE OF password_version ON directory_users"],
    says: told(Code.Aborted, 409, "The user was changed at the same moment", "REKEY-Conf1"),
    retryAfter: "1",
  },
  "a directory that is away": {
    ask: () => add({}),
    while: ["refused", "INSERT ON directory_users"],
    says: told(Code.Unavailable, 503, "Service unavailable", "REKEY-Down1"),
    retryAfter: "1",
  },
};

tellAsTheVendor(cases);
