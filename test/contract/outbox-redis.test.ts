// What does the outbox on Redis do while Redis is away, and with what is over?

import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { Redis } from "ioredis";
import { expect, onTestFinished, test, vi } from "vitest";

import { openOutbox } from "../../src/delivery/outbox/open-outbox.ts";
import { keptAfterDeath, keptAfterDelivery } from "../../src/delivery/outbox/outbox.ts";
import { Outage } from "../../src/outage.ts";
import { second } from "../../src/units.ts";
import { delivered, makeAttempts, makeDelivery } from "../support/make-delivery.ts";
import { startRedis } from "../support/start-redis.ts";

async function opened() {
  const directory = await mkdtemp(join(tmpdir(), "rekey-redis-"));
  let server = await startRedis({ appendonly: true, directory });
  const { url, port } = server;
  const faults: unknown[] = [];
  const outbox = await openOutbox({ kind: "redis", url }, { onFault: (cause) => faults.push(cause) });
  onTestFinished(async () => {
    await outbox.close({ graceMs: 0 });
    await server.stop();
    await rm(directory, { recursive: true, force: true });
  });
  return {
    outbox,
    faults,
    url,
    away: () => server.stop(),
    async back() {
      server = await startRedis({ appendonly: true, directory, port });
    },
  };
}

const patience = { timeout: 20 * second, interval: 20 };

// Guard: ASVS 5.0 16.5.2, 16.5.3.
test("who puts is told of an Outage at once; what was attempted meanwhile is written down when Redis is back", async () => {
  const { outbox, faults, away, back } = await opened();
  const attempts = makeAttempts();
  outbox.start(attempts.attempt, { concurrency: 1 });
  const delivery = makeDelivery();
  await outbox.put(delivery);
  const begun = await attempts.next();
  await away();
  begun.answer(delivered);
  await expect(outbox.put(makeDelivery())).rejects.toThrow(Outage);
  await expect(outbox.count()).rejects.toThrow(Outage);
  await back();
  const record = await vi.waitFor(async () => {
    const found = await outbox.find(delivery.realmId, delivery.id);
    if (found?.state !== "delivered") throw new Error("its end is not written yet");
    return found;
  }, patience);
  expect(record).toMatchObject({ attempts: 1, deliveredBy: "smtp-1" });

  const later = makeDelivery();
  await outbox.put(later);
  const next = await attempts.next();
  next.answer(delivered);
  expect(attempts.ids).toEqual([delivery.id, later.id]);
  expect(faults).toEqual([]);
});

test("it closes while Redis is away, and what was under way comes back by its lease", async () => {
  const { outbox, url, away, back } = await opened();
  const attempts = makeAttempts();
  outbox.start(attempts.attempt, { concurrency: 2 });
  const [answered, ignored] = [makeDelivery(), makeDelivery()] as const;
  await outbox.put(answered);
  const begun = await attempts.next();
  await outbox.put(ignored);
  await attempts.next();
  await away();
  begun.answer(delivered);
  await outbox.close({ graceMs: 10 });
  await back();
  const again = await openOutbox({ kind: "redis", url }, { onFault: () => undefined });
  onTestFinished(() => again.close({ graceMs: 0 }));
  for (const { realmId, id } of [answered, ignored]) {
    expect(await again.find(realmId, id)).toMatchObject({ state: "waiting", attempts: 1 });
  }
});

// Guard: ASVS 5.0 14.2.7.
test("records go when their time is over", async () => {
  const { outbox, url } = await opened();
  const client = new Redis(url);
  onTestFinished(() => client.disconnect());
  const attempts = makeAttempts();
  outbox.start(attempts.attempt, { concurrency: 1 });
  const deaths = { kind: "dead", problem: "550 gone" } as const;

  for (const [outcome, type, kept] of [
    [delivered, "completed", keptAfterDelivery],
    [deaths, "failed", keptAfterDeath],
  ] as const) {
    const end = async () => {
      const delivery = makeDelivery();
      await outbox.put(delivery);
      (await attempts.next()).answer(outcome);
      await vi.waitFor(async () => {
        const found = await outbox.find(delivery.realmId, delivery.id);
        if (found?.state === "waiting") throw new Error("it has not ended yet");
      }, patience);
      return delivery;
    };
    const [old, young] = [await end(), await end()];
    const ends = `rekey:{outbox}:deliveries:${type}`;
    await client.zadd(ends, Date.now() - kept - second, old.id);
    await client.zadd(ends, Date.now() - kept + 60 * second, young.id);
    await end();
    expect(await outbox.find(old.realmId, old.id)).toBeUndefined();
    expect(await outbox.find(young.realmId, young.id)).toBeDefined();
  }
});

test("every key begins with the prefix, so that a Cluster keeps them in one slot", async () => {
  const { outbox, url } = await opened();
  const client = new Redis(url);
  onTestFinished(() => client.disconnect());
  const attempts = makeAttempts();
  outbox.start(attempts.attempt, { concurrency: 1 });
  await outbox.put(makeDelivery());
  (await attempts.next()).answer({ kind: "retry", problem: "421 busy", delayMs: 1 });
  await attempts.next();
  const keys = await client.keys("*");
  expect(keys).not.toEqual([]);
  expect(keys.filter((key) => !key.startsWith("rekey:{outbox}:deliveries:"))).toEqual([]);
});
