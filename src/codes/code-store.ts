// What does Rekey ask of a store that keeps codes? The codes' door.
//
// A store never sees a code, only keyed digests of it. It keeps one challenge per subject: the newest. Every method is
// one decision, atomic over all processes. Time is an argument: expiry inside the store only sweeps up.

import type { Charge } from "../throttle/throttle.ts";
import type { Instant, Milliseconds } from "../units.ts";

/** Where a challenge lives: a realm, and a keyed digest of purpose and user (16 bytes, base64url). */
export type SubjectKey = { readonly realmId: string; readonly subject: string };

/** How a secret is presented: typed by a person (short, guesses counted) or carried by a link (long). */
export type SecretKind = "code" | "token";

/** A keyed digest (16 bytes, base64url) under the key `keyId` (1 to 255) of the key ring. */
export type SecretDigest = { readonly keyId: number; readonly digest: string };

/** At most `max` (1 to 65,000) of one account in a window that starts with the first. */
export type AccountLimit = { readonly limit: string; readonly max: number; readonly windowMs: Milliseconds };

export type IssueRequest = SubjectKey & {
  readonly now: Instant;
  /** At least one of the two; either redeems the challenge. Both are digested under the same key. */
  readonly code?: SecretDigest | undefined;
  readonly token?: SecretDigest | undefined;
  /** The end of the challenge. */
  readonly expiresAt: Instant;
  /** The end of its code, at most `expiresAt`. Absent: the same. */
  readonly codeExpiresAt?: Instant | undefined;
  /**
   * How long after its end the challenge is remembered, so that "used" and "expired" can be told from "wrong": at most
   * 49 days.
   */
  readonly rememberMs: Milliseconds;
  /** The version of the user's password at this moment: the challenge dies when it moves. At least 0. */
  readonly passwordVersion: number;
  /** Which of the account's two send counters is charged, and its limit. Absent: not limited. */
  readonly accountLimit?: (AccountLimit & { readonly counter: "returned" | "sent" }) | undefined;
  /** Counters of others (caller, address) that are charged in the same decision. */
  readonly charges: readonly Charge[];
};

export type IssueOutcome =
  /** `sequence` is greater than every one given out for this subject before, and at least `now`. */
  | { readonly kind: "issued"; readonly sequence: number }
  /** Nothing was issued or charged; the older challenge, if any, still lives. */
  | { readonly kind: "limited"; readonly limit: string; readonly retryAfterMs: Milliseconds }
  /** A veto forbids it. Nothing was issued or charged. */
  | { readonly kind: "blocked"; readonly retryAfterMs: Milliseconds };

export type PresentRequest = SubjectKey & {
  readonly now: Instant;
  readonly secretKind: SecretKind;
  /** The digest of what was presented, under every key of the ring: the store picks the challenge's own. */
  readonly candidates: readonly SecretDigest[];
  /** How many wrong codes one challenge stands, 1 to 65,000. Does not stop tokens. */
  readonly maxTries: number;
  /** How many wrong codes the account stands over all its challenges. Does not stop tokens. Absent: not limited. */
  readonly guessBudget?: AccountLimit | undefined;
  readonly charges: readonly Charge[];
};

export type ClaimRequest = PresentRequest & {
  /** A random name (base64url, 8 bytes or more) for this claim; `finish` and `release` need it. */
  readonly claimId: string;
  /** Until when nobody else may claim the challenge. A claimant that dies gives it back by this. */
  readonly claimedUntil: Instant;
};

