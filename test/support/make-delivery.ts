// What does a test bring? A delivery with everything in it, and attempts that wait until the test answers them.

import { randomUUID } from "node:crypto";

import type { Attempt, AttemptOutcome, Delivery } from "../../src/delivery/outbox/outbox.ts";
import { minute } from "../../src/units.ts";

export function makeDelivery(changes: Partial<Delivery> = {}): Delivery {
  const now = Date.now();
  return {
    id: randomUUID(),
    realmId: "contract",
    userId: "ann",
    target: { kind: "email" },
    subject: "password_reset",
    requestNumber: "K7QM2-XT4RD",
    createdAt: now,
    expiresAt: now + 10 * minute,
    payload: Buffer.from(`sealed ${randomUUID()}`),
    ...changes,
  };
}

/** An attempt that has begun and waits for its answer. */
export type Begun = {
  readonly delivery: Delivery;
  readonly attempts: number;
  readonly signal: AbortSignal;
  readonly begunAt: number;
  answer(outcome: AttemptOutcome): void;
  fail(cause: Error): void;
};

export function makeAttempts() {
  const begun: Begun[] = [];
  const waiters: ((one: Begun) => void)[] = [];
  const ids: string[] = [];
  const attempt: Attempt = (delivery, attempts, signal) =>
    new Promise((resolve, reject) => {
      const one = { delivery, attempts, signal, begunAt: Date.now(), answer: resolve, fail: reject };
      ids.push(delivery.id);
      const waiter = waiters.shift();
      if (waiter === undefined) begun.push(one);
      else waiter(one);
    });
  return {
    attempt,
    /** Of all that have begun, in their order. */
    ids,
    /** The next one to begin, or the first that has begun and was not taken. */
    next(): Promise<Begun> {
      const one = begun.shift();
      return one === undefined ? new Promise((resolve) => waiters.push(resolve)) : Promise.resolve(one);
    },
  };
}

export const delivered: AttemptOutcome = { kind: "delivered", by: "smtp-1" };
