// May these counters be charged? The rule of the embedded stores; throttle/redis/charges.lua is its twin.

import type { Instant, Milliseconds } from "../../units.ts";
import type { ChargeOutcome } from "../throttle.ts";

/** How many, in a window that ends at `endsAt`. */
export type Counter = { readonly count: number; readonly endsAt: Instant };

export const none: Counter = { count: 0, endsAt: 0 };

/** Where a count stops, as in Redis, where it has two bytes. Limits are at most 65,000. */
export const mostCounted = 65_535;

export type Limited = Extract<ChargeOutcome, { readonly kind: "limited" }>;

/** Without a max it never is. */
export function isFull(counter: Counter, max: number | undefined, now: Instant): boolean {
  return max !== undefined && countIn(counter, now) >= max;
}

/** How many in the window that runs. */
export function countIn(counter: Counter, now: Instant): number {
  return counter.endsAt > now ? counter.count : 0;
}

/** One more in the window that runs, or the first of a new one. */
export function oneMore(counter: Counter, windowMs: Milliseconds, now: Instant): Counter {
  if (counter.endsAt <= now) return { count: 1, endsAt: now + windowMs };
  return { count: Math.min(counter.count + 1, mostCounted), endsAt: counter.endsAt };
}

/** Undefined when every charge fits; otherwise the limit that is free last. */
export function refusalOf(
  charges: readonly { readonly limit: string; readonly max?: number; readonly counter: Counter }[],
  now: Instant,
): Limited | undefined {
  const full = charges.filter(({ counter, max }) => isFull(counter, max, now));
  const last = full.toSorted((a, b) => b.counter.endsAt - a.counter.endsAt)[0];
  return last && { kind: "limited", limit: last.limit, retryAfterMs: last.counter.endsAt - now };
}
