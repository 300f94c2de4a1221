// What does our own API do with the users of the built-in directory?

import { argon2Sync, pbkdf2Sync, randomUUID, scryptSync } from "node:crypto";

import { timestampMs } from "@bufbuild/protobuf/wkt";
import { Code, ConnectError, createClient, type Client } from "@connectrpc/connect";
import { createGrpcTransport } from "@connectrpc/connect-node";
import { hashSync as bcryptHash } from "@node-rs/bcrypt";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";

import { BadRequestSchema, ErrorInfoSchema } from "../../gen/google/rpc/error_details_pb.ts";
import { PasswordService } from "../../gen/rekey/v1/password_service_pb.ts";
import { UserService, UserState } from "../../gen/rekey/v1/user_service_pb.ts";
import type { Realm } from "../../src/reset/realm.ts";
import { openRekey, type Rekey } from "../support/open-rekey.ts";
import { goodPassword } from "../support/reset-steps.ts";

let rekey: Rekey;
let url: string;
let realm: Realm;
let key: string;
let users: Client<typeof UserService>;
let passwords: Client<typeof PasswordService>;

beforeAll(async () => {
  rekey = await openRekey();
  url = await rekey.listen();
});
afterAll(async () => await rekey.close());

beforeEach(() => {
  realm = rekey.realm();
  key = rekey.apiKey(realm);
  const transport = createGrpcTransport({
    baseUrl: url,
    interceptors: [
      (next) => (request) => {
        request.header.set("authorization", `Bearer ${key}`);
        return next(request);
      },
    ],
  });
  users = createClient(UserService, transport);
  passwords = createClient(PasswordService, transport);
});

async function refused(call: Promise<unknown>): Promise<{ code: Code; reason: string | undefined; fields: string[] }> {
  const cause: unknown = await call.then(
    () => expect.fail("the call should fail"),
    (cause: unknown) => cause,
  );
  if (!(cause instanceof ConnectError)) throw cause;
  const fields = cause
    .findDetails(BadRequestSchema)
    .flatMap((detail) => detail.fieldViolations.map(({ field }) => field));
  return { code: cause.code, reason: cause.findDetails(ErrorInfoSchema)[0]?.reason, fields };
}

test("a user says since when sessions count, once they were ended", async () => {
  const { id: userId } = await rekey.user(realm);
  expect((await users.getUser({ userId })).user?.sessionsValidFrom).toBeUndefined();
  await passwords.setPassword({ userId, newPassword: { password: goodPassword } });
  const { user } = await users.getUser({ userId });
  expect(user?.sessionsValidFrom && timestampMs(user.sessionsValidFrom)).toBe(rekey.clock.now());
});

