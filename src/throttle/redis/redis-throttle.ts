// How does Redis keep the throttle's promise? One script per call.

import type { RedisConnection } from "../../redis/connection.ts";
import { toOutcome, type OutcomeTable } from "../../redis/outcome.ts";
import { loadScript, runScript } from "../../redis/script.ts";
import type { ChargeOutcome, Throttle } from "../throttle.ts";
import { chargeArguments, chargeKeys } from "./redis-charges.ts";

const outcomes: OutcomeTable<ChargeOutcome> = {
  granted: () => ({ kind: "granted" }),
  limited: ([, limit, ms]) => ({ kind: "limited", limit: String(limit), retryAfterMs: Number(ms) }),
};

export function redisThrottle(redis: RedisConnection): Throttle {
  const charge = loadScript(new URL("charge.lua", import.meta.url));
  const count = loadScript(new URL("count.lua", import.meta.url));
  return {
    async charge({ realmId, now, charges }) {
      if (charges.length === 0) return { kind: "granted" };
      const keys = chargeKeys(realmId, charges);
      return toOutcome(outcomes, await runScript(redis, charge, keys, [now, ...chargeArguments(charges)]));
    },

    async count({ realmId, now, counters }) {
      if (counters.length === 0) return [];
      const counts: unknown = await runScript(redis, count, chargeKeys(realmId, counters), [now]);
      return (counts as readonly unknown[]).map(Number);
    },
  };
}
