// Do Keygen's three password calls do what its clients rely on? Tokens, statuses, pointers, effects, limits, and silence.

import { randomUUID } from "node:crypto";

import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { hour, minute } from "../../src/units.ts";
import { accountId, isSigned, keygenCall, keygenKeys, keygenSetting } from "../support/keygen-account.ts";
import { makeRealm, noLimits, openRekey, type Rekey } from "../support/open-rekey.ts";

const keys = keygenKeys();
const password = "a better password";
const limits = {
  ...noLimits,
  start_recovery: { identifier: { max: 5, windowMs: hour } },
  present_token: { identifier: { max: 5, windowMs: 10 * minute } },
  try_password: { account: { max: 5, windowMs: 10 * minute } },
};
const realm = { ...makeRealm(), keygen: keygenSetting(keys) };
const limited = {
  ...makeRealm({ limits }),
  keygen: keygenSetting(keys, { accountId: randomUUID(), slug: "limited", answerStatus: 204 }),
};
const account = `/v1/accounts/${accountId}`;

let rekey: Rekey;
let url: string;
beforeAll(async () => {
  rekey = await openRekey({ realms: [realm, limited] });
  url = await rekey.listen();
});
afterAll(async () => await rekey.close());

type Person = { readonly id: string; readonly email: string };

async function person(changes: Parameters<Rekey["user"]>[1] = {}, of = realm): Promise<Person> {
  const { id } = await rekey.user(of, { id: randomUUID(), password: "the old password", ...changes });
  return { id, email: `${id}@example.org` };
}

async function forgot(email: string, of = account) {
  return await keygenCall(url, `${of}/passwords`, { meta: { email } });
}

/** What the link of the newest message holds. */
async function mailed({ id }: Person, of = realm) {
  await rekey.recoveries();
  const [message] = (await rekey.courier?.list({ realmId: of.id, userId: id, size: 1 })) ?? [];
  const link = message?.values.link ?? "";
  const [accountHex = "", userHex = "", token = ""] = (new URL(link).pathname.split("/").at(-1) ?? "").split(".");
  return { message, link, accountHex, userHex, token };
}

async function tokenOf(who: Person, of = realm): Promise<string> {
  await forgot(who.email, of === realm ? account : "/v1/accounts/limited");
  return (await mailed(who, of)).token;
}

async function reset(name: string, token: string, newPassword = password, of = account) {
  const path = `${of}/users/${encodeURIComponent(name)}/actions/reset-password`;
  return await keygenCall(url, path, { meta: { passwordResetToken: token, newPassword } });
}

async function update(name: string, oldPassword: string, newPassword = password, key = rekey.apiKey(realm)) {
  const path = `${account}/users/${name}/actions/update-password`;
  return await keygenCall(url, path, { meta: { oldPassword, newPassword } }, { Authorization: `Bearer ${key}` });
}

function notFound(name: string) {
  return [{ title: "Not found", detail: `The requested user '${name}' was not found`, code: "NOT_FOUND" }];
}

