// What does the embedded store know of an account? Its record, as codes/redis/account.lua keeps it in Redis.

import { none, type Counter } from "../../throttle/embedded/counter.ts";
import type { Instant } from "../../units.ts";

export type Challenge = {
  readonly keyId: number;
  readonly code: string | undefined;
  readonly token: string | undefined;
  readonly expiresAt: Instant;
  readonly rememberedUntil: Instant;
  readonly passwordVersion: number;
  readonly tries: number;
  readonly used: boolean;
  readonly claim: { readonly id: string; readonly until: Instant } | undefined;
};

export type Account = {
  /** The greatest that was given out. */
  readonly sequence: number;
  readonly returned: Counter;
  readonly sent: Counter;
  readonly guesses: Counter;
  readonly challenge: Challenge | undefined;
};

export const unknownAccount: Account = { sequence: 0, returned: none, sent: none, guesses: none, challenge: undefined };

/** Greater than every one before, and at least the time. */
export function nextSequence(account: Account, now: Instant): number {
  return Math.max(account.sequence + 1, now);
}

/** Burns the challenge, if any, for ever; its digests stay as a tombstone that tells "used" from "wrong". */
export function burnt(account: Account): Account {
  const { challenge } = account;
  return challenge === undefined ? account : { ...account, challenge: { ...challenge, used: true, claim: undefined } };
}
