// How does the database file keep counters? Inside the transaction of whoever charges them.

import type { Database } from "../../sqlite/database.ts";
import type { Instant } from "../../units.ts";
import type { Charge, CounterName } from "../throttle.ts";
import { none, oneMore, type Counter } from "./counter.ts";

const steps = [
  `CREATE TABLE counters (
     realm_id TEXT NOT NULL,
     limit_name TEXT NOT NULL,
     name TEXT NOT NULL,
     count INTEGER NOT NULL,
     ends_at INTEGER NOT NULL,
     PRIMARY KEY (realm_id, limit_name, name)
   ) STRICT, WITHOUT ROWID;
   CREATE INDEX counters_by_end ON counters (ends_at);`,
];

/** How many counters of the past go with each one that is charged: more than it adds, so the table never just grows. */
const sweptPerCharge = 2;

/** A charge, and how its counter stands. */
export type StandingCharge = Omit<Charge, "counter"> & { readonly name: string; readonly counter: Counter };

/** Both belong into one open transaction, so that what was read is what is charged. */
export type EmbeddedCharges = {
  standing(realmId: string, counter: CounterName): Counter;
  read(realmId: string, charges: readonly Charge[]): StandingCharge[];
  /** Charges every one of them. */
  save(realmId: string, charges: readonly StandingCharge[], now: Instant): void;
};

export function embeddedCharges(database: Database): EmbeddedCharges {
  database.migrate("throttle", steps);
  const select = database.sqlite.prepare(
    "SELECT count, ends_at FROM counters WHERE realm_id = ? AND limit_name = ? AND name = ?",
  );
  const upsert = database.sqlite.prepare(
    `INSERT INTO counters (realm_id, limit_name, name, count, ends_at) VALUES (?, ?, ?, ?, ?)
     ON CONFLICT DO UPDATE SET count = excluded.count, ends_at = excluded.ends_at`,
  );
  const sweep = database.sqlite.prepare(
    `DELETE FROM counters WHERE (realm_id, limit_name, name) IN
       (SELECT realm_id, limit_name, name FROM counters WHERE ends_at <= ? ORDER BY ends_at LIMIT ${sweptPerCharge})`,
  );

  function standing(realmId: string, { limit, counter }: CounterName): Counter {
    const row = select.get(realmId, limit, counter);
    return row === undefined ? none : { count: Number(row["count"]), endsAt: Number(row["ends_at"]) };
  }

  return {
    standing,

    read: (realmId, charges) =>
      charges.map((charge) => ({ ...charge, name: charge.counter, counter: standing(realmId, charge) })),

    save(realmId, charges, now) {
      // Once for each, or until nothing of the past is left.
      charges.every(() => sweep.run(now).changes > 0);
      for (const { limit, name, counter, windowMs } of charges) {
        const { count, endsAt } = oneMore(counter, windowMs, now);
        upsert.run(realmId, limit, name, count, endsAt);
      }
    },
  };
}