describe("asking for a message", () => {
  test("is answered 202 without content, or 204 where the account wants that", async () => {
    const documented = await forgot("nobody@example.org");
    expect([documented.status, documented.text, documented.headers.get("content-type")]).toEqual([202, "", null]);
    const observed = await forgot("nobody@example.org", "/v1/accounts/limited");
    expect([observed.status, observed.text]).toEqual([204, ""]);
  });

  test("brings a link with account, user and token in one, for 24 hours", async () => {
    const who = await person();
    await forgot(who.email.toUpperCase());
    const { message, link, accountHex, userHex, token } = await mailed(who);
    expect(link).toMatch(/^https:\/\/app\.example\.com\/recover\/[0-9a-f]{32}\.[0-9a-f]{32}\.[0-9a-f]{48}v3$/);
    expect([accountHex, userHex]).toEqual([accountId.replaceAll("-", ""), who.id.replaceAll("-", "")]);
    expect(`${accountHex}.${userHex}.${token}`).toHaveLength(116);
    expect(message?.expiresAt).toBe((message?.createdAt ?? 0) + 24 * hour);
    expect(message).toMatchObject({ recipient: who.email, channel: "email", values: { code: "" } });
  });

  // Incident: C9, C30.
  test("is answered alike, whoever it is", async () => {
    const known = await person();
    const passwordless = await rekey.user(realm, { id: randomUUID() });
    const locked = await person({ state: "locked" });
    const unverified = await person({ email: { address: "unverified@example.org", verified: false } });
    const emails = [
      known.email,
      `${passwordless.id}@example.org`,
      locked.email,
      "unverified@example.org",
      "nobody@example.org",
      "x",
    ];
    const answers = await Promise.all(
      emails.map(async (email) => {
        const { status, headers, text } = await keygenCall(
          url,
          `${account}/passwords`,
          { meta: { email } },
          { "X-Request-Id": "same" },
        );
        return { status, text, headers: [...headers] };
      }),
    );
    expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
    expect((await mailed(locked)).link).not.toBe("");
    expect((await mailed(passwordless as unknown as Person)).link).not.toBe("");
    await rekey.recoveries();
    expect(await rekey.courier?.list({ realmId: realm.id, userId: unverified.id, size: 1 })).toEqual([]);
  });

  test("who has no password yet is invited to choose one", async () => {
    const { id } = await rekey.user(realm, { id: randomUUID() });
    const invited = { id, email: `${id}@example.org` };
    const known = await person();
    for (const { email } of [invited, known]) await forgot(email);
    expect((await mailed(invited)).message?.template).toBe("password_initial");
    expect((await mailed(known)).message?.template).toBe("password_reset");
    expect((await reset(id, (await mailed(invited)).token)).status).toBe(200);
  });

  test("with deliver false no mail goes out, and without an endpoint nothing is made", async () => {
    const who = await person();
    const { status } = await keygenCall(url, `${account}/passwords`, { meta: { email: who.email, deliver: false } });
    expect(status).toBe(202);
    expect((await rekey.recoveries()).at(-1)).toMatchObject({ userId: who.id, reason: "delivery_off" });
    expect(await rekey.courier?.list({ realmId: realm.id, userId: who.id, size: 1 })).toEqual([]);
  });
});

