// What do the vendor's calls about users answer when they go well? Vendor: Zitadel v2, contract of the newest version.

import type { JsonObject } from "@bufbuild/protobuf";
import { createClient } from "@connectrpc/connect";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";

import { UserService } from "../../gen/zitadel/user/v2/user_service_pb.ts";
import type { User } from "../../src/directory/directory.ts";
import type { Realm } from "../../src/reset/realm.ts";
import { ways } from "../support/call-ways.ts";
import { openRekey, type Rekey } from "../support/open-rekey.ts";

const oldPassword = "Once my 1st Password!";
const password = "Now my 2nd Password!";

let rekey: Rekey;
let url: string;
beforeAll(async () => {
  rekey = await openRekey();
  url = await rekey.listen();
});
afterAll(async () => await rekey.close());

let realm: Realm;
let key: string;
beforeEach(() => {
  realm = rekey.realm();
  key = rekey.apiKey(realm);
});

type Body = JsonObject & { result?: JsonObject[]; userId?: string; id?: string; verificationCode?: string };

async function call(line: string, body?: JsonObject, headers: Record<string, string> = {}): Promise<Body> {
  const [method = "", path = ""] = line.split(" ");
  const payload = body === undefined ? {} : { body: JSON.stringify(body) };
  const all = { authorization: `Bearer ${key}`, "content-type": "application/json", ...headers };
  const response = await fetch(url + path, { method, headers: all, ...payload });
  const text = await response.text();
  expect([response.status, text]).toEqual([200, text]);
  return JSON.parse(text) as Body;
}

const now = () => new Date(rekey.clock.now()).toISOString().replace(".000Z", "Z");
const found = async (...queries: JsonObject[]) => {
  const { result = [] } = await call("POST /v2/users", { query: { asc: true }, queries });
  return result.map(({ userId }) => userId);
};
const stored = async (userId: string) => {
  const user = await rekey.directory.find(realm.id, userId);
  if (user === undefined) throw new Error("no such user");
  return user;
};

/** What the vendor shows of a user whom `rekey.user` made. */
const shown = (user: User) => ({
  userId: user.id,
  details: { sequence: String(user.sequence), changeDate: now(), resourceOwner: "acme", creationDate: now() },
  state: "USER_STATE_ACTIVE",
  username: user.userName,
  loginNames: [user.userName],
  preferredLoginName: user.userName,
  human: {
    profile: {
      givenName: "Ann",
      familyName: "Example",
      nickName: "",
      displayName: "Ann Example",
      preferredLanguage: "und",
      gender: "GENDER_UNSPECIFIED",
    },
    email: { email: user.email?.address, isVerified: true },
    phone: { phone: "+15555550123", isVerified: true },
    passwordChanged: now(),
  },
});
const name = { given: "Ann", family: "Example", nick: "" };

describe("GetUserByID", () => {
  test("shows the user, and where it stands", async () => {
    const user = await rekey.user(realm, { name, password: oldPassword });
    const { details, ...whole } = shown(user);
    expect(await call(`GET /v2/users/${user.id}`)).toEqual({ details, user: { ...whole, details } });
  });

  test("says nothing, in the vendor's way, of what is not known", async () => {
    const outcome = await rekey.directory.create({
      id: "bare",
      realmId: realm.id,
      organizationId: "branch",
      userName: "bare",
      displayName: "",
      preferredLanguage: "",
      state: "initial",
      now: rekey.clock.now(),
    });
    expect(outcome.kind).toBe("written");
    expect(await call("GET /v2/users/bare")).toMatchObject({
      user: {
        state: "USER_STATE_INITIAL",
        details: { resourceOwner: "branch" },
        human: { profile: { displayName: "", nickName: "" }, email: {}, phone: {} },
      },
    });
  });

  test.each(["locked", "inactive"] as const)("tells that a user is %s", async (state) => {
    const { id } = await rekey.user(realm, { state });
    expect(await call(`GET /v2/users/${id}`)).toMatchObject({ user: { state: `USER_STATE_${state.toUpperCase()}` } });
  });
});