describe("a user", () => {
  test("is created whole, and read as it is", async () => {
    const { user } = await users.createUser({
      userId: "ann",
      organizationId: "branch",
      userName: "Ann",
      displayName: "Ann <Example>",
      email: { address: "Ann@Example.org", verified: true },
      phone: { number: "+41446681800" },
      preferredLanguage: "pt-BR",
      state: UserState.LOCKED,
      passwordType: { case: "password", value: { password: goodPassword, changeRequired: true } },
    });
    expect(user).toMatchObject({
      userId: "ann",
      organizationId: "branch",
      userName: "Ann",
      displayName: "Ann <Example>",
      email: { address: "Ann@Example.org", verified: true },
      phone: { number: "+41446681800", verified: false },
      preferredLanguage: "pt-BR",
      state: UserState.LOCKED,
      password: { set: true, changeRequired: true },
      details: { resourceOwner: "branch" },
    });
    expect((await users.getUser({ userId: "ann" })).user).toEqual(user);
    // Guard: ASVS 5.0 15.3.1.
    const headers = { authorization: `Bearer ${key}` };
    const rest = (await (await fetch(`${url}/v1/users/ann`, { headers })).json()) as { user: object };
    expect(Object.keys(rest.user).toSorted()).toEqual(
      ["details", "displayName", "email", "organizationId", "password", "phone", "preferredLanguage", "state"].concat([
        "userId",
        "userName",
      ]),
    );
    expect(JSON.stringify(rest)).not.toContain("argon2");
  });

  test("is created of a name alone: an id, the first organization, active, without a password", async () => {
    const { user } = await users.createUser({ userName: "Bob" });
    expect(user).toMatchObject({
      organizationId: realm.organizations[0],
      state: UserState.ACTIVE,
      password: { set: false },
    });
    expect(user?.userId).toMatch(/^[0-9a-f-]{36}$/);
    expect(user?.email).toBeUndefined();
  });

  test.each([
    ["no name", {}, ["user_name"]],
    ["an id that is no plain name", { userName: "x", userId: "a b" }, ["user_id"]],
    ["an address that is none", { userName: "x", email: { address: "a" } }, ["email.address"]],
    ["an address of two", { userName: "x", email: { address: "a@example.org, b@example.org" } }, ["email.address"]],
    ["a quoted address", { userName: "x", email: { address: '"a@evil.example x"@example.org' } }, ["email.address"]],
    ["a number that is none", { userName: "x", phone: { number: "0446681800" } }, ["phone.number"]],
    ["a language that is none", { userName: "x", preferredLanguage: "d" }, ["preferred_language"]],
    ["an unknown state", { userName: "x", state: 9 as UserState }, ["state"]],
    ["an empty password", { userName: "x", passwordType: { case: "password", value: {} } }, ["password.password"]],
    ["an empty hash", { userName: "x", passwordType: { case: "hashedPassword", value: {} } }, ["hashed_password.hash"]],
    ["a name of blanks", { userName: " x " }, ["user_name"]],
  ] as const)("is not created of %s", async (_name, request, fields) => {
    expect(await refused(users.createUser(request))).toEqual({
      code: Code.InvalidArgument,
      reason: "FIELD_INVALID",
      fields,
    });
  });

  test("has an id and a name of its own, whatever their case", async () => {
    await users.createUser({ userId: "ann", userName: "Ann" });
    for (const request of [
      { userId: "ann", userName: "Other" },
      { userId: "other", userName: "aNN" },
    ]) {
      expect(await refused(users.createUser(request))).toMatchObject({
        code: Code.AlreadyExists,
        reason: "USER_EXISTS",
      });
    }
    key = rekey.apiKey(rekey.realm());
    await users.createUser({ userId: "ann", userName: "Ann" });
  });

  test("is deleted with its codes, and is then unknown", async () => {
    const { user } = await users.createUser({ userName: "Ann" });
    const userId = user?.userId ?? "";
    const { verificationCode = "" } = await passwords.passwordReset({
      userId,
      medium: { case: "returnCode", value: {} },
    });
    const { details } = await users.deleteUser({ userId });
    expect(details?.sequence).toBeGreaterThan(user?.details?.sequence ?? 0n);
    for (const call of [users.getUser({ userId }), users.deleteUser({ userId })]) {
      expect(await refused(call)).toMatchObject({ code: Code.NotFound, reason: "USER_NOT_FOUND" });
    }
    await users.createUser({ userId, userName: "Ann again" });
    expect((await refused(passwords.checkCode({ userId, verificationCode }))).reason).toBe("CODE_USED");
  });
});

describe("a list", () => {
  const names = ["ann", "bob", "cyd", "dan", "eve"];
  beforeEach(async () => {
    for (const name of names.toReversed()) {
      await users.createUser({
        userId: name,
        userName: `User-${name}`,
        organizationId: name < "c" ? "acme" : "branch",
        email: { address: `${name}@example.org` },
        phone: { number: "+41446681800" },
      });
    }
  });

  const idsOf = async (request: Parameters<typeof users.listUsers>[0]) =>
    (await users.listUsers(request)).users.map(({ userId }) => userId);

  test("is by user id, page by page, and says when it is over", async () => {
    const pages: string[][] = [];
    let pageToken = "";
    do {
      const page = await users.listUsers({ pageSize: 2, pageToken });
      pages.push(page.users.map(({ userId }) => userId));
      pageToken = page.nextPageToken;
    } while (pageToken !== "");
    expect(pages).toEqual([["ann", "bob"], ["cyd", "dan"], ["eve"]]);
    expect(await idsOf({})).toEqual(names);
    expect((await users.listUsers({ pageSize: 5 })).nextPageToken).toBe("");
  });

  test("is filtered by each field, and by all of them", async () => {
    expect(await idsOf({ userName: "USER-bob" })).toEqual(["bob"]);
    expect(await idsOf({ email: "CYD@example.org" })).toEqual(["cyd"]);
    expect(await idsOf({ organizationId: "branch" })).toEqual(["cyd", "dan", "eve"]);
    expect(await idsOf({ phone: "+41 44 668 18 00" })).toEqual(names);
    expect(await idsOf({ phone: "+41446681800", organizationId: "acme", email: "ann@example.org" })).toEqual(["ann"]);
    expect(await idsOf({ userName: "user-ann", email: "bob@example.org" })).toEqual([]);
    expect(await idsOf({ email: "%@example.org" })).toEqual([]);
  });

  test("goes on where it was, also under a filter, and a token of another's making is refused", async () => {
    const first = await users.listUsers({ pageSize: 1, organizationId: "branch" });
    expect(await idsOf({ organizationId: "branch", pageToken: first.nextPageToken })).toEqual(["dan", "eve"]);
    for (const pageToken of ["2", "x".repeat(50), Buffer.from("before:ann").toString("base64url")]) {
      expect(await refused(users.listUsers({ pageToken }))).toEqual({
        code: Code.InvalidArgument,
        reason: "FIELD_INVALID",
        fields: ["page_token"],
      });
    }
  });

  test.each([-1, 201])("of %i is refused", async (pageSize) => {
    expect((await refused(users.listUsers({ pageSize }))).fields).toEqual(["page_size"]);
  });

  test("over REST takes the same as parameters, and each once", async () => {
    const get = async (query: string) => {
      const response = await fetch(`${url}/v1/users?${query}`, { headers: { authorization: `Bearer ${key}` } });
      return { status: response.status, body: (await response.json()) as { users?: { userId: string }[] } };
    };
    const found = await get("page_size=2&organizationId=branch");
    expect(found.body.users?.map(({ userId }) => userId)).toEqual(["cyd", "dan"]);
    for (const query of [
      "page_size=x",
      "page_size=1&page_size=2",
      "page_size=1&pageSize=2",
      "admin=true",
      "page_size=[1]",
    ]) {
      expect((await get(query)).status).toBe(400);
    }
  });
});