describe("resetting by token", () => {
  test("by id answers the user, and sets the password once", async () => {
    const who = await person();
    const token = await tokenOf(who);
    const answer = await reset(who.id, token);
    expect(answer.status).toBe(200);
    expect(answer.body).toMatchObject({
      data: {
        id: who.id,
        type: "users",
        attributes: {
          fullName: "Ann Example",
          firstName: null,
          lastName: null,
          email: who.email,
          status: "ACTIVE",
          role: "user",
          metadata: {},
        },
        relationships: { account: { data: { type: "accounts", id: accountId }, links: { related: account } } },
        links: { self: `${account}/users/${who.id}` },
      },
    });
    expect(Object.keys(answer.body)).toEqual(["data"]);
    expect(answer.text).not.toContain(token);
    expect(answer.text).not.toContain(password);
    const target = `${account}/users/${who.id}/actions/reset-password`;
    const received = { target, host: "127.0.0.1", headers: answer.headers, body: answer.text };
    expect(isSigned(keys.publicKey, received)).toBe(true);
    expect(await rekey.isPassword({ ...(await rekey.user(realm)), id: who.id }, password)).toBe(true);
    const again = await reset(who.id, token);
    expect([again.status, again.body.errors]).toEqual([404, notFound(who.id)]);
  });

  test.each([
    [
      { given: "Ann", family: "Example", nick: "" },
      { fullName: "Ann Example", firstName: "Ann", lastName: "Example" },
    ],
    [
      { given: "Ann", family: "", nick: "" },
      { fullName: null, firstName: "Ann", lastName: null },
    ],
  ])("the parts of a name that are known are told, and the full name where both are: %j", async (name, told) => {
    const who = await person({ name });
    const answer = await reset(who.id, await tokenOf(who));
    expect(answer.body.data?.attributes).toMatchObject(told);
  });

  test.each([
    ["active", "ACTIVE"],
    ["inactive", "INACTIVE"],
    ["locked", "BANNED"],
  ] as const)("who is %s is %s, and may reset all the same", async (state, status) => {
    const who = await person({ state });
    const answer = await reset(who.id, await tokenOf(who));
    expect([answer.status, answer.body.data?.attributes["status"]]).toEqual([200, status]);
  });

  test("by e-mail, without the account in the path where there is one, and whatever Authorization says", async () => {
    const who = await person();
    const token = await tokenOf(who);
    const path = `${account}/users/${who.email}/actions/reset-password`;
    const body = { meta: { passwordResetToken: token, newPassword: password } };
    const { status } = await keygenCall(url, path, body, { Authorization: "Bearer nonsense" });
    expect(status).toBe(200);
  });

  test("a wrong token, an unknown user and the composite of a link are one: 404 that names what was named", async () => {
    const who = await person();
    const token = await tokenOf(who);
    const { accountHex, userHex } = await mailed(who);
    for (const [name, presented] of [
      [who.id, `${"0".repeat(48)}v3`],
      [who.email, "short"],
      [who.id, `${accountHex}.${userHex}.${token}`],
      [who.id, token.slice(0, 48)],
      ["nobody@example.org", token],
      [randomUUID(), token],
    ] as const) {
      const { status, body } = await reset(name, presented);
      expect([status, body.errors]).toEqual([404, notFound(name)]);
    }
    expect((await reset(who.id, token)).status).toBe(200);
  });

  test("the newest token wins, and an older one is as good as wrong", async () => {
    const who = await person();
    const older = await tokenOf(who);
    const newer = await tokenOf(who);
    expect((await reset(who.id, older)).status).toBe(404);
    expect((await reset(who.id, newer)).status).toBe(200);
  });

  test("after 24 hours it is expired", async () => {
    const who = await person();
    const token = await tokenOf(who);
    rekey.clock.pass(24 * hour);
    const { status, headers, body } = await reset(who.id, token);
    expect(status).toBe(401);
    expect(body.errors).toEqual([
      { title: "Unauthorized", detail: "is expired", source: { pointer: "/meta/passwordResetToken" } },
    ]);
    expect(headers.get("www-authenticate")).toBe('Bearer realm="keygen"');
  });

  test("a weak password is told after the token, and costs nothing", async () => {
    const who = await person();
    const token = await tokenOf(who);
    const short = await reset(who.id, token, "abc");
    expect(short.status).toBe(422);
    expect(Object.keys(short.body)).toEqual(["errors", "meta"]);
    expect(short.body.errors).toEqual([
      {
        title: "Unprocessable resource",
        detail: "is too short (minimum is 6 characters)",
        code: "PASSWORD_TOO_SHORT",
        source: { pointer: "/data/attributes/password" },
        links: { about: "https://keygen.sh/docs/api/users/#users-object" },
      },
    ]);
    const long = await reset(who.id, token, "long password ".repeat(6));
    expect(long.body.errors).toMatchObject([
      { code: "PASSWORD_TOO_LONG", detail: "is too long (maximum is 72 characters)" },
    ]);
    expect((await reset(who.id, "wrong-token-wrong-token", "abc")).status).toBe(404);
    expect((await reset(who.id, token, "six-ok")).status).toBe(200);
  });

  test("an unknown id is told before the body is judged; an unknown address is not", async () => {
    const known = await person();
    const statusOf = async (name: string) =>
      (await keygenCall(url, `${account}/users/${name}/actions/reset-password`, {})).status;
    expect(await statusOf(randomUUID())).toBe(404);
    expect(await statusOf(known.id)).toBe(400);
    expect([await statusOf(known.email), await statusOf("nobody@example.org")]).toEqual([400, 400]);
  });

  test("typed codes of other dialects are not taken, and cost their users no guess", async () => {
    const who = await person();
    const call = rekey.call(realm);
    const { dialect } = rekey;
    const { code = "" } = await rekey.acts.requestReset(call, {
      userId: who.id,
      medium: { kind: "return_code" },
      dialect,
    });
    for (let turn = 0; turn < 6; turn += 1) expect((await reset(who.id, code)).status).toBe(404);
    await rekey.acts.checkCode(call, { userId: who.id, presented: code, dialect });
  });

  // The newest wins, in whatever words it was asked for, and a change in any of them kills all.
  test("a code of another dialect replaces the token, and a change in another dialect kills it", async () => {
    const call = rekey.call(realm);
    const { dialect } = rekey;
    const replaced = await person();
    const older = await tokenOf(replaced);
    await rekey.acts.requestReset(call, { userId: replaced.id, medium: { kind: "return_code" }, dialect });
    expect((await reset(replaced.id, older)).status).toBe(404);
    expect((await reset(replaced.id, await tokenOf(replaced))).status).toBe(200);

    const changed = await person();
    const token = await tokenOf(changed);
    const proof = { kind: "permission" } as const;
    const change = { userId: changed.id, proof, password: "set by an administrator", changeRequired: false, dialect };
    await rekey.acts.setPassword(call, change);
    expect((await reset(changed.id, token)).status).toBe(404);
  });

  // Guard: ASVS 5.0 2.3.4.
  test("of many at once one sets the password", async () => {
    const who = await person();
    const token = await tokenOf(who);
    const tries = Array.from({ length: 8 }, async (_, turn) => await reset(who.id, token, `password number ${turn}`));
    const statuses = (await Promise.all(tries)).map(({ status }) => status);
    expect(statuses.filter((status) => status === 200)).toHaveLength(1);
    expect(statuses.every((status) => [200, 404, 409].includes(status))).toBe(true);
  });

  test("a user who is deleted has no token", async () => {
    const who = await person();
    const token = await tokenOf(who);
    await rekey.directory.delete(realm.id, who.id, rekey.clock.now());
    expect((await reset(who.id, token)).status).toBe(404);
  });
});

