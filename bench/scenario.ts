// Which call is everything measured with? A password reset that returns its code, of another user each time.

import { productionLimits, type LimitTable } from "../src/throttle/limits.ts";
import { hour, second } from "../src/units.ts";

export const realmId = "bench";
export const callerId = "bench";

/** Each once in a measured run, so that the keys in Redis can be counted against them. */
export const userIds: readonly string[] = userIdsUpTo(10_000);

export function userIdsUpTo(count: number): readonly string[] {
  return Array.from({ length: count }, (_, at) => `user-${String(at).padStart(8, "0")}`);
}

/**
 * Every counter that production has for this call, each as wide as the stores count: nobody is refused, and the script
 * does the same work as in production.
 */
export const limits: LimitTable = {
  ...productionLimits,
  return_code: {
    account: { max: 65_000, windowMs: hour },
    caller: { max: 65_000, windowMs: second },
    address: { max: 65_000, windowMs: second },
  },
};

/** Keys in Redis that belong to no user: the counters of the caller and of the address. */
export const sharedKeys = 2;

/** 4 connections with 16 calls each at a time: more than any of the servers can answer at once. */
export const saturation = { connections: 4, lanes: 64 } as const;
/** A rate that every one of them bears with ease. */
export const steadyRate = { perSecond: 500, durationMs: 3 * second } as const;
/** Until the code is compiled and its feedback is stable. */
export const warmUp = { calls: 3000, atLeastMs: 1.5 * second } as const;
