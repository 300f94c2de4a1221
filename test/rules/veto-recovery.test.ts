// What does "it was not me" do, who can say it, and what does it leave alone?

import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { requestNumberKey, userIdKey } from "../../src/edge/http/call-values.ts";
import type { Realm } from "../../src/reset/realm.ts";
import { hour, minute } from "../../src/units.ts";
import { askJson, newestMessage } from "../support/ask-recovery.ts";
import { makeRealm, openRekey, type Rekey } from "../support/open-rekey.ts";
import { refusalFrom } from "../support/refusal-from.ts";
import { whileWritesAre } from "../support/refuse-writes.ts";
import { goodPassword, native, resetSteps } from "../support/reset-steps.ts";

const link = "https://app.example.com/recover#token={{.Token}}";
const veto = { link: "https://login.example.com/recover#veto={{.Token}}", blockMs: 24 * hour };
const acme = makeRealm({ recovery: { hosts: ["login.example.com"], link, veto } });
const without = makeRealm({ recovery: { hosts: [], link } });
const closed = makeRealm();

let rekey: Rekey;
let url: string;
beforeAll(async () => {
  rekey = await openRekey({ realms: [acme, without, closed] });
  url = await rekey.listen();
});
afterAll(async () => await rekey.close());

const start = async (identifier: string, realm: Realm = acme) =>
  await askJson(url, "start", { realmId: realm.id, identifier });
const say = async (token: string) => await askJson(url, "veto", { token });
const tokenIn = (text: string) => decodeURIComponent(new URL(text).hash.replace("#veto=", ""));

/** A user who has a message that nobody asked for. */
async function asked(realm: Realm = acme) {
  const user = await rekey.user(realm, { password: "the password of before" });
  const { recoveryId } = await start(user.userName, realm);
  const said = await newestMessage(rekey, user);
  const { vetoLink } = said.message.values;
  return { user, ...said, vetoLink, vetoToken: vetoLink && tokenIn(vetoLink), recoveryId };
}

