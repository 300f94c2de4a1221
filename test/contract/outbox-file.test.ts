// What does the outbox in the file do with what is over, and with what a dead process held?

import { expect, onTestFinished, test } from "vitest";

import { openOutbox } from "../../src/delivery/outbox/open-outbox.ts";
import { keptAfterDeath, keptAfterDelivery } from "../../src/delivery/outbox/outbox.ts";
import { openDatabase } from "../../src/sqlite/database.ts";
import { second } from "../../src/units.ts";
import { delivered, makeAttempts, makeDelivery } from "../support/make-delivery.ts";

function openFile() {
  const database = openDatabase(":memory:");
  onTestFinished(() => database.close());
  return { database, open: () => openOutbox({ kind: "embedded", database }, { onFault: fail }) };
}

function fail(cause: unknown): never {
  throw new Error("nothing may go wrong here", { cause });
}

// Guard: ASVS 5.0 14.2.7.
test("records go when their time is over", async () => {
  const { database, open } = openFile();
  const outbox = await open();
  const attempts = makeAttempts();
  outbox.start(attempts.attempt, { concurrency: 4 });
  const made = [makeDelivery(), makeDelivery(), makeDelivery(), makeDelivery()] as const;
  const [oldDelivered, youngDelivered, oldDead, youngDead] = made;
  for (const delivery of made) {
    await outbox.put(delivery);
    const { answer } = await attempts.next();
    answer(delivery === oldDead || delivery === youngDead ? { kind: "dead", problem: "550 gone" } : delivered);
  }
  await outbox.close({ graceMs: 20 * second });

  const age = database.sqlite.prepare("UPDATE deliveries SET ended_at = ended_at - ? WHERE id = ?");
  age.run(keptAfterDelivery, oldDelivered.id);
  age.run(keptAfterDelivery - 60 * second, youngDelivered.id);
  age.run(keptAfterDeath, oldDead.id);
  age.run(keptAfterDeath - 60 * second, youngDead.id);
  const later = await open();
  await later.close({ graceMs: 0 });
  const found = await Promise.all(made.map(({ realmId, id }) => later.find(realmId, id)));
  expect(found.map((record) => record?.state)).toEqual([undefined, "delivered", undefined, "dead"]);
});

test("a dead holder's lease runs out: another takes the delivery, and may drop it", async () => {
  const { database, open } = openFile();
  const [taken, dropped] = [makeDelivery(), makeDelivery()] as const;
  const outbox = await open();
  for (const delivery of [taken, dropped]) await outbox.put(delivery);
  // As a process leaves them that was killed in the middle of its attempts.
  database.sqlite.exec("UPDATE deliveries SET holder = 'dead', attempts = 1, due_at = due_at + 100000");
  expect(await outbox.drop(dropped.realmId, dropped.id)).toBe("under_way");
  database.sqlite.exec("UPDATE deliveries SET due_at = due_at - 100000");
  expect(await outbox.drop(dropped.realmId, dropped.id)).toBe("dropped");

  const attempts = makeAttempts();
  outbox.start(attempts.attempt, { concurrency: 1 });
  const begun = await attempts.next();
  expect([begun.delivery.id, begun.attempts]).toEqual([taken.id, 1]);
  begun.answer(delivered);
  await outbox.close({ graceMs: 20 * second });
  expect(await outbox.find(taken.realmId, taken.id)).toMatchObject({ state: "delivered", attempts: 2 });
});

test("a lease is renewed for as long as an attempt takes", async () => {
  const { database } = openFile();
  const leaseMs = 1500;
  const attempts = makeAttempts();
  const slow = await openOutbox({ kind: "embedded", database }, { leaseMs, onFault: fail });
  slow.start(attempts.attempt, { concurrency: 1 });
  const delivery = makeDelivery();
  await slow.put(delivery);
  const begun = await attempts.next();

  const others = makeAttempts();
  const other = await openOutbox({ kind: "embedded", database }, { leaseMs, onFault: fail });
  other.start(others.attempt, { concurrency: 1 });
  // Its due time passes the first lease more than once; whoever looks finds it taken.
  const due = database.sqlite.prepare("SELECT due_at FROM deliveries WHERE id = ?");
  const first = Number(due.get(delivery.id)?.["due_at"]);
  await expect
    .poll(() => Number(due.get(delivery.id)?.["due_at"]), { timeout: 20 * second })
    .toBeGreaterThan(first + leaseMs);
  begun.answer(delivered);
  await slow.close({ graceMs: 20 * second });
  await other.close({ graceMs: 0 });
  expect(others.ids).toEqual([]);
  expect(await other.find(delivery.realmId, delivery.id)).toMatchObject({ state: "delivered", attempts: 1 });
});

test("what was delivered is delivered, even when the lease was lost on the way", async () => {
  const { database, open } = openFile();
  const outbox = await open();
  const attempts = makeAttempts();
  outbox.start(attempts.attempt, { concurrency: 2 });
  const [arrives, fails] = [makeDelivery(), makeDelivery()] as const;
  for (const delivery of [arrives, fails]) await outbox.put(delivery);
  const begun = [await attempts.next(), await attempts.next()];
  database.sqlite.exec("UPDATE deliveries SET holder = 'another'");
  for (const one of begun) {
    one.answer(one.delivery.id === arrives.id ? delivered : { kind: "dead", problem: "550 gone" });
  }
  await outbox.close({ graceMs: 20 * second });
  expect(await outbox.find(arrives.realmId, arrives.id)).toMatchObject({ state: "delivered" });
  expect(await outbox.find(fails.realmId, fails.id)).toMatchObject({ state: "waiting" });
});
