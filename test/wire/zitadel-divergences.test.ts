// Where do we differ from the vendor? Each row under Divergences in the edge's README, and no other.

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";

import type { User } from "../../src/directory/directory.ts";
import type { Permission } from "../../src/reset/permission.ts";
import type { Realm } from "../../src/reset/realm.ts";
import { hour, minute } from "../../src/units.ts";
import { noLimits, openRekey, type Rekey } from "../support/open-rekey.ts";

const oldPassword = "Once my 1st Password!";
const newPassword = { password: "Now my 2nd Password!" };

let rekey: Rekey;
let url: string;
beforeAll(async () => {
  rekey = await openRekey();
  url = await rekey.listen();
});
afterAll(async () => await rekey.close());

let realm: Realm;
let user: User;
let permissions: readonly Permission[] | undefined;
beforeEach(async () => {
  permissions = undefined;
  await use(rekey.realm());
});

async function use(next: Realm, changes: Parameters<Rekey["user"]>[1] = {}): Promise<void> {
  realm = next;
  user = await rekey.user(realm, { password: oldPassword, ...changes });
}

type Body = { code?: number; message?: string; details?: { id?: string }[]; verificationCode?: string };
type Answer = { status: number; id: string | undefined; retryAfter: string | null; text: string; body: Body };

async function post(
  call: "password" | "password_reset",
  request: object,
  userId = user.id,
  more = {},
): Promise<Answer> {
  const headers = { authorization: `Bearer ${rekey.apiKey(realm, permissions)}`, ...more };
  const init = { method: "POST", headers, body: JSON.stringify(request) };
  const response = await fetch(`${url}/v2/users/${userId}/${call}`, init);
  const text = await response.text();
  const body = JSON.parse(text) as Body;
  const id = Array.isArray(body.details) ? body.details[0]?.id : undefined;
  return { status: response.status, id, retryAfter: response.headers.get("retry-after"), text, body };
}

/** A call about users. */
async function people(line: string, request?: object): Promise<Omit<Answer, "body" | "retryAfter">> {
  const [method = "", path = ""] = line.split(" ");
  const headers = { authorization: `Bearer ${rekey.apiKey(realm, permissions)}` };
  const body = request === undefined ? {} : { body: JSON.stringify(request) };
  const response = await fetch(url + path, { method, headers, ...body });
  const text = await response.text();
  const { details } = JSON.parse(text) as Body;
  return { status: response.status, id: Array.isArray(details) ? details[0]?.id : undefined, text };
}

const ann = {
  profile: { givenName: "Ann", familyName: "Example" },
  email: { email: "ann@example.org", isVerified: true },
};
const code = async () => (await post("password_reset", { returnCode: {} })).body.verificationCode ?? "";
const messages = async () => (await rekey.courier?.list({ realmId: realm.id, size: 10 })) ?? [];
const link = async (urlTemplate: string) => await post("password_reset", { sendLink: { urlTemplate } });

