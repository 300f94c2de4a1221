// Is a presented secret good, and what does it count as? The rule of the embedded store; codes/redis/present.lua is its
// twin.

import { timingSafeEqual } from "node:crypto";

import { isFull, mostCounted, oneMore } from "../../throttle/embedded/counter.ts";
import type { PresentRejection, PresentRequest } from "../code-store.ts";
import { blockOf, endOf, type Account, type Challenge, type Secrets } from "./account.ts";

type Judgement =
  | { readonly kind: "good"; readonly challenge: Challenge }
  /** `account` is there when something was counted: the account as it is now. */
  | { readonly kind: "rejected"; readonly rejection: PresentRejection; readonly account: Account | undefined };

/** Pure: changes nothing, and charges nothing of others. */
export function judge(account: Account, request: PresentRequest): Judgement {
  const { now, secretKind, maxTries, guessBudget } = request;
  const { challenge } = account;
  if (challenge === undefined) return { kind: "rejected", rejection: { kind: "absent" }, account: undefined };

  const isCode = secretKind === "code";
  // A token has too many bits to be guessed: it is never counted, so nobody can stop a link by guessing.
  const reject = (rejection: PresentRejection, counted: { try?: true; guess?: true }): Judgement => ({
    kind: "rejected",
    rejection,
    account: isCode && (counted.try || counted.guess) ? withCounted(account, challenge, request, counted) : undefined,
  });

  if (isCode && guessBudget !== undefined && isFull(account.guesses, guessBudget.max, now)) {
    const retryAfterMs = account.guesses.endsAt - now;
    return reject({ kind: "over_budget", limit: guessBudget.limit, retryAfterMs }, { try: true });
  }
  const isOver = challenge.used || endOf(challenge, secretKind) <= now;
  // Before the comparison counts for anything: beyond the ceiling the right code is answered like a wrong one.
  if (isCode && !isOver && challenge.tries >= maxTries) return reject({ kind: "exhausted" }, { try: true });
  const matched = matches(challenge, request);
  const isSuperseded = !matched && matches(challenge.previous, request);
  const block = blockOf(account, now);
  if (block !== undefined && (matched || isSuperseded)) return reject(block, {});
  if (isSuperseded) return reject({ kind: "superseded" }, {});
  if (isOver) {
    return reject({ kind: challenge.used ? "used" : "expired", matched }, matched ? {} : { guess: true });
  }
  if (!matched) return reject({ kind: "mismatch" }, { try: true, guess: true });
  if (challenge.claim !== undefined && challenge.claim.until > now) {
    return reject({ kind: "busy", retryAfterMs: challenge.claim.until - now }, {});
  }
  return { kind: "good", challenge };
}

function withCounted(
  account: Account,
  challenge: Challenge,
  { now, guessBudget }: PresentRequest,
  counted: { try?: true; guess?: true },
): Account {
  const tries = counted.try ? Math.min(challenge.tries + 1, mostCounted) : challenge.tries;
  const guesses =
    counted.guess && guessBudget !== undefined ? oneMore(account.guesses, guessBudget.windowMs, now) : account.guesses;
  return { ...account, guesses, challenge: { ...challenge, tries } };
}

/** Digests of the secrets' own key count; where there is no secret of this kind, nothing matches. */
function matches(secrets: Secrets | undefined, { secretKind, candidates }: PresentRequest): boolean {
  const digest = secrets?.[secretKind];
  if (digest === undefined) return false;
  return candidates.some(
    (candidate) => candidate.keyId === secrets?.keyId && equalInConstantTime(candidate.digest, digest),
  );
}

/** Guard: ASVS 5.0 11.2.4. */
function equalInConstantTime(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a, "base64url"), Buffer.from(b, "base64url")];
  return left.length === right.length && timingSafeEqual(left, right);
}
