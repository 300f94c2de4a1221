// Can somebody without any credential get back in? From the request to the new password, by link and by code.

import { afterAll, beforeAll, describe, expect, test } from "vitest";

import type { UserProfile } from "../../src/directory/directory.ts";
import { defaultPolicy } from "../../src/password/policy.ts";
import type { Realm } from "../../src/reset/realm.ts";
import { hour, minute } from "../../src/units.ts";
import { askJson, newestMessage } from "../support/ask-recovery.ts";
import { makeRealm, openRekey, type Rekey } from "../support/open-rekey.ts";

const recovery = { hosts: ["login.example.com"], link: "https://app.example.com/recover#token={{.Token}}" };
const [acme, other] = [makeRealm({ recovery }), makeRealm({ recovery: { ...recovery, hosts: ["other.example.com"] } })];
const password = "correct horse battery staple";

let rekey: Rekey;
let url: string;
beforeAll(async () => {
  rekey = await openRekey({ realms: [acme, other] });
  url = await rekey.listen();
});
afterAll(async () => await rekey.close());

/** A user, and what the answer to their request and their message hold. */
async function begun(changes: Parameters<Rekey["user"]>[1] = {}, wish: object = {}, realm: Realm = acme) {
  const user = await rekey.user(realm, changes);
  const started = await askJson(url, "start", {
    realmId: realm.id,
    identifier: user.email?.address ?? user.userName,
    ...wish,
  });
  const said = await newestMessage(rekey, user);
  return { user, started, ...said, typed: { recoveryId: started["recoveryId"], verificationCode: said.code } };
}

const complete = async (proof: object, newPassword = password) =>
  await askJson(url, "complete", { proof, newPassword: { password: newPassword } });

