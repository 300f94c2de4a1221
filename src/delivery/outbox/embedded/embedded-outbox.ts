// How does the database file keep what is to be brought? As rows of one table, each with a lease while it is attempted.

import { randomUUID } from "node:crypto";

import type { Database } from "../../../sqlite/database.ts";
import { minute, systemClock } from "../../../units.ts";
import { checkDelivery } from "../check-delivery.ts";
import { defaultLease, defaultWaitingLimit, lineFor, type OutboxOptions, retryWhenFull } from "../outbox-options.ts";
import type { Outbox } from "../outbox.ts";
import { type DeliveryRunner, startDeliveryRunner } from "./delivery-runner.ts";
import { recordOf } from "./delivery-row.ts";
import { deliveryTable } from "./delivery-table.ts";

/** How long the bytes of a payload may outlive its delivery in the write-ahead log, and a record its time. */
const sweepEvery = minute;

export function openEmbeddedOutbox(
  database: Database,
  { waitingLimit = defaultWaitingLimit, leaseMs = defaultLease, onFault }: OutboxOptions,
): Outbox {
  const table = deliveryTable(database);
  const holder = randomUUID();
  let runner: DeliveryRunner | undefined;
  let closed: Promise<void> | undefined;

  function sweep(): void {
    try {
      database.transaction(() => table.sweep(systemClock.now()));
      database.read(table.emptyLog);
    } catch (cause) {
      onFault(cause);
    }
  }
  const sweeping = setInterval(sweep, sweepEvery);

  return {
    async put(delivery) {
      checkDelivery(delivery);
      const outcome = await database.gathered(() => {
        // What is kept already is accepted again, for nothing changes.
        if (table.has(delivery.id)) return { kind: "accepted" } as const;
        const isFull = table.countWaiting() >= lineFor(delivery, waitingLimit);
        if (isFull) return { kind: "full", retryAfterMs: retryWhenFull } as const;
        table.insert(delivery, systemClock.now());
        return { kind: "accepted" } as const;
      });
      runner?.wake();
      return outcome;
    },

    start(attempt, { concurrency, onExpired }) {
      if (runner !== undefined || closed !== undefined) throw new Error("an outbox starts once");
      runner = startDeliveryRunner({ database, table, holder, attempt, onExpired, concurrency, leaseMs, onFault });
    },

    async find(realmId, id) {
      const row = database.read(() => table.select(realmId, id));
      return row && recordOf(row);
    },

    async list({ realmId, state, userId = null, size, after }) {
      const { at: afterAt, id: afterId } = after ?? { at: null, id: null };
      return database.read(() => table.list({ realmId, state, userId, size, afterAt, afterId })).map(recordOf);
    },

    async drop(realmId, id) {
      const outcome = database.transaction(() => {
        const row = table.select(realmId, id);
        if (row === undefined) return "unknown";
        // A lease that ran out holds nobody back.
        if (row.holder !== null && row.due_at > systemClock.now()) return "under_way";
        table.remove(realmId, id);
        return "dropped";
      });
      if (outcome === "dropped") database.read(table.emptyLog);
      return outcome;
    },

    async count() {
      return database.read(() => ({ waiting: table.countWaiting(), dead: table.countDead() }));
    },

    close(options) {
      closed ??= (async () => {
        clearInterval(sweeping);
        await runner?.close(options);
        sweep();
      })();
      return closed;
    },
  };
}