/** Why a presented secret was not accepted. */
export type PresentRejection =
  /** A counter of `charges` is full; nothing was counted, nothing compared. */
  | { readonly kind: "limited"; readonly limit: string; readonly retryAfterMs: Milliseconds }
  /** No challenge is known: never issued, or forgotten. Only `charges` are charged, so strangers fill no store. */
  | { readonly kind: "absent" }
  /** The account's guess budget is spent; codes are not compared until the window ends. Counts as a try. */
  | { readonly kind: "over_budget"; readonly limit: string; readonly retryAfterMs: Milliseconds }
  /** Not the secret of this challenge. A code counts as a try and a guess; a token does not. */
  | { readonly kind: "mismatch" }
  /** This challenge has had `maxTries` wrong codes: even the right code is refused. Counts as a try. */
  | { readonly kind: "exhausted" }
  /** The secret of the challenge before, which was live when this one replaced it. Counts as no try and no guess. */
  | { readonly kind: "superseded" }
  /** The secret of a challenge that a veto burnt, or of the one before it. Counts as no try and no guess. */
  | { readonly kind: "blocked"; readonly retryAfterMs: Milliseconds }
  /** The challenge was redeemed or revoked. `matched`: it was its secret. If not, a code counts as a guess. */
  | { readonly kind: "used"; readonly matched: boolean }
  /**
   * The challenge is past its end, or its code where a code was presented. `matched`: it was its secret. If not, a code
   * counts as a guess.
   */
  | { readonly kind: "expired"; readonly matched: boolean }
  /** The right secret, but somebody else has claimed it and is at work. */
  | { readonly kind: "busy"; readonly retryAfterMs: Milliseconds };

/** `expiresAt` is the end of what was presented: of the code or of the token. */
export type CheckOutcome =
  | PresentRejection
  | { readonly kind: "good"; readonly passwordVersion: number; readonly expiresAt: Instant };

/** `expiresAt`: as above. */
export type ClaimOutcome =
  | PresentRejection
  | { readonly kind: "claimed"; readonly passwordVersion: number; readonly expiresAt: Instant };

export type VetoRequest = SubjectKey & {
  readonly now: Instant;
  /** When the veto's proof was given out. What an older veto knew of already says nothing new. */
  readonly provenAt: Instant;
  /** Until when nothing is issued. */
  readonly blockedUntil: Instant;
  /** How long the veto is remembered: as long as a proof may be presented. */
  readonly rememberMs: Milliseconds;
};

/** The veto that counts: this one, or an older one that speaks for its proof. */
export type VetoOutcome = {
  readonly vetoedAt: Instant;
  /** In the past where the block is over or was lifted. */
  readonly blockedUntil: Instant;
};

/**
 * Keeps challenges. Implementations: `redis/` (one Lua script each), `embedded/` (one savepoint each); one
 * contract suite for both. A presented secret is judged in this order: `limited`, `absent`, `over_budget`, `used`,
 * `expired`, `exhausted`, `mismatch`, `busy`. `superseded` stands before `mismatch`, and before a `used` or `expired`
 * that is not `matched`; `blocked` before `superseded` and a `used` or `expired` that is `matched`. `charges` are charged whatever comes of it, unless it is `limited`.
 */
export interface CodeStore {
  /** Makes the subject's newest challenge. Of a live one before it only the secrets stay: see `superseded`. */
  issue(request: IssueRequest): Promise<IssueOutcome>;

  /** Judges a secret. Never burns the challenge. */
  check(request: PresentRequest): Promise<CheckOutcome>;

  /** Judges a secret and, when it is good, reserves the challenge for one claimant. */
  claim(request: ClaimRequest): Promise<ClaimOutcome>;

  /** Burns the subject's challenge for ever and clears its guesses, whoever holds the claim. True to its word twice. */
  finish(request: SubjectKey & { readonly now: Instant }): Promise<{ readonly sequence: number }>;

  /** Gives a claim back: the secret works again. Nothing happens when the claim is no longer this one. */
  release(request: SubjectKey & { readonly claimId: string }): Promise<void>;

  /** Burns the subject's challenge, if any, and keeps its counters. `unblock`: a block ends, too. */
  revoke(
    request: SubjectKey & { readonly now: Instant; readonly unblock?: boolean },
  ): Promise<{ readonly sequence: number }>;

  /**
   * Burns the subject's challenge and forbids new ones for a time. Counts once: a veto whose proof was given out before
   * the last veto is that one, said again.
   */
  veto(request: VetoRequest): Promise<VetoOutcome>;
}
