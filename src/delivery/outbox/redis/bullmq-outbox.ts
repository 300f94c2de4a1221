// How does Redis keep what is to be brought? As jobs of BullMQ, one per delivery, under the delivery's id.
//
// Two connections, because they want opposite things: who puts is told at once that Redis is away, who attempts waits.

import { Queue } from "bullmq";

import { openRedis, redisOutage } from "../../../redis/connection.ts";
import { hour } from "../../../units.ts";
import { checkDelivery, isDeliveryId } from "../check-delivery.ts";
import { defaultLease, defaultWaitingLimit, lineFor, type OutboxOptions, retryWhenFull } from "../outbox-options.ts";
import { type DeliveryRecord, keptAfterDeath, keptAfterDelivery, type Outbox } from "../outbox.ts";
import { jobDataOf, jobOptionsOf } from "./delivery-job.ts";
import { startDeliveryWorker } from "./delivery-worker.ts";
import { type DeliveryQueue, makeFindJobs } from "./find-jobs.ts";

const queueName = "deliveries";

/** BullMQ tells every step in a stream that we do not read. */
const mostEvents = 100;

/** Each end takes away records whose time is over; this does so where nothing ends for long. */
const sweepEvery = hour;
const mostSweptAtOnce = 10_000;

export async function openBullmqOutbox(
  { url, prefix = "rekey:{outbox}" }: { readonly url: string; readonly prefix?: string },
  { waitingLimit = defaultWaitingLimit, leaseMs = defaultLease, onFault }: OutboxOptions,
): Promise<Outbox> {
  const redis = await openRedis({ url });
  const patientRedis = await openRedis({ url, patient: true });
  const queue: DeliveryQueue = new Queue(queueName, {
    connection: redis.client,
    prefix,
    streams: { events: { maxLen: mostEvents } },
  });
  // Whoever calls is told by an Outage.
  queue.on("error", () => undefined);
  await queue.waitUntilReady();

  const jobs = makeFindJobs(queue, redis);
  let worker: ReturnType<typeof startDeliveryWorker> | undefined;
  /** Puts that have been let in and are on their way: not counted by Redis yet. */
  let arriving = 0;
  let closed: Promise<void> | undefined;

  async function count() {
    const { failed = 0, ...waiting } = await queue.getJobCounts("wait", "active", "delayed", "failed");
    return { waiting: Object.values(waiting).reduce((sum, some) => sum + some, 0), dead: failed };
  }

  async function sweep(): Promise<void> {
    await queue.clean(keptAfterDelivery, mostSweptAtOnce, "completed");
    await queue.clean(keptAfterDeath, mostSweptAtOnce, "failed");
  }
  const sweeping = setInterval(() => void sweep().catch((cause: unknown) => onFault(redisOutage(cause))), sweepEvery);

  return {
    async put(delivery) {
      checkDelivery(delivery);
      return orOutage(async () => {
        const { waiting } = await count();
        const isFull = waiting + arriving >= lineFor(delivery, waitingLimit);
        // What is kept already is accepted again, for nothing changes.
        if (isFull && (await queue.getJob(delivery.id)) === undefined) {
          return { kind: "full", retryAfterMs: retryWhenFull };
        }
        arriving += 1;
        try {
          // The name tells whose it is without a look at the payload.
          await queue.add(delivery.realmId, jobDataOf(delivery), jobOptionsOf(delivery));
        } finally {
          arriving -= 1;
        }
        return { kind: "accepted" };
      });
    },

    start(attempt, { concurrency, onExpired }) {
      if (worker !== undefined || closed !== undefined) throw new Error("an outbox starts once");
      const deps = { queue: { name: queueName, prefix }, redis: patientRedis, leaseMs, onFault };
      worker = startDeliveryWorker({ ...deps, attempt, onExpired, concurrency });
    },

    async find(realmId, id) {
      if (!isDeliveryId(id)) return undefined;
      return orOutage(() => jobs.find(realmId, id));
    },

    async list({ realmId, state, userId, size, after }) {
      return orOutage(async () => {
        const records: DeliveryRecord[] = [];
        if (size <= 0) return records;
        for await (const record of jobs.walk(realmId, state, after)) {
          if (userId === undefined || record.userId === userId) records.push(record);
          if (records.length >= size) break;
        }
        return records;
      });
    },

    async drop(realmId, id) {
      if (!isDeliveryId(id)) return "unknown";
      return orOutage(async () => {
        if ((await jobs.find(realmId, id)) === undefined) return "unknown";
        return (await queue.remove(id)) === 1 ? "dropped" : "under_way";
      });
    },

    count: () => orOutage(count),

    close(options) {
      closed ??= (async () => {
        clearInterval(sweeping);
        await worker?.close(options);
        await queue.close();
        await redis.close();
        await patientRedis.close();
      })();
      return closed;
    },
  };
}

async function orOutage<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    throw redisOutage(cause);
  }
}