describe("ListUsers", () => {
  test("finds a user by every name of it, with details of the list", async () => {
    const user = await rekey.user(realm, { name, password: oldPassword });
    await rekey.user(realm, { phone: { number: "+15555550199", verified: true } });
    const queries: JsonObject[] = [
      { loginNameQuery: { loginName: user.userName } },
      { loginNameQuery: { loginName: user.userName.toUpperCase(), method: "TEXT_QUERY_METHOD_EQUALS_IGNORE_CASE" } },
      { userNameQuery: { userName: user.userName } },
      { emailQuery: { emailAddress: user.email?.address ?? "" } },
      { phoneQuery: { number: "+15555550123" } },
      { firstNameQuery: { firstName: "nn", method: "TEXT_QUERY_METHOD_ENDS_WITH" } },
      { lastNameQuery: { lastName: "exam", method: "TEXT_QUERY_METHOD_STARTS_WITH_IGNORE_CASE" } },
      { inUserIdsQuery: { userIds: [user.id] } },
      { inUserEmailsQuery: { userEmails: [user.email?.address ?? ""] } },
      { in_user_ids_query: { user_ids: [user.id] } },
    ];
    for (const query of queries) {
      const { details, ...rest } = await call("POST /v2/users", { queries: [query] });
      expect(rest).toEqual({ result: [shown(user)] });
      expect(details).toEqual({
        totalResult: "1",
        processedSequence: String(user.sequence),
        timestamp: expect.stringMatching(/Z$/) as string,
      });
    }
  });

  test("leaves the key out where nobody is found", async () => {
    const answer = await call("POST /v2/users", { queries: [{ loginNameQuery: { loginName: "nobody" } }] });
    expect(Object.keys(answer)).toEqual(["details"]);
    expect(Object.keys(answer["details"] as JsonObject)).toEqual(["timestamp"]);
  });

  test("combines queries, and knows that nobody is a machine or deleted", async () => {
    const ids = ["u1", "u2", "u3"];
    for (const id of ids)
      await rekey.user(realm, {
        id,
        state: id === "u3" ? "locked" : "active",
        organizationId: id === "u1" ? "branch" : "acme",
      });
    const [isFirst, isSecond] = ["u1", "u2"].map((id) => ({ loginNameQuery: { loginName: `name-${id}` } }));
    expect(await found({ orQuery: { queries: [isFirst!, isSecond!] } })).toEqual(["u1", "u2"]);
    expect(await found({ andQuery: { queries: [isFirst!, isSecond!] } })).toEqual([]);
    expect(await found(isFirst!, isSecond!)).toEqual([]);
    expect(await found({ notQuery: { query: isFirst! } })).toEqual(["u2", "u3"]);
    expect(await found({ stateQuery: { state: "USER_STATE_LOCKED" } })).toEqual(["u3"]);
    expect(await found({ stateQuery: { state: "USER_STATE_ACTIVE" } })).toEqual(["u1", "u2"]);
    expect(await found({ stateQuery: { state: "USER_STATE_DELETED" } })).toEqual([]);
    expect(await found({ typeQuery: { type: "TYPE_HUMAN" } })).toEqual(ids);
    expect(await found({ typeQuery: { type: "TYPE_MACHINE" } })).toEqual([]);
    expect(await found({ organizationIdQuery: { organizationId: "branch" } })).toEqual(["u1"]);
    expect(
      await found({ displayNameQuery: { displayName: "ANN", method: "TEXT_QUERY_METHOD_CONTAINS_IGNORE_CASE" } }),
    ).toEqual(ids);
    expect(await found({ nickNameQuery: { nickName: "x" } })).toEqual([]);
    const deep = Array.from({ length: 20 }).reduce<JsonObject>((query) => ({ notQuery: { query } }), isFirst!);
    expect(await found(deep)).toEqual(["u1"]);
  });

  test("is sorted and paged, descending unless asked otherwise", async () => {
    for (const id of ["u1", "u2", "u3"]) {
      await rekey.user(realm, { id, userName: `zyx${"321".at(Number(id[1]) - 1)}` });
    }
    const page = async (query: JsonObject, sortingColumn?: string) => {
      const asked = { query, ...(sortingColumn === undefined ? {} : { sortingColumn }) };
      const { result = [], details, ...rest } = await call("POST /v2/users", asked);
      expect([rest, (details as JsonObject)["totalResult"]]).toEqual([{}, "3"]);
      return result.map(({ userId }) => userId);
    };
    expect(await page({})).toEqual(["u3", "u2", "u1"]);
    expect(await page({ asc: true })).toEqual(["u1", "u2", "u3"]);
    expect(await page({ asc: true }, "USER_FIELD_NAME_USER_NAME")).toEqual(["u3", "u2", "u1"]);
    expect(await page({ asc: true, limit: 2 })).toEqual(["u1", "u2"]);
    expect(await page({ asc: true, limit: 2, offset: "2" })).toEqual(["u3"]);
    expect(await page({ offset: "18446744073709551615" })).toEqual([]);
    for (const column of ["FIRST_NAME", "LAST_NAME", "NICK_NAME", "DISPLAY_NAME", "STATE", "TYPE", "CREATION_DATE"]) {
      expect(await page({ asc: true }, `USER_FIELD_NAME_${column}`)).toEqual(["u1", "u2", "u3"]);
    }
  });

  test("finds nobody for a key that may read nobody, and never refuses", async () => {
    const user = await rekey.user(realm);
    for (const permissions of [[], ["users.write"]] as const) {
      key = rekey.apiKey(realm, permissions);
      expect(await found({ inUserIdsQuery: { userIds: [user.id] } })).toEqual([]);
    }
  });

  test("stays in its realm", async () => {
    const stranger = await rekey.user(rekey.realm());
    expect(await found({ inUserIdsQuery: { userIds: [stranger.id] } })).toEqual([]);
  });
});