/** By what stands in the first column of the table. */
const divergences: Readonly<Record<string, () => Promise<void>>> = {
  async "a missing new password on the permission path"() {
    expect(await post("password", {})).toMatchObject({ status: 400, id: "COMMAND-Mf0sd" });
    expect(await rekey.isPassword(user, oldPassword)).toBe(true);
  },

  async "wrong codes are not counted"() {
    const limits = { ...noLimits, guess_code: { account: { max: 6, windowMs: hour } } };
    await use(rekey.realm({ limits }));
    const right = await code();
    const guess = { newPassword, verificationCode: "!!!!!!" };
    for (let i = 0; i < 5; i += 1) expect((await post("password", guess)).id).toBe("CODE-woT0xc");
    expect((await post("password", { newPassword, verificationCode: right })).id).toBe("COMMAND-2M9fs");
    await code();
    expect((await post("password", guess)).id).toBe("CODE-woT0xc");
    const spent = await post("password", { newPassword, verificationCode: await code() });
    expect(spent).toMatchObject({ status: 429, id: "REKEY-Gues1", retryAfter: "3600" });
  },

  async "no limit on requests"() {
    await use(rekey.realm({ limits: { ...noLimits, return_code: { account: { max: 1, windowMs: minute } } } }));
    await code();
    const refused = await post("password_reset", { returnCode: {} });
    expect(refused).toMatchObject({ status: 429, id: "REKEY-Rate1", retryAfter: "60" });
  },

  async "codes are encrypted"() {
    const verificationCode = await code();
    const rows = rekey.database.sqlite.prepare("SELECT * FROM accounts").all();
    expect(JSON.stringify(rows)).toContain(realm.id);
    expect(JSON.stringify(rows)).not.toContain(verificationCode);
  },

  async "any link target"() {
    for (const target of [
      "https://evil.example/",
      "http://app.example.com/",
      "javascript:alert(1)",
      "//app.example.com/",
    ]) {
      expect(await link(`${target}{{.Code}}`)).toMatchObject({ status: 400, id: "DOMAIN-oGh5e" });
    }
    expect(await messages()).toEqual([]);
  },

  async "a user's own token"() {
    await use(realm, { id: "tester" });
    permissions = ["users.read"];
    expect(await post("password_reset", { returnCode: {} })).toMatchObject({ status: 403, id: "AUTH-AWfge" });
    expect(await post("password", { newPassword })).toMatchObject({ status: 403, id: "AUTH-AWfge" });
    expect(await rekey.isPassword(user, oldPassword)).toBe(true);
  },

  async "hashes of md5"() {
    for (const hash of ["$md5$0123456789abcdef", "$P$BIRXVj/ZG0YRiBH8gnRy0x67BXXk/i0", "$5$salt$Gcm6FsVtF"]) {
      expect(await people("POST /v2/users/human", { ...ann, hashedPassword: { hash } })).toMatchObject({
        status: 400,
        id: "USER-JDk4t",
      });
    }
  },

  async "the code of a text message"() {
    expect((await post("password_reset", { sendLink: { notificationType: 2 } })).status).toBe(200);
    const [message] = await messages();
    expect(message?.channel).toBe("sms");
    expect((await post("password", { newPassword, verificationCode: message?.values.code })).status).toBe(200);
  },

  async "values stand raw in a link"() {
    await use(realm, { id: "a+b&c=d/%é", email: { address: "ann@example.org", verified: true } });
    const request = { sendLink: { urlTemplate: "https://app.example.com/?u={{.UserID}}" } };
    expect((await post("password_reset", request, encodeURIComponent(user.id))).status).toBe(200);
    expect((await messages())[0]?.values.link).toBe("https://app.example.com/?u=a%2Bb%26c%3Dd%2F%25%C3%A9");
  },

  async "full template language"() {
    for (const part of ["{{if .Code}}x{{end}}", "{{.Code | html}}", '{{printf "%s" .Code}}', "{{/* note */}}"]) {
      expect(await link(`https://app.example.com/${part}`)).toMatchObject({ status: 400, id: "DOMAIN-oGh5e" });
    }
    expect((await link("https://app.example.com/{{  .Code  }}")).status).toBe(200);
  },

  async "new equals current password"() {
    const same = { newPassword: { password: oldPassword }, currentPassword: oldPassword };
    expect(await post("password", same)).toMatchObject({ status: 400, id: "COMMAND-Aesh5" });
  },

  async "no e-mail or an unverified phone"() {
    const { sms, mail } = { sms: { sendLink: { notificationType: 2 } }, mail: { sendLink: {} } };
    const phone = { number: "+15555550199", verified: false };
    const { id: none } = await bare();
    const { id: unverified } = await rekey.user(realm, { phone });
    for (const answer of [
      await post("password_reset", sms, none),
      await post("password_reset", mail, none),
      await post("password_reset", sms, unverified),
    ]) {
      expect(answer.status).toBe(200);
    }
    expect(await messages()).toEqual([]);
  },

  async "length counted in bytes"() {
    // 7 characters of 10 bytes.
    const short = await post("password", { newPassword: { password: "Äöü1!aB" } });
    expect(short).toMatchObject({ status: 400, id: "DOMAIN-HuJf6" });
    expect((await post("password", { newPassword: { password: "Äöü1!aBc" } })).status).toBe(200);
  },

  async "common passwords and names are accepted"() {
    await use(realm, { displayName: "Bartholomew Featherstone" });
    expect((await post("password", { newPassword: { password: "P@ssw0rd" } })).id).toBe("REKEY-Comm1");
    expect((await post("password", { newPassword: { password: "Featherstone1!" } })).id).toBe("REKEY-Word1");
  },

  async "existence is told before permission"() {
    permissions = ["users.read"];
    expect((await post("password_reset", { returnCode: {} }, "nobody")).id).toBe("AUTH-AWfge");
    expect((await post("password_reset", { returnCode: {} })).id).toBe("AUTH-AWfge");
  },

  async "a code or a current password needs no permission"() {
    const verificationCode = await code();
    permissions = ["users.read"];
    expect((await post("password", { newPassword, verificationCode })).id).toBe("AUTH-AWfge");
    expect((await post("password", { newPassword, currentPassword: oldPassword })).id).toBe("AUTH-AWfge");
    permissions = ["password.set_with_code"];
    expect((await post("password", { newPassword, verificationCode })).status).toBe(200);
    permissions = ["password.set_with_current"];
    const change = { newPassword: { password: "Then my 3rd Password!" }, currentPassword: newPassword.password };
    expect((await post("password", change)).status).toBe(200);
  },

  async "two calls with one code at once"() {
    const verificationCode = await code();
    const ends = await Promise.all([1, 2, 3, 4].map(() => post("password", { newPassword, verificationCode })));
    expect(ends.filter(({ status }) => status === 200)).toHaveLength(1);
    expect(ends.filter(({ id }) => id === "COMMAND-2M9fs")).toHaveLength(3);
  },

  async "`CredentialsCheckError.failed_attempts` counts"() {
    for (let i = 0; i < 3; i += 1) {
      const wrong = await post("password", { newPassword, currentPassword: "wrong" });
      expect(wrong.text).toBe(
        '{"code":3,"message":"Password is invalid (COMMAND-3M0fs)","details":' +
          '[{"@type":"type.googleapis.com/zitadel.v1.CredentialsCheckError","id":"COMMAND-3M0fs","message":"Password is invalid"}]}',
      );
    }
    expect((await rekey.directory.find(realm.id, user.id))?.state).toBe("active");
    await use(rekey.realm({ limits: { ...noLimits, try_password: { account: { max: 1, windowMs: minute } } } }));
    await post("password", { newPassword, currentPassword: "wrong" });
    expect((await post("password", { newPassword, currentPassword: oldPassword })).id).toBe("REKEY-Rate1");
  },

  async "a locked user's current password"() {
    await use(realm, { state: "locked" });
    expect((await post("password", { newPassword, currentPassword: oldPassword })).status).toBe(200);
    expect((await rekey.directory.find(realm.id, user.id))?.state).toBe("locked");
  },

  async "an expired code is told as expired for ever"() {
    const request = { newPassword, verificationCode: await code() };
    rekey.clock.pass(hour + 24 * hour - 1);
    expect((await post("password", request)).id).toBe("CODE-QvUQ4P");
    rekey.clock.pass(1);
    expect((await post("password", request)).id).toBe("COMMAND-2M9fs");
  },

  async "default link is built from request headers"() {
    const headers = { "x-forwarded-host": "evil.example", "x-forwarded-proto": "http", forwarded: "host=evil.example" };
    expect((await post("password_reset", {}, user.id, headers)).status).toBe(200);
    expect((await messages())[0]?.values.link).toMatch(/^https:\/\/app\.example\.com\/password\?user=/);
    await use(rekey.realm({ links: { hosts: ["app.example.com"] } }));
    expect(await post("password_reset", {})).toMatchObject({ status: 400, id: "REKEY-Page1" });
  },

  async "messages follow `Accept-Language`"() {
    const german = await post("password", { newPassword, verificationCode: "X" }, user.id, { "accept-language": "de" });
    expect(german.body.message).toBe("Code not found (COMMAND-2M9fs)");
  },

  async "a new user's password needs `user.write` only"() {
    permissions = ["users.write"];
    const hashedPassword = { hash: (await rekey.directory.passwordHash(realm.id, user.id)) ?? "" };
    for (const secret of [{ password: newPassword }, { hashedPassword }]) {
      expect(await people("POST /v2/users/human", { ...ann, ...secret })).toMatchObject({ id: "AUTH-5mWD2" });
      const change = { human: { password: secret } };
      expect(await people(`PATCH /v2/users/${user.id}`, change)).toMatchObject({ id: "AUTH-AWfge" });
    }
    expect((await people("POST /v2/users/human", ann)).status).toBe(200);
  },

  async "an update with a code needs `user.write` as well"() {
    const verificationCode = await code();
    permissions = ["password.set_with_code"];
    const change = { human: { password: { password: newPassword, verificationCode } } };
    expect((await people(`PATCH /v2/users/${user.id}`, change)).status).toBe(200);
    expect(await rekey.isPassword(user, newPassword.password)).toBe(true);
  },

  async "metadata, links to identity providers, TOTP secrets and machine users are kept"() {
    const parts = [
      { metadata: [{ key: "a", value: "YQ==" }] },
      { idpLinks: [{ idpId: "1", userId: "2", userName: "3" }] },
      { totpSecret: "ABC" },
    ];
    for (const part of parts) {
      const human = { ...ann, ...part };
      const refused = { status: 501, id: "REKEY-Part1" };
      expect(await people("POST /v2/users/human", human)).toMatchObject(refused);
      expect(await people("POST /v2/users/new", { organizationId: "acme", human })).toMatchObject(refused);
    }
    const machine = { organizationId: "acme", machine: { name: "robot" } };
    expect(await people("POST /v2/users/new", machine)).toMatchObject({ status: 501, id: "REKEY-Part1" });
    expect((await people("POST /v2/users", {})).text).toContain('"totalResult":"1"');
  },

  async "gender and picture are kept"() {
    const profile = { ...ann.profile, gender: "GENDER_FEMALE" };
    expect((await people("POST /v2/users/human", { ...ann, userId: "ann", profile })).status).toBe(200);
    const { text } = await people("GET /v2/users/ann");
    expect(text).toContain('"gender":"GENDER_UNSPECIFIED"');
    expect(text).not.toContain("avatarUrl");
  },

  async "addresses and numbers are verified by codes, and a mail goes out by default"() {
    const asked = [
      { email: { email: "ann@example.org", sendCode: {} } },
      { email: { email: "ann@example.org", returnCode: {} } },
      { phone: { phone: "+41446681800", sendCode: {} } },
      { phone: { phone: "+41446681800", returnCode: {} } },
    ];
    for (const contact of asked) {
      expect(await people("POST /v2/users/human", { ...ann, ...contact })).toMatchObject({ id: "REKEY-Part1" });
      expect(await people(`PATCH /v2/users/${user.id}`, { human: contact })).toMatchObject({ id: "REKEY-Part1" });
    }
    const unverified = { email: { email: "ann@example.org" }, phone: { phone: "+41446681800" } };
    expect((await people("POST /v2/users/human", { ...ann, ...unverified, userId: "ann" })).status).toBe(200);
    expect(await rekey.directory.find(realm.id, "ann")).toMatchObject({
      email: { verified: false },
      phone: { verified: false },
    });
    expect(await messages()).toEqual([]);
  },

  async "a proven password may come with other changes"() {
    const password = { password: newPassword, currentPassword: oldPassword };
    const both = await people(`PATCH /v2/users/${user.id}`, { username: "other", human: { password } });
    expect(both).toMatchObject({ status: 501, id: "REKEY-Part1" });
    expect(await rekey.isPassword(user, oldPassword)).toBe(true);
    expect((await rekey.directory.find(realm.id, user.id))?.userName).toBe(user.userName);
  },

  async "login names carry the organization's domain"() {
    const { text } = await people(`GET /v2/users/${user.id}`);
    expect(text).toContain(`"loginNames":["${user.userName}"],"preferredLoginName":"${user.userName}"`);
  },

  async "an organization is found by its domain"() {
    const organization = { orgDomain: "acme.example.org" };
    expect(await people("POST /v2/users/human", { ...ann, organization })).toMatchObject({ id: "AUTH-Bs7Ds" });
  },

  async "`AddHumanUser` checks its permission before the fields"() {
    permissions = [];
    expect(await people("POST /v2/users/human", {})).toMatchObject({ status: 400, id: undefined });
  },

  async "user names differ by case"() {
    const username = user.userName.toUpperCase();
    expect(await people("POST /v2/users/human", { ...ann, username })).toMatchObject({ id: "V3-DKcYh" });
  },

  async "a search combines any number of queries"() {
    const queries = (count: number) => Array.from({ length: count }, () => ({ typeQuery: { type: "TYPE_HUMAN" } }));
    expect((await people("POST /v2/users", { queries: queries(99) })).status).toBe(200);
    expect(await people("POST /v2/users", { queries: queries(100) })).toMatchObject({ id: "REKEY-Fiel1" });
  },
};

