// How fast is an outbox by itself? A process that puts deliveries, then attempts them, and tells what both took.
//
// The floor beside it is bare BullMQ with the same job in it: what the outbox adds to its queue is the difference.

import { randomBytes, randomUUID } from "node:crypto";
import { setTimeout as pause } from "node:timers/promises";

import { Queue, Worker } from "bullmq";

import { openOutbox, type OutboxHome } from "../src/delivery/outbox/open-outbox.ts";
import type { Delivery } from "../src/delivery/outbox/outbox.ts";
import { openDatabase } from "../src/sqlite/database.ts";
import { hour } from "../src/units.ts";

export type OutboxTask = {
  readonly place: { readonly redisUrl: string; readonly isBare: boolean } | { readonly file: string };
  readonly deliveries: number;
};

export type OutboxFigures = {
  readonly putsPerSecond: number;
  readonly cpuMicrosecondsPerPut: number;
  readonly deliveriesPerSecond: number;
  readonly cpuMicrosecondsPerDelivery: number;
  /** What was not as it should be. Figures with problems are worth nothing. */
  readonly problems: readonly string[];
};

/** What is measured: all that an outbox is asked for here. */
type Line = {
  put(delivery: Delivery): Promise<unknown>;
  start(attempt: (id: string) => void): void;
  waiting(): Promise<number>;
  close(): Promise<unknown>;
};

/** As many callers wait for their put at a time. */
const lanes = 64;
/** As configured by default. */
const concurrency = 5;
/** Compiles the code. */
const warmUpDeliveries = 500;
/** A sealed message: the values of a template and a link. */
const payloadBytes = 600;

const { place, deliveries } = JSON.parse(process.argv[2] ?? "") as OutboxTask;
await measure(await openLine("warm-up"), warmUpDeliveries);
process.stdout.write(JSON.stringify(await measure(await openLine("measured"), deliveries)));

async function measure(line: Line, count: number): Promise<OutboxFigures> {
  const all = Array.from({ length: count }, makeDelivery);
  const puts = await costOf(async () => {
    let next = 0;
    const putLane = async () => {
      for (let delivery = all[next++]; delivery !== undefined; delivery = all[next++]) await line.put(delivery);
    };
    await Promise.all(Array.from({ length: lanes }, putLane));
  });
  const waiting = await line.waiting();
  const attempts = new Map<string, number>();
  const attempted = Promise.withResolvers<void>();
  const brought = await costOf(async () => {
    line.start((id) => {
      attempts.set(id, (attempts.get(id) ?? 0) + 1);
      if (attempts.size === count) attempted.resolve();
    });
    await attempted.promise;
    while ((await line.waiting()) > 0) await pause(5);
  });
  await line.close();
  const repeated = [...attempts.values()].filter((times) => times > 1).length;
  return {
    putsPerSecond: (count * 1000) / puts.elapsedMs,
    cpuMicrosecondsPerPut: puts.cpuMicroseconds / count,
    deliveriesPerSecond: (count * 1000) / brought.elapsedMs,
    cpuMicrosecondsPerDelivery: brought.cpuMicroseconds / count,
    problems: [
      ...(waiting === count ? [] : [`${waiting} waited after ${count} puts`]),
      ...(repeated === 0 ? [] : [`${repeated} were attempted more than once`]),
    ],
  };
}

/** CPU time of all threads of this process. */
async function costOf(work: () => Promise<void>) {
  const [begun, cpu] = [performance.now(), process.cpuUsage()];
  await work();
  const { user, system } = process.cpuUsage(cpu);
  return { elapsedMs: performance.now() - begun, cpuMicroseconds: user + system };
}

async function openLine(name: string): Promise<Line> {
  if ("file" in place)
    return await openOutboxLine({ kind: "embedded", database: openDatabase(`${place.file}-${name}`) });
  const prefix = `rekey:{${name}}`;
  if (place.isBare) return openBareLine(place.redisUrl, prefix);
  return await openOutboxLine({ kind: "redis", url: place.redisUrl, prefix });
}

async function openOutboxLine(home: OutboxHome): Promise<Line> {
  const outbox = await openOutbox(home, { waitingLimit: 1_000_000, onFault: (cause) => console.error(cause) });
  return {
    put: async (delivery) => await outbox.put(delivery),
    start(attempt) {
      outbox.start(
        async ({ id }) => {
          attempt(id);
          return { kind: "delivered", by: "nobody" };
        },
        { concurrency },
      );
    },
    waiting: async () => (await outbox.count()).waiting,
    close: async () => await outbox.close({ graceMs: 0 }),
  };
}

function openBareLine(url: string, prefix: string): Line {
  const connection = { url };
  const queue = new Queue("deliveries", { connection, prefix });
  let worker: Worker | undefined;
  return {
    put: async ({ payload, ...seen }) => {
      const data = { ...seen, payload: Buffer.from(payload).toString("base64") };
      return await queue.add(seen.realmId, data, { jobId: seen.id });
    },
    start(attempt) {
      const bring = async ({ id = "" }: { id?: string }) => attempt(id);
      worker = new Worker("deliveries", bring, { connection, prefix, concurrency });
    },
    async waiting() {
      const counts = await queue.getJobCounts("wait", "active", "delayed");
      return Object.values(counts).reduce((sum, some) => sum + some, 0);
    },
    close: async () => await Promise.all([worker?.close(), queue.close()]),
  };
}

function makeDelivery(): Delivery {
  const now = Date.now();
  return {
    id: randomUUID(),
    realmId: "bench",
    userId: "user-00000001",
    target: { kind: "email" },
    subject: "password_reset",
    requestNumber: "7F3K-2MQ4",
    createdAt: now,
    expiresAt: now + hour,
    payload: randomBytes(payloadBytes),
  };
}