describe("AddHumanUser and CreateUser", () => {
  const profile = { givenName: " Ann ", familyName: "Example", nickName: "Annie", preferredLanguage: "de-CH" };
  const email = { email: "ann@example.org", isVerified: true };
  const phone = { phone: "+41446681800", isVerified: true };

  test("AddHumanUser makes an active user, and says where it stands", async () => {
    const body = await call("POST /v2/users/human", { userId: "ann", username: "Ann", profile, email, phone });
    const { sequence, ...details } = body["details"] as JsonObject;
    expect({ ...body, details }).toEqual({ userId: "ann", details: { changeDate: now(), resourceOwner: "acme" } });
    const user = await stored("ann");
    expect(sequence).toBe(String(user.sequence));
    expect(user).toMatchObject({
      userName: "Ann",
      displayName: "Ann Example",
      name: { given: "Ann", family: "Example", nick: "Annie" },
      preferredLanguage: "de-CH",
      state: "active",
      email: { address: "ann@example.org", verified: true },
      phone: { number: "+41446681800", verified: true },
      password: { set: false, changeRequired: false },
    });
  });

  test("CreateUser does the same, and says since when", async () => {
    const answer = await call("POST /v2/users/new", {
      organizationId: "branch",
      userId: "bob",
      human: { profile, email },
    });
    expect(answer).toEqual({ id: "bob", creationDate: now() });
    expect(await stored("bob")).toMatchObject({ organizationId: "branch", userName: "ann@example.org" });
    expect((await stored("bob")).phone).toBeUndefined();
  });

  test("choose an id where none is given, and the address as the name", async () => {
    const added = await call("POST /v2/users/human", { profile, email });
    const created = await call("POST /v2/users/new", {
      organizationId: "acme",
      human: { profile, email: { email: "bob@example.org" } },
    });
    expect((await stored(added.userId ?? "")).userName).toBe("ann@example.org");
    expect(await stored(created.id ?? "")).toMatchObject({
      userName: "bob@example.org",
      email: { address: "bob@example.org", verified: false },
    });
  });

  test("take the organization of the message, then of the header, then the realm's first", async () => {
    const add = async (userId: string, body: JsonObject, headers: Record<string, string>) => {
      await call("POST /v2/users/human", { userId, username: userId, profile, email, ...body }, headers);
      return (await stored(userId)).organizationId;
    };
    expect(await add("u1", { organization: { orgId: "branch" } }, { "x-zitadel-orgid": "acme" })).toBe("branch");
    expect(await add("u2", {}, { "x-zitadel-orgid": "branch" })).toBe("branch");
    expect(await add("u3", {}, {})).toBe("acme");
  });

  test("take a language that is none for no language", async () => {
    for (const [userId, preferredLanguage] of [
      ["u1", "und"],
      ["u2", "not one"],
      ["u3", "zh-Hant-TW"],
    ] as const) {
      await call("POST /v2/users/human", {
        userId,
        username: userId,
        profile: { ...profile, preferredLanguage },
        email,
      });
    }
    const languages = [await stored("u1"), await stored("u2"), await stored("u3")].map(
      (user) => user.preferredLanguage,
    );
    expect(languages).toEqual(["", "", "zh-Hant-TW"]);
  });

  // Vendor: hashes of other systems are taken as they are. bcrypt of "Once my 1st Password!".
  test.each(["human", "new"] as const)("/v2/users/%s takes a first password, in clear and as a hash", async (path) => {
    const make = async (userId: string, secret: JsonObject) => {
      const human = { profile, email, ...secret };
      const whole =
        path === "human"
          ? { ...human, userId, username: userId }
          : { organizationId: "acme", userId, username: userId, human };
      await call(`POST /v2/users/${path}`, whole);
      return await stored(userId);
    };
    const clear = await make("clear", { password: { password, changeRequired: true } });
    expect(clear.password).toMatchObject({ set: true, changeRequired: true });
    expect(await rekey.isPassword(clear, password)).toBe(true);
    const made = await rekey.hasher.hash(oldPassword);
    if (made.kind === "busy") throw new Error("busy");
    const imported = await make("hashed", { hashedPassword: { hash: made.hash } });
    expect(imported.password).toMatchObject({ set: true, changeRequired: false });
    expect(await rekey.directory.passwordHash(realm.id, "hashed")).toBe(made.hash);
    const { verificationCode = "" } = await call("POST /v2/users/hashed/password_reset", { returnCode: {} });
    await call("POST /v2/users/hashed/password", { newPassword: { password }, verificationCode });
    expect(await rekey.isPassword(imported, password)).toBe(true);
  });
});

