// How often may a stranger ask and try? Every row of the limit table that strangers have, and what a flood comes to.

import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { fullQueue } from "../support/open-queue.ts";
import type { Call } from "../../src/reset/caller.ts";
import type { Realm } from "../../src/reset/realm.ts";
import { type LimitTable, productionLimits } from "../../src/throttle/limits.ts";
import { hour, minute } from "../../src/units.ts";
import { askJson, newestMessage } from "../support/ask-recovery.ts";
import { makeRealm, noLimits, openRekey, type Rekey } from "../support/open-rekey.ts";
import { refusalFrom } from "../support/refusal-from.ts";

const recovery = { hosts: [], link: "https://app.example.com/recover#token={{.Token}}" };
const most = 3;
const withLimits = (limits: Partial<LimitTable>) => makeRealm({ recovery, limits: { ...noLimits, ...limits } });
const row = { max: most, windowMs: minute };
const realms = {
  identifier: withLimits({ start_recovery: { identifier: row } }),
  address: withLimits({ start_recovery: { address: row } }),
  realm: withLimits({ start_recovery: { realm: row } }),
  proof: withLimits({ present_recovery: { address: row } }),
  shop: makeRealm({ recovery, limits: { ...productionLimits, start_recovery: {} } }),
  shipped: makeRealm({ recovery, limits: productionLimits }),
};

let rekey: Rekey;
beforeAll(async () => {
  rekey = await openRekey({ realms: Object.values(realms) });
});
afterAll(async () => await rekey.close());

function acts() {
  const { recovery: made } = rekey.acts;
  if (made === undefined) throw new Error("no recovery");
  return made;
}

const callOf = (realm: Realm, address = "192.0.2.1"): Call => ({
  caller: acts().callers.of({ realmId: realm.id, publicKey: "", host: "" }),
  address,
  requestId: "test",
});

const start = async (realm: Realm, identifier: string, address?: string) =>
  await acts().start(callOf(realm, address), {
    identifier,
    language: "",
    state: "",
    returnUrl: "",
    botAnswer: { kind: "none" },
  });

// Guard: ASVS 5.0 2.4.1, 6.6.4.
describe.each(["identifier", "address", "realm"] as const)("asking, by %s", (party) => {
  test(`lets ${most} through, names itself and the time, and opens again then`, async () => {
    const realm = realms[party];
    let turn = 0;
    const next = async () => {
      turn += 1;
      const identifier = party === "identifier" ? ["ann@example.org", "ANN@example.org"][turn % 2] : `who-${turn}`;
      return await start(realm, identifier ?? "", party === "address" ? "192.0.2.7" : `192.0.2.${turn}`);
    };
    for (let i = 0; i < most; i += 1) await next();
    rekey.clock.pass(minute / 3);
    const limit = `start_recovery.${party}`;
    expect(await refusalFrom(next())).toEqual({ reason: "rate_limited", limit, retryAfterMs: (minute / 3) * 2 });
    rekey.clock.pass((minute / 3) * 2);
    await next();
  });
});

describe("all realms together", () => {
  test("share a row of their own, in which only what their rows let in is counted", async () => {
    const [one, other] = [realms.identifier, realms.shop];
    const shared = await openRekey({ realms: [one, other], everywhere: { max: most + 1, windowMs: minute } });
    try {
      const url = await shared.listen();
      const ask = async (realm: Realm, identifier: string) =>
        await askJson(url, "start", { realmId: realm.id, identifier });
      for (let i = 0; i < most; i += 1) expect(await ask(one, "ann")).toHaveProperty("requestNumber");
      for (let i = 0; i < 10; i += 1)
        expect(JSON.stringify(await ask(one, "ann"))).toContain("start_recovery.identifier");
      expect(await ask(other, "bob")).toHaveProperty("requestNumber");
      expect(JSON.stringify(await ask(other, "eve"))).toContain("start_recovery.everywhere");
      expect(await shared.recoveries()).toHaveLength(most + 1);
      shared.clock.pass(minute);
      expect(await ask(other, "eve")).toHaveProperty("requestNumber");
    } finally {
      await shared.close();
    }
  });
});

test("what was refused is not queued", async () => {
  const before = (await rekey.recoveries()).length;
  const identifier = "bob@example.org";
  for (let i = 0; i < most; i += 1) await start(realms.identifier, identifier);
  await refusalFrom(start(realms.identifier, identifier));
  expect(await rekey.recoveries()).toHaveLength(before + most);
});

test("typed codes are counted by address, whoever they are for", async () => {
  const call = callOf(realms.proof);
  const dialect = rekey.dialect;
  const { recoveryId } = await start(realms.proof, "nobody");
  const from = { host: "", address: call.address, requestId: "test" };
  const check = async () => {
    const proof = { kind: "code" as const, recoveryId, code: "00000000" };
    return await refusalFrom(acts().present.check(from, { proof, dialect }));
  };
  for (let i = 0; i < most; i += 1) expect(await check()).toEqual({ reason: "code_absent" });
  expect(await check()).toMatchObject({ reason: "rate_limited", limit: "present_recovery.address" });
});

// Guard: ASVS 5.0 6.6.4; Incident: C25.
describe("a thousand requests for one account", () => {
  test.each([
    ["from everywhere, by all its names, and nothing but the account's own row holds", realms.shop],
    ["as it is shipped", realms.shipped],
  ])("%s: the mailbox gets what is configured, and the victim still recovers by link", async (_name, realm) => {
    const victim = await rekey.user(realm);
    const names = [victim.userName, victim.email?.address ?? "", victim.phone?.number ?? ""];
    for (let i = 0; i < 1000; i += 1) {
      const asked = start(realm, names[i % names.length] ?? "", `2001:db8:0:${i.toString(16)}::1`);
      await asked.catch(() => undefined);
    }
    await rekey.recoveries();
    const sent = await rekey.courier?.list({ realmId: realm.id, userId: victim.id, size: 2000 });
    expect(sent).toHaveLength(productionLimits.send_message.account?.max ?? 0);
    const { token } = await newestMessage(rekey, victim);
    const from = { host: "", address: "198.51.100.1", requestId: "test" };
    const password = "correct horse battery staple";
    await acts().present.complete(from, { proof: { kind: "token", token }, password, dialect: rekey.dialect });
    expect(await rekey.isPassword(victim, password)).toBe(true);
    rekey.clock.pass(hour);
  });
});

test("a full outbox is told, to everybody alike", async () => {
  const full = await openRekey({ realms: [realms.shop], queue: fullQueue(5000) });
  try {
    await full.user(realms.shop, { userName: "known" });
    const url = await full.listen();
    const ask = async (identifier: string) => await askJson(url, "start", { realmId: realms.shop.id, identifier });
    expect(await ask("known")).toMatchObject({ reason: "OVERLOADED" });
    expect(await ask("known")).toEqual(await ask("nobody"));
  } finally {
    await full.close();
  }
});

test("none of this was a fault", async () => {
  await rekey.recoveries();
  expect(rekey.faults).toEqual([]);
});