/** A user who can be reached by nothing. */
async function bare(): Promise<User> {
  const reachable = await rekey.user(realm);
  const { email: _email, phone: _phone, ...profile } = reachable;
  const now = rekey.clock.now();
  const expectedSequence = reachable.sequence;
  const outcome = await rekey.directory.update({
    realmId: realm.id,
    userId: reachable.id,
    now,
    profile,
    expectedSequence,
  });
  if (outcome.kind !== "written") throw new Error(outcome.kind);
  return outcome.user;
}

const readme = readFileSync(join(import.meta.dirname, "../../src/edge/zitadel/README.md"), "utf8");
const edge = join(import.meta.dirname, "../../src/edge/zitadel");
const sources = readdirSync(edge).filter((file) => file.endsWith(".ts"));
const refusals = sources.map((file) => readFileSync(join(edge, file), "utf8")).join("\n");

describe("we differ from the vendor where", () => {
  test.each(Object.entries(divergences))("%s", async (_name, differs) => {
    await differs();
    expect.hasAssertions();
  });
});

test("the README tells of each of these, and of no other", () => {
  const section = readme.slice(readme.indexOf("## Divergences"), readme.indexOf("Own ids"));
  const rows = [...section.matchAll(/^\| ([^|]+) \| [^|]+ \|/gm)].map((match) => match[1] ?? "");
  const told = rows.filter((row) => row !== "Zitadel" && !row.startsWith("---"));
  expect(told.filter((row) => !Object.keys(divergences).some((name) => row.startsWith(name)))).toEqual([]);
  expect(Object.keys(divergences).filter((name) => !told.some((row) => row.startsWith(name)))).toEqual([]);
});

test("the README lists every id of our own, and none that is not there", () => {
  const idsIn = (text: string) => [...new Set(text.match(/REKEY-[A-Z][a-z]+\d/g))].toSorted();
  expect(idsIn(readme)).toEqual(idsIn(refusals));
});

test("the README's table of errors has every id of the vendor's that is sent", () => {
  const vendors = [...refusals.matchAll(/"([A-Za-z0-9]+-[A-Za-z0-9]{5,})"/g)].map((match) => match[1] ?? "");
  expect(vendors.length).toBeGreaterThan(15);
  expect(vendors.filter((id) => !readme.includes(id.slice(id.indexOf("-"))))).toEqual([]);
});
