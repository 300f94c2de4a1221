// How are charges told to a script that includes charges.lua? As one key and three arguments each.

import type { Charge, CounterName } from "../throttle.ts";

/** The braces put everything of one realm into one slot of a Redis Cluster. Realm ids hold no braces. */
export function chargeKeys(realmId: string, counters: readonly CounterName[]): string[] {
  return counters.map(({ limit, counter }) => `rekey:{${realmId}}:t:${limit}:${counter}`);
}

export function chargeArguments(charges: readonly Charge[]): (string | number)[] {
  const args: (string | number)[] = [];
  for (const { limit, max, windowMs } of charges) args.push(limit, max ?? "", windowMs);
  return args;
}