describe("the link", () => {
  test("stands in a mail that a stranger asked for, is of its own kind, and opens nothing else", async () => {
    const { vetoLink, vetoToken, token } = await asked();
    expect(vetoLink).toMatch(/^https:\/\/login\.example\.com\/recover#veto=[A-Za-z0-9_-]+$/);
    expect(await askJson(url, "check", { proof: { token: vetoToken } })).toMatchObject({ reason: "CODE_INVALID" });
    expect(await say(token)).toMatchObject({ reason: "CODE_INVALID" });
  });

  test("stands in a mail that a caller with a key asked for, and in the notice of a change, where it is all there is", async () => {
    const user = await rekey.user(acme);
    const steps = resetSteps(rekey, rekey.call(acme));
    await steps.send(user.id);
    const [sent] = (await rekey.courier?.list({ userId: user.id, size: 1 })) ?? [];
    expect(sent?.values.vetoLink).toContain("#veto=");
    await steps.set(user.id);
    const notices = (await rekey.courier?.list({ userId: user.id, size: 2 })) ?? [];
    const notice = notices.find(({ channel }) => channel === "email");
    expect(notice?.values.link).toContain("#veto=");
    expect(notice?.values.vetoLink).toBe(notice?.values.link);
  });

  test("stands in no text message, which has no room, and in no message of a realm that has no page for it", async () => {
    const user = await rekey.user(acme);
    const notificationType = "NOTIFICATION_TYPE_SMS";
    await askJson(url, "start", { realmId: acme.id, identifier: user.userName, notificationType });
    const { message } = await newestMessage(rekey, user);
    expect(message).toMatchObject({ channel: "sms", values: { vetoLink: "" } });
    expect((await asked(without)).vetoLink).toBe("");
    const other = await rekey.user(closed);
    await resetSteps(rekey, rekey.call(closed)).set(other.id);
    const notices = (await rekey.courier?.list({ userId: other.id, size: 2 })) ?? [];
    expect(notices.map(({ values }) => values.link)).toEqual(["", ""]);
  });

  test("ends after 72 hours; what was sealed by nobody, or for a user who is gone, is not valid", async () => {
    const { vetoToken, user } = await asked();
    expect(await say("x".repeat(200))).toMatchObject({ reason: "CODE_INVALID" });
    expect(await say(`${vetoToken.slice(0, -1)}${vetoToken.endsWith("A") ? "B" : "A"}`)).toMatchObject({
      reason: "CODE_INVALID",
    });
    const gone = await asked();
    await rekey.acts.manageUsers.delete(rekey.call(acme), gone.user.id);
    expect(await say(gone.vetoToken)).toMatchObject({ reason: "CODE_INVALID" });
    rekey.clock.pass(72 * hour);
    expect(await say(vetoToken)).toMatchObject({ reason: "CODE_EXPIRED" });
    expect(await rekey.directory.find(acme.id, user.id)).toEqual(user);
  });
});

describe("a veto", () => {
  test("kills link and code, whose holder is told why, and nobody else", async () => {
    const { vetoToken, token, code, recoveryId } = await asked();
    const answer = await say(vetoToken);
    expect(answer).toEqual({ blockedUntil: new Date(rekey.clock.now() + 24 * hour).toISOString().replace(".000", "") });
    const typed = (verificationCode: string) => ({ code: { recoveryId, verificationCode } });
    for (const proof of [{ token }, typed(code)]) {
      expect(await askJson(url, "check", { proof })).toMatchObject({ reason: "RECOVERY_BLOCKED" });
      const change = { proof, newPassword: { password: goodPassword } };
      expect(await askJson(url, "complete", change)).toMatchObject({ reason: "RECOVERY_BLOCKED" });
    }
    expect(await askJson(url, "check", { proof: typed("00000000") })).toMatchObject({ reason: "CODE_INVALID" });
  });

  test("ends sessions and leaves the password alone", async () => {
    const { vetoToken, user } = await asked();
    rekey.clock.pass(minute);
    await say(vetoToken);
    expect((await rekey.directory.find(acme.id, user.id))?.sessionsValidFrom).toBe(rekey.clock.now());
    expect(await rekey.isPassword(user, "the password of before")).toBe(true);
  });

  test("blocks resets: a stranger hears what strangers hear and nothing is sent, a key is told until when", async () => {
    const { vetoToken, user } = await asked();
    await say(vetoToken);
    const before = await rekey.courier?.list({ userId: user.id, size: 10 });
    expect(Object.keys(await start(user.userName))).toEqual(Object.keys(await start("nobody-at-all")));
    // Both are looked into behind the answers, in no order.
    const reasons = (await rekey.recoveries()).slice(-2).map(({ reason }) => reason);
    expect(reasons.map(String).toSorted()).toEqual(["blocked", "user_unknown"]);
    expect(await rekey.courier?.list({ userId: user.id, size: 10 })).toEqual(before);
    rekey.clock.pass(hour);
    const steps = resetSteps(rekey, rekey.call(acme));
    const blocked = { reason: "recovery_blocked", retryAfterMs: 23 * hour };
    expect(await refusalFrom(steps.code(user.id))).toEqual(blocked);
    expect(await refusalFrom(steps.send(user.id))).toEqual(blocked);
    rekey.clock.pass(23 * hour);
    await steps.complete(user.id, await steps.code(user.id));
  });

  test("said twice is said once: the same answer, no longer block, no other session ended", async () => {
    const { vetoToken, user } = await asked();
    const first = await say(vetoToken);
    const after = await rekey.directory.find(acme.id, user.id);
    for (const ms of [minute, 23 * hour, 2 * hour]) {
      rekey.clock.pass(ms);
      expect(await say(vetoToken)).toEqual(first);
    }
    expect(await rekey.directory.find(acme.id, user.id)).toEqual(after);
    await resetSteps(rekey, rekey.call(acme)).code(user.id);
  });

  test("is lifted by a caller who sets the password without a proof, in both ways, and by nobody else", async () => {
    const admin = rekey.call(acme);
    const steps = resetSteps(rekey, admin);
    const ways = [
      async (userId: string) => await steps.set(userId),
      async (userId: string) =>
        await rekey.acts.manageUsers.update(admin, {
          userId,
          fields: {},
          password: { kind: "clear", password: goodPassword, changeRequired: true },
          policy: native.passwordPolicy,
        }),
    ];
    for (const way of ways) {
      const { vetoToken, user } = await asked();
      await say(vetoToken);
      await steps.change(user.id, "the password of before");
      await steps.revoke(user.id);
      expect(await refusalFrom(steps.code(user.id))).toMatchObject({ reason: "recovery_blocked" });
      await way(user.id);
      await steps.code(user.id);
      await say(vetoToken);
      await steps.code(user.id);
    }
  });

  test("that was cut off after its first step is finished by whoever says it again", async () => {
    const { vetoToken, user } = await asked();
    const cut = await whileWritesAre("refused", "UPDATE ON directory_users", rekey.database, async () =>
      say(vetoToken),
    );
    expect(cut).not.toHaveProperty("blockedUntil");
    expect(rekey.faults).toMatchObject([{ cause: { dependency: "sqlite" } }]);
    expect(await refusalFrom(resetSteps(rekey, rekey.call(acme)).code(user.id))).toMatchObject({
      reason: "recovery_blocked",
    });
    const vetoedAt = rekey.clock.now();
    rekey.clock.pass(minute);
    expect(await say(vetoToken)).toHaveProperty("blockedUntil");
    expect((await rekey.directory.find(acme.id, user.id))?.sessionsValidFrom).toBe(vetoedAt);
  });

  test("is on record", async () => {
    const { vetoToken, user, message } = await asked();
    await say(vetoToken);
    const end = rekey.ended.at(-1);
    expect(end).toMatchObject({ event: "recovery.vetoed", outcome: "done" });
    expect(end?.values.get(userIdKey)).toBe(user.id);
    expect(end?.values.get(requestNumberKey)).toBe(message.requestNumber);

    rekey.clock.pass(72 * hour);
    await say(vetoToken);
    const late = rekey.ended.at(-1);
    expect(late).toMatchObject({ outcome: "refused", reason: "code_expired" });
    expect(late?.values.get(userIdKey)).toBe(user.id);
  });
});

test("none of this was a fault but the broken disk", async () => {
  await rekey.recoveries();
  expect(rekey.faults).toHaveLength(1);
});
