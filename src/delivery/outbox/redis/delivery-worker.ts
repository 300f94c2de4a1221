// Who attempts what is due in Redis? A worker of BullMQ, told by the outcomes where each job goes next.

import { UnrecoverableError, WaitingError, Worker } from "bullmq";

import { type RedisConnection, redisOutage } from "../../../redis/connection.ts";
import { type Instant, type Milliseconds, second, systemClock } from "../../../units.ts";
import { attemptOnce, expiredProblem, lastWord, nextAttemptAt } from "../attempt-once.ts";
import { endsWithin } from "../ends-within.ts";
import { mostDead, mostDelivered } from "../outbox-options.ts";
import { type Attempt, keptAfterDeath, keptAfterDelivery, type OnExpired } from "../outbox.ts";
import { type DeliveryEnd, type DeliveryJob, deliveryOf, endedData, type JobData } from "./delivery-job.ts";

/** How BullMQ is told to wait: by what the processor throws. */
class RetryLater extends Error {
  override readonly name = "RetryLater";
  readonly dueAt: Instant;

  constructor(problem: string, dueAt: Instant) {
    super(problem);
    this.dueAt = dueAt;
  }
}

/** BullMQ's own way to close waits for a Redis that is away, without end. */
class LeavableWorker extends Worker<JobData, void> {
  async leave(): Promise<void> {
    await this.lockManager.close();
    // Ends the search for stalled jobs.
    await this.pause(true);
    await this.backend.close(true);
  }
}

/** After a fault of ours or of Redis in the middle of a job. */
const retryAfterFault: Milliseconds = 10 * second;

/** How long the last moves of a closing worker may take. Redis may be away: what was not moved comes back by its lease. */
const lastMoves: Milliseconds = second;

export function startDeliveryWorker(deps: {
  readonly queue: { readonly name: string; readonly prefix: string };
  /** A patient one: what has ended is written down when Redis is back. */
  readonly redis: RedisConnection;
  readonly attempt: Attempt;
  readonly onExpired?: OnExpired | undefined;
  readonly concurrency: number;
  readonly leaseMs: Milliseconds;
  readonly onFault: (cause: unknown) => void;
}): { close(options: { readonly graceMs: Milliseconds }): Promise<void> } {
  const { queue, redis, attempt, onExpired, concurrency, leaseMs, onFault } = deps;
  const stopping = new AbortController();

  /** From here on nothing can be read or sent any more. A job that comes back with its end is only moved. */
  async function end(job: DeliveryJob, end: DeliveryEnd): Promise<DeliveryEnd> {
    await job.updateData(endedData(job.data, end));
    return end;
  }

  async function bring(job: DeliveryJob, token: string | undefined): Promise<DeliveryEnd> {
    const delivery = deliveryOf(job.data);
    const attempts = job.attemptsStarted - 1;
    if (systemClock.now() >= delivery.expiresAt) {
      const problem = expiredProblem(job.failedReason);
      await onExpired?.(delivery, problem);
      return end(job, { kind: "dead", attempts, problem });
    }
    const outcome = await attemptOnce({ attempt, delivery, attempts, signal: stopping.signal, onFault });
    switch (outcome.kind) {
      case "delivered":
      case "dead":
        return end(job, { ...outcome, attempts: attempts + 1 });
      case "retry":
        throw new RetryLater(outcome.problem, nextAttemptAt(delivery, systemClock.now(), outcome.delayMs));
      case "given_back":
        await job.moveToWait(token);
        throw new WaitingError();
    }
  }

  const worker = new LeavableWorker(
    queue.name,
    async (job, token) => {
      const ended = job.data.end ?? (await bring(job, token));
      if (ended.kind === "dead") throw new UnrecoverableError(ended.problem);
    },
    {
      connection: redis.client,
      prefix: queue.prefix,
      concurrency,
      lockDuration: leaseMs,
      stalledInterval: leaseMs / 2,
      // A process may die as often as it likes: what ends a delivery that nobody can bring is its expiry.
      maxStalledCount: Number.MAX_SAFE_INTEGER,
      removeOnComplete: { age: keptAfterDelivery / second, count: mostDelivered },
      removeOnFail: { age: keptAfterDeath / second, count: mostDead },
      settings: {
        // Zero would mean: at once, and -1: never again.
        backoffStrategy: (_attempts, _type, cause) =>
          cause instanceof RetryLater ? Math.max(1, cause.dueAt - systemClock.now()) : retryAfterFault,
      },
    },
  );
  worker.on("error", (cause) => {
    if (!isConnectionTrouble(cause)) onFault(redisOutage(cause));
  });

  return {
    async close({ graceMs }) {
      const closed = worker.close();
      if (await endsWithin(closed, graceMs)) return;
      stopping.abort();
      if (await endsWithin(closed, lastWord + lastMoves)) return;
      await worker.leave();
      await redis.close();
    },
  };
}

/** The client comes back by itself, and whoever puts meets the same trouble as an Outage. */
function isConnectionTrouble(cause: Error): boolean {
  const messages = /^(Connection is closed|None of startup nodes is available|Failed to refresh slots cache)/;
  return "syscall" in cause || messages.test(cause.message);
}
