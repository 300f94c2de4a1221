// What can become of a stranger's request in the outbox? Done, put off, or dead; and no operator's list has it.

import { createSecretKey, randomUUID } from "node:crypto";

import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";

import { openOutbox } from "../../src/delivery/outbox/open-outbox.ts";
import type { Delivery } from "../../src/delivery/outbox/outbox.ts";
import { makeSeal, type RingKey } from "../../src/delivery/seal.ts";
import { makeManageDeliveries } from "../../src/reset/manage-deliveries.ts";
import { recoveryDelivery, type RecoveryWork } from "../../src/reset/recovery-work.ts";
import { openDatabase } from "../../src/sqlite/database.ts";
import { hour } from "../../src/units.ts";
import { makeKeyRing } from "../support/make-key-ring.ts";
import { fullCourier, makeRealm, openRekey, type Rekey } from "../support/open-rekey.ts";
import { refusalFrom } from "../support/refusal-from.ts";

const realm = makeRealm({ recovery: { hosts: [], link: "https://app.example.com/recover#token={{.Token}}" } });

let rekey: Rekey;
let full: Rekey;
beforeAll(async () => {
  rekey = await openRekey({ realms: [realm] });
  full = await openRekey({ realms: [realm], courier: fullCourier(7000) });
});
afterAll(async () => {
  await rekey.close();
  await full.close();
});

function deliveryOf(work: Partial<RecoveryWork>, ring: readonly RingKey[] = makeKeyRing(1).codes): Delivery {
  const whole = {
    realmId: realm.id,
    identifier: "ann",
    language: "",
    state: "",
    returnUrl: "",
    requestNumber: "7F3K-2MQ4",
    address: "192.0.2.1",
    requestId: "test",
    ...work,
  };
  const id = randomUUID();
  const payload = makeSeal(ring).seal(id, Buffer.from(JSON.stringify(whole)));
  return { ...recoveryDelivery(id, whole, rekey.clock.now()), payload };
}

async function attempted(delivery: Delivery, by: Rekey = rekey) {
  return await by.acts.recovery?.perform(delivery, 0, new AbortController().signal);
}

describe("an attempt", () => {
  test("is done, whether there was anybody or not", async () => {
    await rekey.user(realm, { userName: "ann" });
    expect(await attempted(deliveryOf({}))).toEqual({ kind: "delivered", by: "recovery" });
    expect(await attempted(deliveryOf({ identifier: "nobody" }))).toEqual({ kind: "delivered", by: "recovery" });
    const ends = (await rekey.recoveries()).slice(-2);
    expect(ends.map(({ reason }) => reason)).toEqual([undefined, "user_unknown"]);
  });

  test("of a realm that is no more open to the public is done, and nobody hears anything", async () => {
    await attempted(deliveryOf({ realmId: "closed" }));
    expect((await rekey.recoveries()).at(-1)).toMatchObject({ reason: "realm_unknown" });
  });

  test("is put off while the outbox is full", async () => {
    await full.user(realm, { userName: "ann" });
    const outcome = { kind: "retry", problem: "the outbox is full", delayMs: 7000 };
    expect(await attempted(deliveryOf({}), full)).toEqual(outcome);
  });

  test("is put off where the key is not known yet", async () => {
    const ring = [{ id: 77, key: createSecretKey(Buffer.alloc(32, 77)) }];
    expect(await attempted(deliveryOf({}, ring))).toMatchObject({ kind: "retry" });
  });

  test("is dead where somebody changed it, and after its time", async () => {
    const delivery = deliveryOf({});
    expect(await attempted({ ...delivery, id: randomUUID() })).toMatchObject({ kind: "dead" });
    rekey.clock.pass(hour);
    expect(await attempted(delivery)).toMatchObject({ kind: "dead" });
  });
});

// Guard: ASVS 5.0 8.2.2: who may see deliveries sees none that names nobody.
test("no operator sees, sends again or drops it", async () => {
  const database = openDatabase(":memory:");
  onTestFinished(() => database.close());
  const outbox = await openOutbox({ kind: "embedded", database }, { onFault: () => undefined });
  onTestFinished(async () => await outbox.close({ graceMs: 0 }));
  const deliveries = makeManageDeliveries({
    outbox,
    requestReset: rekey.acts.requestReset,
    dialectOf: () => rekey.dialect,
  });
  const delivery = deliveryOf({});
  await outbox.put(delivery);
  const call = rekey.call(realm);
  expect(await deliveries.list(call, { state: "waiting", size: 10 })).toEqual([]);
  for (const act of [deliveries.get, deliveries.resend, deliveries.drop]) {
    expect(await refusalFrom(Promise.resolve(act(call, delivery.id)))).toEqual({ reason: "delivery_unknown" });
  }
  expect(await outbox.find(realm.id, delivery.id)).toBeDefined();
});
