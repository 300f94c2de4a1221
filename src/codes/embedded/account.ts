// What does the embedded store know of an account? Its record, as codes/redis/account.lua keeps it in Redis.

import { none, type Counter } from "../../throttle/embedded/counter.ts";
import type { Instant } from "../../units.ts";
import type { SecretKind } from "../code-store.ts";

/** Digests under one key; at least one of the two. */
export type Secrets = {
  readonly keyId: number;
  readonly code: string | undefined;
  readonly token: string | undefined;
};

export type Challenge = Secrets & {
  readonly expiresAt: Instant;
  readonly codeExpiresAt: Instant;
  readonly rememberedUntil: Instant;
  readonly passwordVersion: number;
  readonly tries: number;
  readonly used: boolean;
  readonly claim: { readonly id: string; readonly until: Instant } | undefined;
  /** Those of the challenge that this one replaced, if that was live. */
  readonly previous: Secrets | undefined;
};

export type Veto = {
  readonly at: Instant;
  readonly blockedUntil: Instant;
  readonly rememberedUntil: Instant;
};

export type Account = {
  /** The greatest that was given out. */
  readonly sequence: number;
  readonly returned: Counter;
  readonly sent: Counter;
  readonly guesses: Counter;
  readonly challenge: Challenge | undefined;
  /** The last one. */
  readonly veto: Veto | undefined;
};

export const unknownAccount: Account = {
  sequence: 0,
  returned: none,
  sent: none,
  guesses: none,
  challenge: undefined,
  veto: undefined,
};

/** What forbids new challenges at `now`. */
export function blockOf({ veto }: Account, now: Instant) {
  if (veto === undefined || veto.blockedUntil <= now) return undefined;
  return { kind: "blocked", retryAfterMs: veto.blockedUntil - now } as const;
}

/** Greater than every one before, and at least the time. */
export function nextSequence(account: Account, now: Instant): number {
  return Math.max(account.sequence + 1, now);
}

/** Burns the challenge, if any, for ever; its digests stay as a tombstone that tells "used" from "wrong". */
export function burnt(account: Account): Account {
  const { challenge } = account;
  return challenge === undefined ? account : { ...account, challenge: { ...challenge, used: true, claim: undefined } };
}

/** When a secret of this kind ends. */
export function endOf({ expiresAt, codeExpiresAt }: Challenge, kind: SecretKind): Instant {
  return kind === "code" ? codeExpiresAt : expiresAt;
}

/** The secrets of a live challenge, which stay when a newer one replaces it. */
export function liveSecrets({ challenge }: Account, now: Instant): Secrets | undefined {
  if (challenge === undefined || challenge.used || challenge.expiresAt <= now) return undefined;
  const { keyId, code, token } = challenge;
  return { keyId, code, token };
}
