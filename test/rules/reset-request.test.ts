// How does a reset start, and to whom does word go?

import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { nativeDialect } from "../../src/edge/native/dialect.ts";
import { zitadelDialect } from "../../src/edge/zitadel/dialect.ts";
import { defaultPolicy } from "../../src/password/policy.ts";
import type { Realm } from "../../src/reset/realm.ts";
import { hour, minute } from "../../src/units.ts";
import { fullCourier, openRekey, type Rekey } from "../support/open-rekey.ts";
import { refusalFrom } from "../support/refusal-from.ts";
import { native, resetSteps } from "../support/reset-steps.ts";

let rekey: Rekey;
beforeAll(async () => {
  rekey = await openRekey();
});
afterAll(async () => await rekey.close());

const messagesOf = async (realm: Realm) => (await rekey.courier?.list({ realmId: realm.id, size: 100 })) ?? [];

async function room(changes: Parameters<Rekey["user"]>[1] = {}, dialect = native, realmChanges: Partial<Realm> = {}) {
  const realm = rekey.realm(realmChanges);
  const user = await rekey.user(realm, changes);
  return { realm, user, steps: resetSteps(rekey, rekey.call(realm), dialect) };
}

test("a code that is returned is sent to nobody, and lives ten minutes", async () => {
  const { realm, user } = await room();
  const started = await rekey.acts.requestReset(rekey.call(realm), {
    userId: user.id,
    medium: { kind: "return_code" },
    dialect: native,
  });
  expect(started.code).toMatch(/^[0-9A-HJKMNP-TV-Z]{8}$/);
  expect(started).toMatchObject({ expiresAt: rekey.clock.now() + 10 * minute });
  expect(started).not.toHaveProperty("messageId");
  expect(await messagesOf(realm)).toEqual([]);
});

// Incident: C5: exactly one recipient, and it comes from the directory.
test("a link goes to the one address in the directory, and its code is not returned", async () => {
  const { realm, user, steps } = await room({ email: { address: "Ann+tag@Example.org", verified: true } });
  const started = await steps.send(user.id);
  const messages = await messagesOf(realm);
  expect(started).not.toHaveProperty("code");
  expect(messages).toEqual([
    expect.objectContaining({
      id: started.messageId,
      userId: user.id,
      channel: "email",
      recipient: "Ann+tag@Example.org",
      language: "en",
      template: "password_reset",
      createdAt: rekey.clock.now(),
      expiresAt: rekey.clock.now() + hour,
    }),
  ]);
  const token = messages[0]?.values.secret ?? "";
  // Guard: ASVS 5.0 11.5.1.
  expect(token).toMatch(/^[\w-]{43}$/);
  expect(messages[0]?.values.link).toBe(`https://app.example.com/password?user=${user.id}&code=${token}`);
  await steps.complete(user.id, token);
});

test("a message is in the user's language, else in the realm's", async () => {
  const { realm, user, steps } = await room({ preferredLanguage: "pt-BR" });
  await steps.send(user.id);
  expect((await messagesOf(realm))[0]).toMatchObject({ language: "pt-BR" });
  const other = await room({}, native, { defaultLanguage: "de" });
  await other.steps.send(other.user.id);
  expect((await messagesOf(other.realm))[0]).toMatchObject({ language: "de" });
});

// Guard: ASVS 5.0 6.6.1.
describe("a text message", () => {
  test("goes to a verified number", async () => {
    const { realm, user, steps } = await room();
    await steps.send(user.id, { channel: "sms" });
    expect(await messagesOf(realm)).toMatchObject([{ channel: "sms", recipient: "+15555550123" }]);
  });

  test("never goes to a number that was not verified, whatever the dialect", async () => {
    const phone = { number: "+15555550199", verified: false };
    const own = await room({ phone });
    expect(await refusalFrom(own.steps.send(own.user.id, { channel: "sms" }))).toEqual({
      reason: "channel_unavailable",
      channel: "sms",
    });
    const vendor = await room({ phone }, zitadelDialect);
    await vendor.steps.send(vendor.user.id, { channel: "sms" });
    expect(await messagesOf(own.realm)).toEqual([]);
    expect(await messagesOf(vendor.realm)).toEqual([]);
  });
});