describe("UpdateUser", () => {
  const update = async (user: User, change: JsonObject) => await call(`PATCH /v2/users/${user.id}`, change);

  test("changes what is given only, and says when", async () => {
    const user = await rekey.user(realm, { name });
    expect(
      await update(user, { username: "anna", human: { profile: { givenName: "Anna", preferredLanguage: "fr" } } }),
    ).toEqual({
      changeDate: now(),
    });
    const { sequence: _, changedAt: __, ...rest } = user;
    expect(await stored(user.id)).toMatchObject({
      ...rest,
      userName: "anna",
      name: { ...name, given: "Anna" },
      preferredLanguage: "fr",
    });
    await update(user, { human: { profile: { displayName: "Anna E." } } });
    expect(await stored(user.id)).toMatchObject({ displayName: "Anna E.", userName: "anna" });
  });

  test("keeps an address verified that stays the same, and no other", async () => {
    const user = await rekey.user(realm);
    const address = user.email?.address ?? "";
    await update(user, { human: { email: { email: address }, phone: { phone: "+15555550123" } } });
    expect(await stored(user.id)).toMatchObject({ email: { verified: true }, phone: { verified: true } });
    await update(user, { human: { email: { email: "new@example.org" }, phone: { phone: "+15555550177" } } });
    expect(await stored(user.id)).toMatchObject({ email: { verified: false }, phone: { verified: false } });
    await update(user, {
      human: {
        email: { email: "new@example.org", isVerified: true },
        phone: { phone: "+15555550177", isVerified: true },
      },
    });
    expect(await stored(user.id)).toMatchObject({ email: { verified: true }, phone: { verified: true } });
  });

  test("takes a number away", async () => {
    const user = await rekey.user(realm);
    await update(user, { human: { phone: {} } });
    expect(await stored(user.id)).not.toHaveProperty("phone");
  });

  const proofs: Record<string, (user: User) => Promise<JsonObject>> = {
    "the key's permission": async () => ({}),
    "a code": async ({ id }) => {
      const { verificationCode = "" } = await call(`POST /v2/users/${id}/password_reset`, { returnCode: {} });
      return { verificationCode };
    },
    "the current password": async () => ({ currentPassword: oldPassword }),
  };
  test.each(Object.entries(proofs))("sets a password by %s", async (_name, proof) => {
    const user = await rekey.user(realm, { password: oldPassword });
    const asked = { password: { password, changeRequired: true }, ...(await proof(user)) };
    expect(await update(user, { human: { password: asked } })).toEqual({ changeDate: now() });
    expect(await rekey.isPassword(user, password)).toBe(true);
    expect((await stored(user.id)).password.changeRequired).toBe(true);
  });

  test("imports a hash by permission, beside other changes", async () => {
    const user = await rekey.user(realm);
    const made = await rekey.hasher.hash(password);
    if (made.kind === "busy") throw new Error("busy");
    await update(user, { username: "imported", human: { password: { hashedPassword: { hash: made.hash } } } });
    expect(await rekey.isPassword(user, password)).toBe(true);
    expect((await stored(user.id)).userName).toBe("imported");
  });

  test("needs no permission but its own for a password by code", async () => {
    const user = await rekey.user(realm, { password: oldPassword });
    const asked = { password: { password }, ...(await proofs["a code"]?.(user)) };
    key = rekey.apiKey(realm, ["password.set_with_code"]);
    await update(user, { human: { password: asked } });
    expect(await rekey.isPassword(user, password)).toBe(true);
  });
});