describe("a request", () => {
  test("is answered with a number, an id and when to ask again; the message has the same number", async () => {
    const { started, message } = await begun();
    expect(started).toEqual({
      requestNumber: expect.stringMatching(/^[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}$/),
      recoveryId: expect.stringMatching(/^[A-Za-z0-9_-]+$/),
      retryDate: new Date(rekey.clock.now() + minute).toISOString().replace(".000Z", "Z"),
    });
    expect(message.requestNumber).toBe(started["requestNumber"]);
    expect(message.template).toBe("password_reset");
  });

  test("brings a link and a code; no promise in the message outlives what keeps it", async () => {
    const { link, code, message } = await begun();
    expect(link).toMatch(/^https:\/\/app\.example\.com\/recover#token=[A-Za-z0-9_-]+$/);
    expect(code).toMatch(/^[0-9A-HJKMNP-TV-Z]{8}$/);
    expect(message.expiresAt).toBe(rekey.clock.now() + acme.shapes.link.lifetimeMs);
    expect(message.codeExpiresAt).toBe(rekey.clock.now() + acme.shapes.code.lifetimeMs);
  });

  test("is found by user name and by number, in any of its writings", async () => {
    const byName = await begun({ userName: "Zoë" }, { identifier: " ZOE\u0308 " });
    expect(byName.message.channel).toBe("email");
    const byNumber = await begun(
      { phone: { number: "+41446681801", verified: true } },
      { identifier: "+41 44 668-18-01" },
    );
    expect(byNumber.message).toMatchObject({ channel: "sms", recipient: "+41446681801" });
  });

  test("goes over the channel that is preferred, in the language that is asked for", async () => {
    const { message } = await begun({}, { notificationType: "NOTIFICATION_TYPE_SMS", language: "de" });
    expect(message).toMatchObject({ channel: "sms", recipient: "+15555550123", language: "de" });
  });
});

describe.each(["link", "code"] as const)("a %s", (kind) => {
  const proofOf = ({ token, typed }: Awaited<ReturnType<typeof begun>>) =>
    kind === "link" ? { token } : { code: typed };

  test("can be looked at as often as wanted, then sets the password once, and gives the state back", async () => {
    const story = await begun({ password: "the password of before" }, { state: "/basket?id=7" });
    const proof = proofOf(story);
    const lifetime = acme.shapes[kind].lifetimeMs;
    for (let i = 0; i < 3; i += 1) {
      expect(await askJson(url, "check", { proof })).toEqual({
        expirationDate: new Date(rekey.clock.now() + lifetime).toISOString().replace(".000Z", "Z"),
        hint: "u…@e….org",
        rules: { minLength: 15, maxLength: 200 },
      });
    }
    expect(await complete(proof)).toEqual({ state: "/basket?id=7", sessionsEnded: true });
    expect(await rekey.isPassword(story.user, password)).toBe(true);
    expect(await complete(proof, "another horse battery staple")).toMatchObject({ reason: "CODE_USED" });
    expect(await rekey.isPassword(story.user, password)).toBe(true);
  });

  // Guard: ASVS 5.0 6.3.7.
  test("tells the user of the change at every verified address", async () => {
    const story = await begun();
    await complete(proofOf(story));
    const sent = await rekey.courier?.list({ realmId: acme.id, userId: story.user.id, size: 10 });
    const notices = sent?.filter(({ template }) => template === "password_changed").map(({ channel }) => channel);
    expect(notices?.toSorted()).toEqual(["email", "sms"]);
  });

  test("survives a weak password", async () => {
    const story = await begun();
    expect(await complete(proofOf(story), "weak")).toMatchObject({ reason: "PASSWORD_REJECTED" });
    expect(await complete(proofOf(story))).toEqual({ sessionsEnded: true });
  });

  test("is replaced by a newer request, and its holder is told so", async () => {
    const first = await begun();
    await askJson(url, "start", { realmId: acme.id, identifier: first.user.userName });
    const second = await newestMessage(rekey, first.user);
    expect(second.token).not.toBe(first.token);
    expect(await complete(proofOf(first))).toMatchObject({ reason: "CODE_REPLACED" });
    expect(await complete({ token: second.token })).toEqual({ sessionsEnded: true });
  });

  test("ends with its time", async () => {
    const story = await begun();
    rekey.clock.pass(acme.shapes[kind].lifetimeMs);
    expect(await complete(proofOf(story))).toMatchObject({ reason: "CODE_EXPIRED" });
    rekey.clock.pass(hour);
  });
});

// Guard: ASVS 5.0 6.6.2; Incident: C23.
describe("what belongs to one", () => {
  test("a code does not work with another's request, and counts as a try", async () => {
    const [ann, bob] = [await begun(), await begun()];
    const mixed = { code: { recoveryId: bob.typed.recoveryId, verificationCode: ann.code } };
    for (let i = 0; i < acme.shapes.code.maxTries; i += 1) {
      expect(await complete(mixed)).toMatchObject({ reason: "CODE_INVALID" });
    }
    expect(await complete({ code: bob.typed }), "its tries are used up").toMatchObject({ reason: "CODE_INVALID" });
    expect(await complete({ token: bob.token })).toEqual({ sessionsEnded: true });
    expect(await complete({ code: ann.typed })).toEqual({ sessionsEnded: true });
  });

  test("a container opens only as what it is", async () => {
    const { token, typed } = await begun();
    expect(await complete({ token: typed.recoveryId })).toMatchObject({ reason: "CODE_INVALID" });
    const swapped = { code: { recoveryId: token, verificationCode: typed.verificationCode } };
    expect(await complete(swapped)).toMatchObject({ reason: "CODE_INVALID" });
  });

  test.each([
    ["one letter changed", (text: string) => (text.startsWith("B") ? "C" : "B") + text.slice(1)],
    ["the last letters cut", (text: string) => text.slice(0, -4)],
    ["a sign added", (text: string) => `${text}.`],
    ["nothing of ours", () => "x".repeat(200)],
  ])("%s: the code is not valid, whatever was tampered with", async (_name, tamper) => {
    const { token, typed } = await begun();
    expect(await complete({ token: tamper(token) })).toMatchObject({ reason: "CODE_INVALID" });
    const code = { ...typed, recoveryId: tamper(String(typed.recoveryId)) };
    expect(await complete({ code })).toMatchObject({ reason: "CODE_INVALID" });
    expect(await complete({ token })).toEqual({ sessionsEnded: true });
  });

  test("a link sets the password in its own realm, not that of a namesake in another", async () => {
    const story = await begun({ id: "the-same", userName: "the-same" });
    const twin = await rekey.user(other, { id: "the-same", userName: "the-same" });
    expect(await complete({ token: story.token })).toEqual({ sessionsEnded: true });
    expect(await rekey.isPassword(story.user, password)).toBe(true);
    expect(await rekey.isPassword(twin, password)).toBe(false);
  });
});

// Incident: C27.
describe("when an address is changed after the request", () => {
  const changes: Readonly<Record<string, Partial<UserProfile>>> = {
    "the mail address": { email: { address: "new@example.org", verified: true } },
    "the mail address, to one that is not verified": { email: { address: "newer@example.org", verified: false } },
    "the number": { phone: { number: "+41446681899", verified: true } },
  };
  test.each(Object.entries(changes))("%s: link and code are dead, and a new request works", async (_name, fields) => {
    const { user, token, typed } = await begun();
    await rekey.acts.manageUsers.update(rekey.call(acme), { userId: user.id, fields, policy: defaultPolicy });
    for (const proof of [{ token }, { code: typed }]) {
      expect((await complete(proof)).reason).toMatch(/^CODE_(USED|INVALID)$/);
      expect((await askJson(url, "check", { proof })).reason).toMatch(/^CODE_(USED|INVALID)$/);
    }
    if (fields.email?.verified === false) return;
    const again = await askJson(url, "start", { realmId: acme.id, identifier: user.userName });
    const { message, code } = await newestMessage(rekey, user);
    expect(message.recipient).toBe((fields.email ?? user.email)?.address);
    const recovered = await complete({ code: { recoveryId: again["recoveryId"], verificationCode: code } });
    expect(recovered.reason).toBeUndefined();
  });

  test("a recovery makes no other address a verified one, and no state another", async () => {
    const number = "+41446681898";
    const { user, token } = await begun({ state: "locked", phone: { number, verified: false } });
    expect((await complete({ token })).reason).toBeUndefined();
    const after = await rekey.directory.find(acme.id, user.id);
    expect(after).toMatchObject({ email: user.email, phone: { number, verified: false }, state: "locked" });
  });
});

test("none of this was a fault", async () => {
  await rekey.recoveries();
  expect(rekey.faults).toEqual([]);
});
