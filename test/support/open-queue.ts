// How does a fast test get an outbox for the requests of strangers? A real one, on the test's database.

import { openOutbox } from "../../src/delivery/outbox/open-outbox.ts";
import type { Attempt, Delivery, Outbox } from "../../src/delivery/outbox/outbox.ts";
import type { Database } from "../../src/sqlite/database.ts";
import { hour } from "../../src/units.ts";

export type Queue = Pick<Outbox, "put"> & {
  start(attempt: Attempt | undefined): void;
  /** Resolves when everything that was put was attempted. */
  empty(): Promise<void>;
  close(): Promise<void>;
};

/** An outbox lives by the system's clock, a test by its own: the outbox sees times of its clock, the attempt the test's. */
export async function openQueue(database: Database, onFault: (cause: unknown) => void): Promise<Queue> {
  const outbox = await openOutbox({ kind: "embedded", database }, { onFault });
  const waiting = new Map<string, PromiseWithResolvers<void> & { readonly expiresAt: number }>();
  return {
    async put(delivery: Delivery) {
      waiting.set(delivery.id, { ...Promise.withResolvers<void>(), expiresAt: delivery.expiresAt });
      return await outbox.put({ ...delivery, expiresAt: Date.now() + hour });
    },
    start(attempt) {
      if (attempt === undefined) return;
      const attempted: Attempt = async (delivery, ...rest) => {
        const { expiresAt, resolve } = waiting.get(delivery.id) ?? { expiresAt: delivery.expiresAt, resolve() {} };
        const outcome = await attempt({ ...delivery, expiresAt }, ...rest);
        waiting.delete(delivery.id);
        resolve();
        return outcome;
      };
      outbox.start(attempted, { concurrency: 2 });
    },
    async empty() {
      await Promise.all([...waiting.values()].map(({ promise }) => promise));
    },
    close: async () => await outbox.close({ graceMs: 0 }),
  };
}

/** One that takes nothing. */
export function fullQueue(retryAfterMs: number): Queue {
  return {
    put: async () => ({ kind: "full", retryAfterMs }),
    start: () => undefined,
    empty: async () => undefined,
    close: async () => undefined,
  };
}
