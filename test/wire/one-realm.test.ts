// Is a realm one, whatever it is spoken to in? One user, every dialect on: codes, limits, guesses and passwords are shared.

import { randomUUID } from "node:crypto";

import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";

import type { User } from "../../src/directory/directory.ts";
import { hour } from "../../src/units.ts";
import type { LimitTable } from "../../src/throttle/limits.ts";
import { askJson, newestMessage } from "../support/ask-recovery.ts";
import { keygenCall, keygenKeys, keygenSetting } from "../support/keygen-account.ts";
import { page } from "../support/loginradius-app.ts";
import { makeRealm, noLimits, openRekey, type Rekey } from "../support/open-rekey.ts";

/** One for all dialects: it is the realm's. */
const passwordPolicy = {
  minLength: 8,
  maxLength: 64,
  requireLowercase: false,
  requireUppercase: false,
  requireDigit: false,
  requireSymbol: false,
  refuseCommon: true,
  contextWords: [],
};
const first = "the first of three";
const second = "the second of three";
const third = "the third of three";
const twice = { account: { max: 2, windowMs: hour } };

function realmOf(limits: Partial<LimitTable>) {
  return {
    ...makeRealm({
      limits: { ...noLimits, ...limits },
      passwordPolicy,
      recovery: { hosts: [], link: "https://app.example.com/recover#token={{.Token}}" },
    }),
    keygen: keygenSetting(keygenKeys(), { accountId: randomUUID(), slug: `acme-${randomUUID().slice(0, 8)}` }),
    loginRadius: { key: randomUUID(), secrets: [randomUUID()], mailBrings: "link", unknownUser: "hide" } as const,
  };
}
type OneRealm = ReturnType<typeof realmOf>;

const plain = realmOf({});
const sparing = realmOf({ send_message: twice });
const guarded = realmOf({ guess_code: { account: { max: 4, windowMs: hour } } });
const careful = realmOf({ try_password: twice });

let rekey: Rekey;
let url: string;
beforeAll(async () => {
  const realms = [plain, sparing, guarded, careful];
  rekey = await openRekey({ realms, loginRadius: realms.map((one) => ({ realm: one, settings: one.loginRadius })) });
  url = await rekey.listen();
});
afterAll(async () => await rekey.close());

let realm: OneRealm;
let user: User;
async function meet(one: OneRealm): Promise<void> {
  realm = one;
  const number = `+1415${String(phones++).padStart(7, "0")}`;
  user = await rekey.user(realm, { id: randomUUID(), password: first, phone: { number, verified: true } });
}
/** Each user has a number of its own. */
let phones = 0;
beforeEach(async () => await meet(plain));

async function post(path: string, body: object) {
  const headers = { authorization: `Bearer ${rekey.apiKey(realm)}`, "content-type": "application/json" };
  const response = await fetch(url + path, { method: "POST", headers, body: JSON.stringify(body) });
  return { status: response.status, body: (await response.json()) as { readonly verificationCode?: string } };
}

type Dialect = {
  /** Answers what came back or arrived: a code, or a token. */
  readonly ask: () => Promise<string>;
  /** Answers whether it was taken. */
  readonly complete: (secret: string, password: string) => Promise<boolean>;
  /** Changes a password that is known; answers the status. Absent where the dialect has no such call. */
  readonly change?: (current: string, password: string) => Promise<number>;
};

/** `version` is where the two APIs of the same form live. */
function coded(version: "v1" | "v2"): Dialect {
  const path = () => `/${version}/users/${user.id}`;
  return {
    ask: async () => (await post(`${path()}/password_reset`, { returnCode: {} })).body.verificationCode ?? "",
    complete: async (verificationCode, password) =>
      (await post(`${path()}/password`, { newPassword: { password }, verificationCode })).status === 200,
    change: async (currentPassword, password) =>
      (await post(`${path()}/password`, { newPassword: { password }, currentPassword })).status,
  };
}

const keygenPath = () => `/v1/accounts/${realm.keygen.accountId}`;
const action = (name: string) => `${keygenPath()}/users/${user.id}/actions/${name}`;

/** "POST auth/password?…"; answers the status. */
async function loginRadius(line: string, body: object): Promise<number> {
  const [method = "", path = ""] = line.split(" ");
  const headers = { "content-type": "application/json" };
  const target = `${url}/identity/v2/${path}&apikey=${realm.loginRadius.key}`;
  return (await fetch(target, { method, headers, body: JSON.stringify(body) })).status;
}

/** Of a message without a link. */
async function newestCode(): Promise<string> {
  await rekey.recoveries();
  const [message] = (await rekey.courier?.list({ realmId: realm.id, userId: user.id, size: 1 })) ?? [];
  return message?.values.code ?? "";
}