describe("an update", () => {
  const before = {
    userId: "ann",
    userName: "Ann",
    displayName: "Ann Example",
    email: { address: "ann@example.org", verified: true },
    phone: { number: "+41446681800", verified: true },
    preferredLanguage: "de",
    state: UserState.ACTIVE,
  };
  beforeEach(async () => {
    await users.createUser(before);
  });

  const changes = [
    ["user_name", { userName: "Anna" }],
    ["display_name", { displayName: "Anna" }],
    ["preferred_language", { preferredLanguage: "fr" }],
    ["state", { state: UserState.INACTIVE }],
    ["organization_id", { organizationId: "branch" }],
    ["email", { email: { address: "anna@example.org", verified: false } }],
    ["phone", { phone: { number: "+41446681801", verified: false } }],
  ] as const;

  test.each(changes)("changes %s and nothing else", async (path, change) => {
    const everything = Object.assign({ userId: "ann" }, ...changes.map(([, each]) => each)) as object;
    const { user } = await users.updateUser({ user: everything, updateMask: { paths: [path] } });
    expect(user).toMatchObject({ ...before, ...change });
    expect((await users.getUser({ userId: "ann" })).user).toEqual(user);
  });

  test("without a mask changes nothing", async () => {
    const { user } = await users.updateUser({ user: { userId: "ann", displayName: "Anna" } });
    expect(user).toMatchObject(before);
  });

  test("clears what it names and does not give", async () => {
    const paths = ["email", "phone", "display_name", "preferred_language"];
    const { user } = await users.updateUser({ user: { userId: "ann" }, updateMask: { paths } });
    expect(user).toMatchObject({ userName: "Ann", displayName: "", preferredLanguage: "" });
    expect(user?.email).toBeUndefined();
    expect(user?.phone).toBeUndefined();
  });

  test.each(["user_id", "password", "details", "email.address", "nothing", "user.user_name"])(
    "of %s is refused",
    async (path) => {
      expect(await refused(users.updateUser({ user: { userId: "ann" }, updateMask: { paths: [path] } }))).toEqual({
        code: Code.InvalidArgument,
        reason: "FIELD_INVALID",
        fields: ["update_mask"],
      });
    },
  );

  test("names the fields by their place in the request", async () => {
    const update = (user: object, paths: string[]) =>
      users.updateUser({ user: { userId: "ann", ...user }, updateMask: { paths } });
    expect((await refused(update({ userName: "" }, ["user_name"]))).fields).toEqual(["user.user_name"]);
    expect((await refused(update({ email: { address: "a" } }, ["email"]))).fields).toEqual(["user.email.address"]);
    expect((await refused(users.updateUser({}))).fields).toEqual(["user"]);
    const password = { case: "password" as const, value: { password: "weak" } };
    expect((await refused(users.updateUser({ user: { userId: "ann" }, passwordType: password }))).fields).toEqual([
      "password.password",
    ]);
  });

  test("of nobody is refused", async () => {
    for (const userId of ["nobody", ""]) {
      const call = users.updateUser({ user: { userId, displayName: "x" }, updateMask: { paths: ["display_name"] } });
      expect(await refused(call)).toMatchObject({ code: Code.NotFound, reason: "USER_NOT_FOUND" });
    }
  });

  test("sets a password besides, and kills the code that is out", async () => {
    const { verificationCode = "" } = await passwords.passwordReset({
      userId: "ann",
      medium: { case: "returnCode", value: {} },
    });
    const { user } = await users.updateUser({
      user: { userId: "ann", displayName: "Anna" },
      updateMask: { paths: ["display_name"] },
      passwordType: { case: "password", value: { password: goodPassword, changeRequired: true } },
    });
    expect(user).toMatchObject({ displayName: "Anna", password: { set: true, changeRequired: true } });
    expect((await refused(passwords.checkCode({ userId: "ann", verificationCode }))).reason).toBe("CODE_USED");
  });
});