describe("changing with the old password", () => {
  test("an application with a key may, and the user is the answer; a token of before is dead", async () => {
    const who = await person();
    const token = await tokenOf(who);
    const answer = await update(who.id, "the old password");
    expect([answer.status, answer.body.data?.id]).toEqual([200, who.id]);
    expect((await reset(who.id, token)).status).toBe(404);
  });

  test.each([
    [{}, 'Bearer realm="keygen"'],
    [{ Authorization: "Bearer nonsense" }, 'Bearer realm="keygen"'],
    [{ Authorization: "basic abc" }, 'Basic realm="keygen"'],
    [{ Authorization: "License abc" }, 'License realm="keygen"'],
  ])("nobody without a key: %j", async (sent, challenge) => {
    const who = await person();
    const { status, headers, body } = await keygenCall(
      url,
      `${account}/users/${who.id}/actions/update-password`,
      {},
      sent,
    );
    expect([status, headers.get("www-authenticate")]).toEqual([401, challenge]);
    expect(body.errors).toEqual([
      { title: "Unauthorized", detail: "You must be authenticated to complete the request" },
    ]);
  });

  test("nor with a key of another realm, or one that may do other things only", async () => {
    const who = await person();
    expect((await update(who.id, "the old password", password, rekey.apiKey(limited))).status).toBe(401);
    const weak = await update(who.id, "the old password", password, rekey.apiKey(realm, ["users.read"]));
    expect([weak.status, weak.body.errors]).toEqual([
      403,
      [{ title: "Access denied", detail: "You do not have permission to complete the request" }],
    ]);
  });

  test("unknown users, bodies, wrong old passwords, weak new ones", async () => {
    const who = await person();
    const nobody = randomUUID();
    expect((await update(nobody, "x")).body.errors).toEqual(notFound(nobody));
    expect((await update(who.id, " ")).body.errors?.[0]?.source).toEqual({ pointer: "/meta/oldPassword" });
    const wrong = await update(who.id, "wrong");
    expect([wrong.status, wrong.body.errors]).toEqual([
      401,
      [{ title: "Unauthorized", detail: "is not valid", source: { pointer: "/meta/oldPassword" } }],
    ]);
    const { id: passwordless } = await rekey.user(realm, { id: randomUUID() });
    expect((await update(passwordless, "anything")).body.errors).toMatchObject([
      { source: { pointer: "/meta/oldPassword" } },
    ]);
    expect((await update(who.id, "the old password", "abc")).body.errors).toMatchObject([
      { code: "PASSWORD_TOO_SHORT" },
    ]);
    const same = await update(who.id, "the old password", "the old password");
    expect([same.status, same.body.errors]).toMatchObject([422, [{ code: "PASSWORD_UNCHANGED" }]]);
  });
});

