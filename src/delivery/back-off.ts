// How long until the next attempt? Exponential back-off with full jitter.

import { hour, minute, second, type Milliseconds } from "../units.ts";

export type BackOff = { readonly firstMs: Milliseconds; readonly longestMs: Milliseconds };

/**
 * A person waits in front of the screen: the first attempts follow each other fast. Grey-listing servers ask for a few
 * minutes, so that waiting longer than 5 would only shorten what is left of the code. The end is the message's expiry.
 */
export const messageBackOff: BackOff = { firstMs: 2 * second, longestMs: 5 * minute };

/**
 * An endpoint that was deployed anew is back in seconds, one that is broken is repaired in hours: six attempts a day
 * are enough for it. Spec: Standard Webhooks, "retry schedule" (5 s first, hours last, days in all).
 */
export const webhookBackOff: BackOff = { firstMs: 5 * second, longestMs: 4 * hour };

/**
 * `attempts`: how many there were before the one that has failed. `random`: evenly from 0 up to 1. Any moment up to the
 * limit is as likely as another, so that what failed together does not come back together.
 */
export function backOffDelay(backOff: BackOff, attempts: number, random: () => number): Milliseconds {
  // 2 ** attempts becomes Infinity for thousands of attempts, and the smaller one is taken all the same.
  return Math.round(random() * Math.min(backOff.longestMs, backOff.firstMs * 2 ** attempts));
}
