// How does the database file keep the throttle's promise? Each call is one step of a shared commit.

import type { Database } from "../../sqlite/database.ts";
import type { Throttle } from "../throttle.ts";
import { countIn, refusalOf } from "./counter.ts";
import { embeddedCharges } from "./embedded-charges.ts";

export function embeddedThrottle(database: Database): Throttle {
  const counters = embeddedCharges(database);
  return {
    async charge({ realmId, now, charges }) {
      if (charges.length === 0) return { kind: "granted" };
      return database.gathered(() => {
        const standing = counters.read(realmId, charges);
        const refusal = refusalOf(standing, now);
        if (refusal !== undefined) return refusal;
        counters.save(realmId, standing, now);
        return { kind: "granted" };
      });
    },

    async count({ realmId, now, counters: names }) {
      return database.gathered(() => names.map((name) => countIn(counters.standing(realmId, name), now)));
    },
  };
}