describe("a ready hash", () => {
  const salt = Buffer.from("0123456789abcdef");
  const base64 = (bytes: Uint8Array) => Buffer.from(bytes).toString("base64").replaceAll("=", "");
  const oldPassword = "set somewhere else";
  const argon2 = { message: oldPassword, nonce: salt, memory: 19_456, passes: 2, parallelism: 1, tagLength: 32 };

  const hashes = {
    argon2id: () => `$argon2id$v=19$m=19456,t=2,p=1$${base64(salt)}$${base64(argon2Sync("argon2id", argon2))}`,
    bcrypt: () => bcryptHash(oldPassword, { cost: 10 }),
    scrypt: () => `$scrypt$ln=14,r=8,p=1$${base64(salt)}$${base64(scryptSync(oldPassword, salt, 32, { N: 2 ** 14 }))}`,
    "pbkdf2 with SHA-256": () =>
      `$pbkdf2-sha256$i=1000$${base64(salt)}$${base64(pbkdf2Sync(oldPassword, salt, 1000, 32, "sha256"))}`,
    "pbkdf2 with SHA-512": () =>
      `$pbkdf2-sha512$1000$${base64(salt)}$${base64(pbkdf2Sync(oldPassword, salt, 1000, 64, "sha512"))}`,
  };

  test.each(Object.entries(hashes))("of %s is the user's password from then on", async (_name, hash) => {
    const hashedPassword = { case: "hashedPassword" as const, value: { hash: hash() } };
    const { user: created } = await users.createUser({ userName: "Ann", passwordType: hashedPassword });
    const { user: other } = await users.createUser({ userName: "Bob" });
    await users.updateUser({ user: { userId: other?.userId ?? "" }, passwordType: hashedPassword });
    for (const userId of [created?.userId ?? "", other?.userId ?? ""]) {
      const change = (current: string) =>
        passwords.setPassword({
          userId,
          newPassword: { password: goodPassword },
          verification: { case: "currentPassword", value: current },
        });
      expect((await refused(change("set nowhere"))).reason).toBe("PASSWORD_INCORRECT");
      await change(oldPassword);
      expect((await refused(change(oldPassword))).reason).toBe("PASSWORD_INCORRECT");
    }
  });

  // Incident: C28.
  test.each([
    `$argon2id$v=19$m=4194304,t=3,p=4$${"A".repeat(22)}$${"A".repeat(43)}`,
    `$argon2id$v=19$m=19456,t=4294967,p=1$${"A".repeat(22)}$${"A".repeat(43)}`,
    `$2b$31$${"a".repeat(21)}O${"a".repeat(30)}C`,
    `$scrypt$ln=30,r=8,p=1$${"A".repeat(22)}$${"A".repeat(43)}`,
    `$pbkdf2-sha256$i=999999999$${"A".repeat(22)}$${"A".repeat(43)}`,
  ])("that costs too much is refused before any work: %s", async (hash) => {
    const passwordType = { case: "hashedPassword" as const, value: { hash } };
    const { user } = await users.createUser({ userName: "Ann" });
    for (const call of [
      users.createUser({ userName: randomUUID(), passwordType }),
      users.updateUser({ user: { userId: user?.userId ?? "" }, passwordType }),
    ]) {
      expect(await refused(call)).toEqual({
        code: Code.InvalidArgument,
        reason: "HASH_TOO_COSTLY",
        fields: ["hashed_password.hash"],
      });
    }
    expect((await users.getUser({ userId: user?.userId ?? "" })).user?.password?.set).toBe(false);
  });

  test.each([
    "password",
    "$1$md5",
    "$argon2i$v=19$m=19456,t=2,p=1$AAAA$AAAA",
    "{SSHA}AAAA",
    `$2x$10$${"a".repeat(53)}`,
  ])("in a form that nobody verifies is refused: %s", async (hash) => {
    const passwordType = { case: "hashedPassword" as const, value: { hash } };
    expect(await refused(users.createUser({ userName: "Ann", passwordType }))).toMatchObject({
      reason: "HASH_UNSUPPORTED",
      fields: ["hashed_password.hash"],
    });
  });
});