describe("limits", () => {
  const refused = (window: string) => ({
    "content-type": "application/vnd.api+json; charset=utf-8",
    "x-ratelimit-window": window,
    "x-ratelimit-count": "6",
    "x-ratelimit-limit": "5",
    "x-ratelimit-remaining": "0",
  });

  // Guard: ASVS 5.0 6.6.4; Incident: C30.
  test.each(["known", "unknown"])("five messages an hour for one address, %s or not", async (kind) => {
    const email = kind === "known" ? (await person({}, limited)).email : "a-stranger@example.org";
    for (let turn = 0; turn < 5; turn += 1) expect((await forgot(email, "/v1/accounts/limited")).status).toBe(204);
    const { status, headers, body } = await forgot(email, "/v1/accounts/limited");
    expect([status, Object.keys(body), body.errors]).toEqual([
      429,
      ["errors"],
      [{ title: "Too many requests", detail: "Throttle limit has been reached", code: "TOO_MANY_REQUESTS" }],
    ]);
    expect(Object.fromEntries(headers)).toMatchObject(refused("rstpwd"));
    expect(headers.get("retry-after")).toBe("3600");
    expect(headers.get("x-ratelimit-reset")).toBe(String(Math.ceil((rekey.clock.now() + hour) / 1000)));
    expect(headers.get("keygen-signature")).toBeNull();
    expect(headers.get("access-control-expose-headers")).toContain("X-RateLimit-Reset");
    rekey.clock.pass(hour);
    expect((await forgot(email, "/v1/accounts/limited")).status).toBe(204);
  });

  test("five tokens in ten minutes for one user", async () => {
    const who = await person({}, limited);
    const token = await tokenOf(who, limited);
    for (let turn = 0; turn < 5; turn += 1) {
      expect((await reset(who.id, `${"0".repeat(48)}v3`, password, "/v1/accounts/limited")).status).toBe(404);
    }
    const { status, headers } = await reset(who.id, token, password, "/v1/accounts/limited");
    expect(status).toBe(429);
    expect(Object.fromEntries(headers)).toMatchObject(refused("mutpwd"));
    expect(headers.get("retry-after")).toBe("600");
    rekey.clock.pass(10 * minute);
    expect((await reset(who.id, token, password, "/v1/accounts/limited")).status).toBe(200);
  });

  test("five old passwords in ten minutes for one user", async () => {
    const who = await person({}, limited);
    const key = rekey.apiKey(limited);
    const path = `/v1/accounts/limited/users/${who.id}/actions/update-password`;
    const tried = async () =>
      await keygenCall(
        url,
        path,
        { meta: { oldPassword: "wrong", newPassword: password } },
        { Authorization: `Bearer ${key}` },
      );
    for (let turn = 0; turn < 5; turn += 1) expect((await tried()).status).toBe(401);
    const { status, headers } = await tried();
    expect([status, Object.fromEntries(headers)]).toMatchObject([429, refused("mutpwd")]);
  });
});

test("each call is on record under its name, without what it brought", async () => {
  const who = await person();
  const before = rekey.ended.length;
  const token = await tokenOf(who);
  await reset(who.id, token);
  await keygenCall(url, `${account}/users/${who.id}/actions/update-password`, {});
  const records = rekey.ended.slice(before).map(({ event, outcome, reason }) => [event, outcome, reason]);
  expect(records).toEqual([
    ["recovery.started", "done", undefined],
    ["password.set_with_code", "done", undefined],
    ["password.set_with_current", "refused", "unauthenticated"],
  ]);
  expect(JSON.stringify(rekey.ended)).not.toContain(token);
  expect(rekey.faults).toEqual([]);
});