describe.each(ways)("over $name", ({ open }) => {
  test("a user is made, found, read, changed and found again", async () => {
    const client = createClient(UserService, open(url));
    const headers = { headers: { authorization: `Bearer ${key}` } };
    const { userId } = await client.addHumanUser(
      {
        profile: { givenName: "Ann", familyName: "Example" },
        email: { email: "ann@example.org", verification: { case: "isVerified", value: true } },
        passwordType: { case: "password", value: { password } },
      },
      headers,
    );
    const byEmail = async (emailAddress: string) => {
      const query = { case: "emailQuery" as const, value: { emailAddress } };
      return await client.listUsers({ queries: [{ query }] }, headers);
    };
    expect((await byEmail("ann@example.org")).result.map((user) => user.userId)).toEqual([userId]);
    const { user } = await client.getUserByID({ userId }, headers);
    expect(user).toMatchObject({ userId, username: "ann@example.org", type: { case: "human" } });
    const changed = await client.updateUser(
      { userId, userType: { case: "human", value: { email: { email: "anna@example.org" } } } },
      headers,
    );
    expect(changed.changeDate).toBeDefined();
    expect((await byEmail("ann@example.org")).details?.totalResult).toBe(0n);
    expect((await byEmail("anna@example.org")).details?.totalResult).toBe(1n);
  });
});

test("the longest page there is comes whole, over every protocol", { timeout: 60_000 }, async () => {
  const long = (index: number) => `${index}`.padStart(180, "x");
  for (let index = 0; index < 1000; index += 1) {
    await rekey.user(realm, {
      userName: long(index),
      displayName: long(index),
      name: { given: long(1), family: long(2), nick: "" },
    });
  }
  const headers = { headers: { authorization: `Bearer ${key}` } };
  for (const { open } of ways) {
    const { result, details } = await createClient(UserService, open(url)).listUsers(
      { query: { limit: 1000 } },
      headers,
    );
    expect([result.length, details?.totalResult]).toEqual([1000, 1000n]);
  }
  expect((await call("POST /v2/users", { query: { limit: 1000 } })).result).toHaveLength(1000);
});

test("each call is on record under its own name", async () => {
  const before = rekey.ended.length;
  await call("POST /v2/users/human", {
    userId: "on-record",
    profile: { givenName: "Ann", familyName: "Example" },
    email: { email: "ann@example.org" },
    password: { password },
  });
  await call("POST /v2/users", {});
  await call("GET /v2/users/on-record");
  await call("PATCH /v2/users/on-record", { username: "renamed" });
  const currentPassword = { password: { password: oldPassword }, currentPassword: password };
  await call("PATCH /v2/users/on-record", { human: { password: currentPassword } });
  const records = rekey.ended.slice(before).map(({ event, userId }) => [event, userId]);
  expect(records).toEqual([
    ["user.created", "on-record"],
    ["user.listed", undefined],
    ["user.read", "on-record"],
    ["user.updated", "on-record"],
    ["password.set_with_current", "on-record"],
  ]);
});
