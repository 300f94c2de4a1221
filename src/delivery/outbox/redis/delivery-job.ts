// What does a job of BullMQ hold of a delivery, and how is it read back?

import type { Job, JobsOptions } from "bullmq";

import type { Instant } from "../../../units.ts";
import type { Delivery, DeliveryRecord } from "../outbox.ts";

/** How a delivery ended. It is written in the same step that shreds the payload, before the job itself is moved. */
export type DeliveryEnd = { readonly attempts: number } & (
  | { readonly kind: "delivered"; readonly by: string }
  | { readonly kind: "dead"; readonly problem: string }
);

export type JobData = Omit<Delivery, "payload"> & {
  /** In base64, until the delivery ends. */
  readonly payload?: string;
  readonly end?: DeliveryEnd;
};

export type DeliveryJob = Job<JobData, void>;

export function jobDataOf({ payload, ...seen }: Delivery): JobData {
  return { ...seen, payload: Buffer.from(payload).toString("base64") };
}

export function deliveryOf(data: JobData): Delivery {
  const { payload = "", end: _, ...seen } = data;
  return { ...seen, payload: Buffer.from(payload, "base64") };
}

export function endedData(data: JobData, end: DeliveryEnd): JobData {
  const { payload: _, ...seen } = data;
  return { ...seen, end };
}

export function jobOptionsOf({ id, createdAt }: Delivery): JobsOptions {
  return {
    jobId: id,
    timestamp: createdAt,
    // Who attempts decides when it is over, not a count.
    attempts: Number.MAX_SAFE_INTEGER,
    backoff: { type: "custom" },
    // A trace holds paths of the machine, and words that nobody has looked through.
    stackTraceLimit: 0,
  };
}

/** `dueAt`: the job's place among the delayed ones, if it has one. */
export function recordOf(job: DeliveryJob, dueAt: Instant | undefined): DeliveryRecord {
  const { payload: _, end, ...seen } = job.data;
  const problem = job.failedReason && { problem: job.failedReason };
  if (end === undefined || job.finishedOn === undefined) {
    const next = dueAt !== undefined && { nextAttemptAt: dueAt };
    return { ...seen, state: "waiting", attempts: job.attemptsStarted, ...problem, ...next };
  }
  const ended = { ...seen, state: end.kind, attempts: end.attempts, ...problem, endedAt: job.finishedOn };
  return end.kind === "delivered" ? { ...ended, deliveredBy: end.by } : { ...ended, problem: end.problem };
}
