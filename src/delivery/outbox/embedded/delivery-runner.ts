// Who attempts what is due in the file? A runner that sleeps until the next delivery is due.
//
// It works in turns. A turn is one transaction: it writes down what has ended since the last one, renews the leases of
// what is under way, and takes what is due, as far as there is room.

import type { Database } from "../../../sqlite/database.ts";
import { type Instant, type Milliseconds, second, systemClock } from "../../../units.ts";
import { type AttemptEnd, attemptOnce, lastWord, nextAttemptAt } from "../attempt-once.ts";
import { endsWithin } from "../ends-within.ts";
import type { Attempt, Delivery, OnExpired } from "../outbox.ts";
import { deliveryOf, recordOf, type SeenRow } from "./delivery-row.ts";
import type { DeliveryTable } from "./delivery-table.ts";

export type DeliveryRunner = {
  /** Says that something may be due. */
  wake(): void;
  close(options: { readonly graceMs: Milliseconds }): Promise<void>;
};

/** Deliveries of other processes are noticed by a look from time to time. */
const lookEvery: Milliseconds = 3 * second;
/** After a turn that failed: the disk is full, or another process writes for long. */
const retryTurnAfter: Milliseconds = second;

export function startDeliveryRunner(deps: {
  readonly database: Database;
  readonly table: DeliveryTable;
  /** Names this runner among all that ever had the file open. */
  readonly holder: string;
  readonly attempt: Attempt;
  readonly onExpired?: OnExpired | undefined;
  readonly concurrency: number;
  readonly leaseMs: Milliseconds;
  readonly onFault: (cause: unknown) => void;
}): DeliveryRunner {
  const { database, table, holder, attempt, onExpired, concurrency, leaseMs, onFault } = deps;
  /** Two turns may fail or come late before a lease is lost. */
  const renewEvery = leaseMs / 3;
  const stopping = new AbortController();
  const underWay = new Map<string, Promise<void>>();
  let endedSinceLastTurn: { readonly delivery: Delivery; readonly end: AttemptEnd }[] = [];
  let renewedAt: Instant = 0;
  let isClosing = false;
  let nextTurnAt: Instant = Infinity;
  let timer: NodeJS.Timeout | undefined;

  function turnAt(at: Instant): void {
    if (at >= nextTurnAt) return;
    nextTurnAt = at;
    clearTimeout(timer);
    timer = setTimeout(turn, Math.max(0, at - systemClock.now()));
  }

  function turn(): void {
    nextTurnAt = Infinity;
    try {
      turnAt(takeTurn(systemClock.now()));
    } catch (cause) {
      onFault(cause);
      turnAt(systemClock.now() + retryTurnAfter);
    }
  }

  /** Returns when the next one is needed, if nothing happens before. */
  function takeTurn(now: Instant): Instant {
    const isRenewal = now >= renewedAt + renewEvery;
    const { buried, taken, dueAt } = database.transaction(() => {
      for (const { delivery, end } of endedSinceLastTurn) writeEnd(delivery, end, now);
      // Before anything is taken: what is under way here must not look as if it were nobody's.
      if (isRenewal) for (const id of underWay.keys()) table.renew(id, holder, now + leaseMs);
      if (isClosing) return { buried: [], taken: [], dueAt: Infinity };
      return {
        buried: table.bury(now),
        taken: table.claim(holder, now, leaseMs, concurrency - underWay.size),
        dueAt: table.nextDue(),
      };
    });
    endedSinceLastTurn = [];
    if (isRenewal) renewedAt = now;
    for (const row of buried) void tell(row);
    for (const row of taken) underWay.set(row.id, run(deliveryOf(row), row.attempts - 1));

    const hasRoom = !isClosing && underWay.size < concurrency;
    const renewAt = underWay.size > 0 ? renewedAt + renewEvery : Infinity;
    return Math.min(renewAt, hasRoom ? Math.min(dueAt, now + lookEvery) : Infinity);
  }

  function writeEnd(delivery: Delivery, end: AttemptEnd, now: Instant): void {
    const { id } = delivery;
    switch (end.kind) {
      case "delivered":
        return table.deliver(id, now, end.by);
      case "dead":
        return table.kill(id, holder, now, end.problem);
      case "retry":
        return table.putOff(id, holder, nextAttemptAt(delivery, now, end.delayMs), end.problem);
      case "given_back":
        return table.putOff(id, holder, now, null);
    }
  }

  async function tell(row: SeenRow): Promise<void> {
    const { problem = "", ...record } = recordOf(row);
    try {
      await onExpired?.(record, problem);
    } catch (cause) {
      onFault(cause);
    }
  }

  async function run(delivery: Delivery, attempts: number): Promise<void> {
    const end = await attemptOnce({ attempt, delivery, attempts, signal: stopping.signal, onFault });
    underWay.delete(delivery.id);
    endedSinceLastTurn.push({ delivery, end });
    turnAt(systemClock.now());
  }

  turnAt(systemClock.now());
  return {
    wake() {
      if (!isClosing && underWay.size < concurrency) turnAt(systemClock.now());
    },
    async close({ graceMs }) {
      isClosing = true;
      if (!(await endsWithin(Promise.all(underWay.values()), graceMs))) {
        stopping.abort();
        // Each gives up by itself when its last word is over.
        await endsWithin(Promise.all(underWay.values()), 2 * lastWord);
      }
      clearTimeout(timer);
      // What can not be written comes back when its lease is over.
      try {
        takeTurn(systemClock.now());
      } catch (cause) {
        onFault(cause);
      }
    },
  };
}
