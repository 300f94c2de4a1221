// Which deliveries are in Redis? Finds one, or walks through those of a realm and a state, the newest first.

import type { Queue } from "bullmq";

import type { RedisConnection } from "../../../redis/connection.ts";
import { type DeliveryRecord, type ListPlace, placeOf } from "../outbox.ts";
import { type DeliveryJob, type JobData, recordOf } from "./delivery-job.ts";

export type DeliveryQueue = Queue<JobData, void>;

const pageSize = 100;

/** BullMQ keeps the time that a delayed job is due in the upper bits of its score. */
const scoreOfMs = 0x1000;

export function makeFindJobs(queue: DeliveryQueue, { client }: RedisConnection) {
  /** Its place among the delayed ones is read first: a job that has one has what the last attempt said, too. */
  async function read(id: string): Promise<DeliveryRecord | undefined> {
    const score = await client.zscore(queue.toKey("delayed"), id);
    const job: DeliveryJob | undefined = await queue.getJob(id);
    return job && recordOf(job, score === null ? undefined : Math.floor(Number(score) / scoreOfMs));
  }

  /** In the order of their ends. Nothing is read beyond what the caller takes, but for the rest of a page. */
  async function* ended(type: "completed" | "failed", after: ListPlace | undefined): AsyncGenerator<DeliveryRecord> {
    const first = after === undefined ? 0 : await client.zcount(queue.toKey(type), `(${after.at}`, "+inf");
    for (let from = first; ; from += pageSize) {
      const jobs = await queue.getJobs([type], from, from + pageSize - 1);
      if (jobs.length === 0) return;
      for (const job of jobs) yield recordOf(job, undefined);
    }
  }

  /** In the order of their making. They rest in three places, so all are looked at; only the realm's own are read. */
  async function* waiting(realmId: string, after: ListPlace | undefined): AsyncGenerator<DeliveryRecord> {
    const places = [
      client.lrange(queue.toKey("wait"), 0, -1),
      client.lrange(queue.toKey("active"), 0, -1),
      client.zrange(queue.toKey("delayed"), "0", "-1"),
    ];
    const ids = new Set((await Promise.all(places)).flat());
    const heads = await Promise.all(
      [...ids].map(async (id) => ({ id, head: await client.hmget(queue.toKey(id), "name", "timestamp") })),
    );
    const own = heads.filter(({ head: [name] }) => name === realmId);
    own.sort((one, other) => Number(other.head[1]) - Number(one.head[1]) || (one.id < other.id ? 1 : -1));
    for (const { id, head } of own) {
      if (!isBehind({ at: Number(head[1]), id }, after)) continue;
      const record = await read(id);
      // Meanwhile it may have ended.
      if (record?.state === "waiting") yield record;
    }
  }

  return {
    /** Another realm's id is unknown. */
    async find(realmId: string, id: string): Promise<DeliveryRecord | undefined> {
      const record = await read(id);
      return record?.realmId === realmId ? record : undefined;
    },

    /** Of this realm, all but recoveries, the newest first, as far as the caller goes. */
    async *walk(realmId: string, state: DeliveryRecord["state"], after?: ListPlace): AsyncGenerator<DeliveryRecord> {
      const type = state === "delivered" ? "completed" : "failed";
      const all = state === "waiting" ? waiting(realmId, after) : ended(type, after);
      for await (const record of all) {
        const isListed = record.realmId === realmId && record.target.kind !== "recovery";
        if (isListed && isBehind(placeOf(record), after)) yield record;
      }
    },
  };
}

function isBehind({ at, id }: ListPlace, after: ListPlace | undefined): boolean {
  return after === undefined || at < after.at || (at === after.at && id < after.id);
}