test("a mail to an address that was not verified is the dialect's decision", async () => {
  const email = { address: "new@example.org", verified: false };
  const own = await room({ email });
  expect(await refusalFrom(own.steps.send(own.user.id))).toEqual({ reason: "channel_unavailable", channel: "email" });
  const vendor = await room({ email }, zitadelDialect);
  await vendor.steps.send(vendor.user.id);
  expect(await messagesOf(vendor.realm)).toMatchObject([{ recipient: "new@example.org" }]);
});

test("who is unknown or not set up gets no code", async () => {
  const { realm, steps } = await room();
  const initial = await rekey.user(realm, { state: "initial" });
  for (const step of [steps.code, steps.send]) {
    expect(await refusalFrom(step("nobody"))).toEqual({ reason: "user_unknown" });
    expect(await refusalFrom(step(initial.id))).toEqual({ reason: "user_not_ready" });
  }
});

test("nothing changes on the account when somebody asks for a reset", async () => {
  const { realm, user, steps } = await room({ password: "the password of before" });
  await steps.code(user.id);
  await steps.send(user.id);
  expect(await rekey.directory.find(realm.id, user.id)).toEqual(user);
  expect(await rekey.isPassword(user, "the password of before")).toBe(true);
});

describe("a template", () => {
  test("is judged before the user is looked for", async () => {
    const { steps } = await room();
    expect(await refusalFrom(steps.send("nobody", { urlTemplate: "javascript:{{.Code}}" }))).toMatchObject({
      reason: "url_template_invalid",
    });
  });

  test("is needed where the realm has no page, and a refusal costs no code", async () => {
    const { user, steps } = await room({}, native, { links: { hosts: ["app.example.com"] } });
    const code = await steps.code(user.id);
    expect(await refusalFrom(steps.send(user.id))).toEqual({ reason: "url_template_missing" });
    await steps.check(user.id, code);
  });

  test("of the request knows the dialect's names, the realm's own page knows them all", async () => {
    const page = "https://app.example.com/?l={{.LoginName}}&o={{.OrgID}}&c={{.Code}}";
    const links = { page, hosts: ["app.example.com"] };
    const { realm, user, steps } = await room({ userName: "a+b@example.org" }, zitadelDialect, { links });
    expect(await refusalFrom(steps.send(user.id, { urlTemplate: page }))).toMatchObject({ problem: "unknown_name" });
    await steps.send(user.id);
    expect((await messagesOf(realm))[0]?.values.link).toMatch(/\?l=a%2Bb%40example\.org&o=acme&c=[A-Z0-9]{6}$/);
  });
});

test("without delivery only a returned code is to be had", async () => {
  const silent = await openRekey({ courier: "none" });
  const realm = silent.realm();
  const user = await silent.user(realm);
  const steps = resetSteps(silent, silent.call(realm));
  expect(await refusalFrom(steps.send(user.id))).toEqual({ reason: "delivery_off", channel: "email" });
  await steps.complete(user.id, await steps.code(user.id));
  await silent.close();
});

test("a full delivery is told with its time", async () => {
  const busy = await openRekey({ courier: fullCourier(7000) });
  const realm = busy.realm();
  const user = await busy.user(realm);
  const steps = resetSteps(busy, busy.call(realm), nativeDialect(defaultPolicy));
  expect(await refusalFrom(steps.send(user.id))).toEqual({ reason: "overloaded", retryAfterMs: 7000 });
  await busy.close();
});

test("each event moves the user's sequence on", async () => {
  const { realm, user, steps } = await room();
  const call = rekey.call(realm);
  const medium = { kind: "return_code" } as const;
  const started = await rekey.acts.requestReset(call, { userId: user.id, medium, dialect: native });
  const revoked = await steps.revoke(user.id);
  const completed = await steps.complete(user.id, await steps.code(user.id));
  const set = await steps.set(user.id);
  const sequences = [user.sequence, started.standing.sequence, revoked.sequence, completed.sequence, set.sequence];
  expect(sequences.toSorted((one, other) => one - other)).toEqual(sequences);
  expect(new Set(sequences.slice(1)).size).toBe(4);
});
