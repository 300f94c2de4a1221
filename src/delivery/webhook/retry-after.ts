// When may a receiver be asked again? What its header Retry-After says. Spec: RFC 9110 §10.2.3.

import { hour, second, type Instant, type Milliseconds } from "../../units.ts";

/** A receiver that names a later time is asked once in between. */
const longestMs: Milliseconds = 24 * hour;

/** Seconds or a date; undefined for anything else. */
export function readRetryAfter(value: string | undefined, now: Instant): Milliseconds | undefined {
  if (value === undefined) return undefined;
  const delayMs = /^\d+$/.test(value) ? Number(value) * second : Date.parse(value) - now;
  return Number.isNaN(delayMs) ? undefined : Math.min(Math.max(delayMs, 0), longestMs);
}
