// Which statements keep deliveries in the file? Each is one step; who calls puts them into transactions.

import type { Database } from "../../../sqlite/database.ts";
import type { Instant, Milliseconds } from "../../../units.ts";
import { expiredProblem } from "../attempt-once.ts";
import { mostDead, mostDelivered } from "../outbox-options.ts";
import { type Delivery, type DeliveryRecord, keptAfterDeath, keptAfterDelivery } from "../outbox.ts";
import { columnsOf, type DeliveryRow, seenColumns, type SeenRow } from "./delivery-row.ts";
import { outboxSchema } from "./schema.ts";

export type DeliveryTable = ReturnType<typeof deliveryTable>;

export function deliveryTable(database: Database) {
  const { sqlite } = database;
  database.migrate("outbox", outboxSchema);

  /** A holder that lost its lease says nothing any more; but what was delivered is delivered, whoever held it. */
  const mine = "id = $id AND state = 'waiting' AND holder = $holder";
  const ended = "ended_at = $now, holder = NULL, payload = NULL";

  const insert = sqlite.prepare(
    `INSERT INTO deliveries (id, realm_id, user_id, target, endpoint_id, subject, request_number, remake,
       created_at, expires_at, state, attempts, due_at, payload)
     VALUES ($id, $realm_id, $user_id, $target, $endpoint_id, $subject, $request_number, $remake,
       $created_at, $expires_at, 'waiting', 0, $due_at, $payload)
     ON CONFLICT (id) DO NOTHING`,
  );
  const has = sqlite.prepare("SELECT 1 FROM deliveries WHERE id = ?");
  const countDead = sqlite.prepare("SELECT count(*) AS n FROM deliveries WHERE state = 'dead'");
  const countWaiting = sqlite.prepare("SELECT count(*) AS n FROM deliveries WHERE state = 'waiting'");
  const claim = sqlite.prepare(
    `UPDATE deliveries SET holder = $holder, due_at = $until, attempts = attempts + 1
     WHERE rowid IN (SELECT rowid FROM deliveries WHERE state = 'waiting' AND due_at <= $now ORDER BY due_at LIMIT $places)
     RETURNING *`,
  );
  const renew = sqlite.prepare(`UPDATE deliveries SET due_at = $until WHERE ${mine}`);
  const bury = sqlite.prepare(
    `UPDATE deliveries SET state = 'dead', problem = $problem || coalesce(': ' || problem, ''), ${ended}
     WHERE state = 'waiting' AND due_at <= $now AND expires_at <= $now RETURNING ${seenColumns}`,
  );
  const deliver = sqlite.prepare(
    `UPDATE deliveries SET state = 'delivered', delivered_by = $by, ${ended} WHERE id = $id AND state = 'waiting'`,
  );
  const kill = sqlite.prepare(`UPDATE deliveries SET state = 'dead', problem = $problem, ${ended} WHERE ${mine}`);
  const putOff = sqlite.prepare(
    `UPDATE deliveries SET problem = coalesce($problem, problem), due_at = $dueAt, holder = NULL WHERE ${mine}`,
  );
  const nextDue = sqlite.prepare("SELECT min(due_at) AS due_at FROM deliveries WHERE state = 'waiting'");
  const select = sqlite.prepare(`SELECT ${seenColumns} FROM deliveries WHERE realm_id = ? AND id = ?`);
  const listOf = (order: string) =>
    sqlite.prepare(
      `SELECT ${seenColumns} FROM deliveries
       WHERE realm_id = $realmId AND state = $state AND user_id = coalesce($userId, user_id)
         AND target <> 'recovery'
         AND ($afterAt IS NULL OR (${order}, id) < ($afterAt, $afterId))
       ORDER BY ${order} DESC, id DESC LIMIT $size`,
    );
  const listWaiting = listOf("created_at");
  const listEnded = listOf("ended_at");
  const remove = sqlite.prepare("DELETE FROM deliveries WHERE realm_id = ? AND id = ?");
  const forget = sqlite.prepare("DELETE FROM deliveries WHERE state = $state AND ended_at <= $until");
  const forgetRest = sqlite.prepare(
    `DELETE FROM deliveries WHERE rowid IN (
       SELECT rowid FROM deliveries WHERE state = $state ORDER BY ended_at DESC LIMIT -1 OFFSET $most)`,
  );

  function forgetEnded(state: "delivered" | "dead", until: Instant, most: number): void {
    forget.run({ state, until });
    forgetRest.run({ state, most });
  }

  return {
    has: (id: string): boolean => has.get(id) !== undefined,
    insert: (delivery: Delivery, now: Instant) => void insert.run(columnsOf(delivery, now)),
    countWaiting: () => Number(countWaiting.get()?.["n"]),
    countDead: () => Number(countDead.get()?.["n"]),

    /** Gives what is due to a holder, for as long as the lease. */
    claim(holder: string, now: Instant, leaseMs: Milliseconds, places: number): DeliveryRow[] {
      return claim.all({ holder, now, until: now + leaseMs, places }) as DeliveryRow[];
    },
    renew: (id: string, holder: string, until: Instant) => void renew.run({ id, holder, until }),
    /** Ends what nobody attempts and what is of no use any more; answers what that was. */
    bury: (now: Instant) => bury.all({ now, problem: expiredProblem(undefined) }) as SeenRow[],
    deliver: (id: string, now: Instant, by: string) => void deliver.run({ id, now, by }),
    kill: (id: string, holder: string, now: Instant, problem: string) => void kill.run({ id, holder, now, problem }),
    putOff(id: string, holder: string, dueAt: Instant, problem: string | null): void {
      putOff.run({ id, holder, dueAt, problem });
    },
    /** When the first is due or the first lease runs out; never, while nothing waits. */
    nextDue: () => (nextDue.get()?.["due_at"] ?? Infinity) as Instant,

    select: (realmId: string, id: string) => select.get(realmId, id) as SeenRow | undefined,
    list(filter: {
      realmId: string;
      state: DeliveryRecord["state"];
      userId: string | null;
      size: number;
      afterAt: Instant | null;
      afterId: string | null;
    }): SeenRow[] {
      return (filter.state === "waiting" ? listWaiting : listEnded).all(filter) as SeenRow[];
    },
    remove: (realmId: string, id: string) => void remove.run(realmId, id),

    sweep(now: Instant): void {
      forgetEnded("delivered", now - keptAfterDelivery, mostDelivered);
      forgetEnded("dead", now - keptAfterDeath, mostDead);
    },
    /** The write-ahead log still holds payloads of before. Not inside of a transaction. */
    emptyLog: () => sqlite.exec("PRAGMA wal_checkpoint(TRUNCATE)"),
  };
}
