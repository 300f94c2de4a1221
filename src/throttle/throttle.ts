// What does Rekey ask of a store that counts how often something happened? The throttle's door.

import type { Instant, Milliseconds } from "../units.ts";

/**
 * One counter that a call is charged to, and the limit that guards it. A window starts with its first charge and ends
 * `windowMs` later; at most `max` charges fit into it.
 */
export type Charge = CounterName & {
  /** At most this many in a window, 1 to 65,000. Absent: it is counted, up to 65,535, and never full. */
  readonly max?: number;
  readonly windowMs: Milliseconds;
};

export type CounterName = {
  /** Which row of the limit table, for the answer and the log, for example "return_code.caller". */
  readonly limit: string;
  /** Which counter: a keyed digest of whom it counts (base64url), so that a dump names nobody. */
  readonly counter: string;
};

export type ChargeOutcome =
  | { readonly kind: "granted" }
  /** Nothing was charged. `limit` is the row that said no; where several did, the one that is free last. */
  | { readonly kind: "limited"; readonly limit: string; readonly retryAfterMs: Milliseconds };

/** Counts, atomically over all processes. Implementations: `redis/`, `embedded/`; one contract suite for both. */
export interface Throttle {
  /** Charges every counter or none. */
  charge(request: {
    readonly realmId: string;
    readonly now: Instant;
    readonly charges: readonly Charge[];
  }): Promise<ChargeOutcome>;

  /** How much was charged to each in the window that runs, in the order of `counters`. Charges nothing. */
  count(request: {
    readonly realmId: string;
    readonly now: Instant;
    readonly counters: readonly CounterName[];
  }): Promise<readonly number[]>;
}