const dialects: Readonly<Record<string, Dialect>> = {
  "Rekey's own": coded("v1"),
  Zitadel: coded("v2"),
  Keygen: {
    async ask() {
      await keygenCall(url, `${keygenPath()}/passwords`, { meta: { email: user.email?.address } });
      const { link } = await newestMessage(rekey, user);
      return link.split(".").at(-1) ?? "";
    },
    complete: async (passwordResetToken, newPassword) =>
      (await keygenCall(url, action("reset-password"), { meta: { passwordResetToken, newPassword } })).status === 200,
    async change(oldPassword, newPassword) {
      const key = { Authorization: `Bearer ${rekey.apiKey(realm)}` };
      return (await keygenCall(url, action("update-password"), { meta: { oldPassword, newPassword } }, key)).status;
    },
  },
  LoginRadius: {
    async ask() {
      const query = `resetpasswordurl=${encodeURIComponent(page)}`;
      await loginRadius(`POST auth/password?${query}`, { email: user.email?.address });
      const { link } = await newestMessage(rekey, user);
      return new URL(link).searchParams.get("vtoken") ?? "";
    },
    complete: async (resettoken, password) =>
      (await loginRadius("PUT auth/password/reset?", { resettoken, password })) === 200,
  },
  "LoginRadius by phone": {
    async ask() {
      await loginRadius("POST auth/password/otp?", { phone: user.phone?.number });
      return await newestCode();
    },
    complete: async (otp, password) =>
      (await loginRadius("PUT auth/password/otp?", { phone: user.phone?.number, otp, password })) === 200,
  },
  recovery: {
    async ask() {
      await askJson(url, "start", { realmId: realm.id, identifier: user.userName });
      return (await newestMessage(rekey, user)).token;
    },
    async complete(token, password) {
      const answer = await askJson(url, "complete", { proof: { token }, newPassword: { password } });
      return answer.reason === undefined;
    },
  },
};
const names = Object.keys(dialects);
const of = (name: string): Dialect => {
  const dialect = dialects[name];
  if (dialect === undefined) throw new Error(`no dialect ${name}`);
  return dialect;
};
const pairs = names.flatMap((one) => names.filter((other) => other !== one).map((other) => [one, other] as const));

test.each(names)("what is asked for in %s completes in it, once", async (name) => {
  const secret = await of(name).ask();
  expect(await of(name).complete(secret, second)).toBe(true);
  expect(await rekey.isPassword(user, second)).toBe(true);
  expect(await of(name).complete(secret, third)).toBe(false);
});

test.each(pairs)("the newest wins: %s, then %s", async (older, newer) => {
  const before = await of(older).ask();
  const after = await of(newer).ask();
  expect(await of(older).complete(before, third)).toBe(false);
  expect(await rekey.isPassword(user, first)).toBe(true);
  expect(await of(newer).complete(after, second)).toBe(true);
  expect(await rekey.isPassword(user, second)).toBe(true);
});

describe.each(names)("what is asked for in %s", (name) => {
  const changers = names.filter((other) => of(other).change !== undefined);
  test.each(changers)("is dead when the password was changed in %s", async (changer) => {
    const secret = await of(name).ask();
    expect(await of(changer).change?.(first, second)).toBe(200);
    expect(await of(name).complete(secret, third)).toBe(false);
    expect(await rekey.isPassword(user, second)).toBe(true);
  });
});

test.each(["Keygen", "LoginRadius", "LoginRadius by phone", "recovery"])(
  "messages are counted together: two of %s leave none to the others",
  async (name) => {
    await meet(sparing);
    for (let i = 0; i < 2; i += 1) await of(name).ask();
    for (const version of ["v1", "v2"]) {
      expect((await post(`/${version}/users/${user.id}/password_reset`, { sendLink: {} })).status).toBe(429);
    }
  },
);

test("passwords that are tried are counted together", async () => {
  await meet(careful);
  expect(await of("Zitadel").change?.("not it at all", second)).toBe(400);
  expect(await of("Rekey's own").change?.("not it at all", second)).toBe(400);
  for (const name of names)
    expect([name, await of(name).change?.(first, second)]).toEqual([name, of(name).change && 429]);
  expect(await rekey.isPassword(user, first)).toBe(true);
});

// Guard: ASVS 5.0 6.5.5; Incident: C11, C12.
test("guesses are counted together, over all codes of all dialects; a link goes on working", async () => {
  await meet(guarded);
  const wrong = { Zitadel: "!!!!!!", "Rekey's own": "0000-0000", "LoginRadius by phone": "no code" };
  const typed = Object.keys(wrong) as (keyof typeof wrong)[];
  for (const name of [...typed, typed[0]!]) {
    await of(name).ask();
    expect(await of(name).complete(wrong[name], second)).toBe(false);
  }
  for (const name of typed) {
    const right = await of(name).ask();
    expect(await of(name).complete(right, second)).toBe(false);
  }
  const token = await of("Keygen").ask();
  expect(await of("Keygen").complete(token, second)).toBe(true);
  expect(await rekey.isPassword(user, second)).toBe(true);
});

test("whom one dialect brought in, the others know", async () => {
  const email = `${randomUUID()}@example.org`;
  const profile = { givenName: "Ann", familyName: "Example" };
  const phone = { phone: `+1415${String(phones++).padStart(7, "0")}`, isVerified: true };
  const human = { userId: randomUUID(), profile, email: { email, isVerified: true }, phone };
  const added = await post("/v2/users/human", human);
  expect(added.status).toBe(200);
  const [found] = await rekey.directory.findByIdentifier(realm.id, email);
  if (found === undefined) throw new Error("the user is not there");
  user = found;
  for (const [index, name] of names.entries()) {
    const password = `password of turn ${index}`;
    expect([name, await of(name).complete(await of(name).ask(), password)]).toEqual([name, true]);
    expect(await rekey.isPassword(user, password)).toBe(true);
  }
});
