// How does an account stand in a row of the table, and how is it read back?

import { none, type Counter } from "../../throttle/embedded/counter.ts";
import { minute, type Instant, type Milliseconds } from "../../units.ts";
import type { Account, Secrets } from "./account.ts";

/** What a row holds besides its key. */
export const accountColumns = `sequence,
  returned_count, returned_ends_at, sent_count, sent_ends_at, guesses_count, guesses_ends_at,
  vetoed_at, blocked_until, veto_remembered_until,
  key_id, code_digest, token_digest, expires_at, code_expires_at, remembered_until, password_version, tries, used,
  claim_id, claimed_until, previous_key_id, previous_code_digest, previous_token_digest,
  keep_until`;

/**
 * Its values, in the order of `accountColumns`: by place a row is read and written in half the time that it takes by
 * name. Without a veto or a challenge their columns are null.
 */
export type AccountRow = readonly [
  sequence: number,
  returnedCount: number,
  returnedEndsAt: number,
  sentCount: number,
  sentEndsAt: number,
  guessesCount: number,
  guessesEndsAt: number,
  vetoedAt: number | null,
  blockedUntil: number | null,
  vetoRememberedUntil: number | null,
  keyId: number | null,
  code: string | null,
  token: string | null,
  expiresAt: number | null,
  codeExpiresAt: number | null,
  rememberedUntil: number | null,
  passwordVersion: number | null,
  tries: number | null,
  used: number | null,
  claimId: string | null,
  claimedUntil: number | null,
  previousKeyId: number | null,
  previousCode: string | null,
  previousToken: string | null,
  keepUntil: number,
];

/** A sequence matters until the time has passed it, on every clock. Clocks of processes differ by less than this. */
const sequenceKeptMs: Milliseconds = minute;

export function rowOf(account: Account): AccountRow {
  const { sequence, returned, sent, guesses, challenge, veto } = account;
  return [
    sequence,
    returned.count,
    returned.endsAt,
    sent.count,
    sent.endsAt,
    guesses.count,
    guesses.endsAt,
    veto?.at ?? null,
    veto?.blockedUntil ?? null,
    veto?.rememberedUntil ?? null,
    challenge?.keyId ?? null,
    challenge?.code ?? null,
    challenge?.token ?? null,
    challenge?.expiresAt ?? null,
    challenge?.codeExpiresAt ?? null,
    challenge?.rememberedUntil ?? null,
    challenge?.passwordVersion ?? null,
    challenge?.tries ?? null,
    challenge === undefined ? null : Number(challenge.used),
    challenge?.claim?.id ?? null,
    challenge?.claim?.until ?? null,
    challenge?.previous?.keyId ?? null,
    challenge?.previous?.code ?? null,
    challenge?.previous?.token ?? null,
    keepUntil(account),
  ];
}

/** Nothing in the record matters any more then: no challenge, no veto, no window, no sequence. */
function keepUntil({ sequence, returned, sent, guesses, challenge, veto }: Account): Instant {
  const windows = [returned, sent, guesses].map(({ endsAt }) => endsAt);
  return Math.max(sequence + sequenceKeptMs, ...windows, challenge?.rememberedUntil ?? 0, veto?.rememberedUntil ?? 0);
}

/** The account as it is at `now`, without what is over by then. */
export function accountIn(row: AccountRow, now: Instant): Account {
  const [
    sequence,
    returnedCount,
    returnedEndsAt,
    sentCount,
    sentEndsAt,
    guessesCount,
    guessesEndsAt,
    vetoedAt,
    blockedUntil,
    vetoRememberedUntil,
    keyId,
    code,
    token,
    expiresAt,
    codeExpiresAt,
    rememberedUntil,
    passwordVersion,
    tries,
    used,
    claimId,
    claimedUntil,
    previousKeyId,
    previousCode,
    previousToken,
  ] = row;
  const counter = (count: number, endsAt: Instant): Counter => (endsAt > now ? { count, endsAt } : none);
  const isRemembered = (until: Instant | null) => until !== null && until > now;
  const secrets = secretsIn(keyId, code, token);
  return {
    sequence,
    returned: counter(returnedCount, returnedEndsAt),
    sent: counter(sentCount, sentEndsAt),
    guesses: counter(guessesCount, guessesEndsAt),
    veto: isRemembered(vetoRememberedUntil)
      ? {
          at: Number(vetoedAt),
          blockedUntil: Number(blockedUntil),
          rememberedUntil: Number(vetoRememberedUntil),
        }
      : undefined,
    challenge:
      secrets !== undefined && isRemembered(rememberedUntil)
        ? {
            ...secrets,
            expiresAt: Number(expiresAt),
            // Rows of the first version have no end of their own for the code.
            codeExpiresAt: Number(codeExpiresAt ?? expiresAt),
            rememberedUntil: Number(rememberedUntil),
            passwordVersion: Number(passwordVersion),
            tries: Number(tries),
            used: used === 1,
            claim: claimId === null ? undefined : { id: claimId, until: Number(claimedUntil) },
            previous: secretsIn(previousKeyId, previousCode, previousToken),
          }
        : undefined,
  };
}

function secretsIn(keyId: number | null, code: string | null, token: string | null): Secrets | undefined {
  return keyId === null ? undefined : { keyId, code: code ?? undefined, token: token ?? undefined };
}
