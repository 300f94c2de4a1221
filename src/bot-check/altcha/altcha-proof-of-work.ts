// Has a stranger's machine worked? Makes sums by ALTCHA's protocol, signed for one realm and price, and judges answers.
//
// To make a sum takes one key derivation, on a thread of Node's pool; to judge an answer takes two HMACs and no
// derivation, so that wrong answers cost us next to nothing. Guard: ASVS 5.0 2.4.2.

import { randomInt } from "node:crypto";

import { createChallenge, verifySolution } from "altcha-lib";
import { deriveKey } from "altcha-lib/algorithms/pbkdf2";

import { type Instant, minute, second } from "../../units.ts";
import { algorithm, iterations, readPayload } from "./payload.ts";
import type { SigningKeys } from "./signing-keys.ts";

/** Time for a slow machine and a person who thinks; and what a store has to remember of each that was taken. */
export const challengeLifetimeMs = 10 * minute;

export type WorkOutcome =
  /** The sum is `id`'s, and worth `price`. Nothing is known of whether it was taken before. */
  | { readonly kind: "done"; readonly id: string; readonly price: number }
  | { readonly kind: "failed"; readonly problem: "foreign" | "stale" | "wrong" };

export type ProofOfWork = {
  /** `price`: how many keys have to be tried on average; from half of it to half more, so that nobody waits for luck. */
  make(of: { readonly realmId: string; readonly price: number; readonly now: Instant }): Promise<{
    readonly challenge: string;
    readonly expiresAt: Instant;
  }>;
  judge(of: { readonly realmId: string; readonly payload: string; readonly now: Instant }): Promise<WorkOutcome>;
};

export function altchaProofOfWork(keys: SigningKeys): ProofOfWork {
  return {
    async make({ realmId, price, now }) {
      const { id, secrets } = keys.active;
      const expiresAt = Math.floor((now + challengeLifetimeMs) / second) * second;
      const challenge = await createChallenge({
        algorithm,
        cost: iterations,
        counter: randomInt(Math.floor(price / 2), Math.floor(price * 1.5) + 1),
        deriveKey,
        data: { realm: realmId, price, key: id },
        expiresAt: new Date(expiresAt),
        ...secrets,
      });
      return { challenge: JSON.stringify(challenge), expiresAt };
    },

    async judge({ realmId, payload, now }) {
      const read = readPayload(payload);
      const secrets = read && keys.byId(read.challenge.parameters.data.key);
      if (read === undefined || secrets === undefined) return { kind: "failed", problem: "foreign" };
      const { challenge, solution } = read;
      const { expired, invalidSignature, verified } = await verifySolution({
        challenge,
        solution,
        deriveKey,
        ...secrets,
      });
      const { expiresAt, data, nonce } = challenge.parameters;
      if (invalidSignature === true || data.realm !== realmId) return { kind: "failed", problem: "foreign" };
      // The library has looked at the machine's clock, and then at nothing else; ours is the one that counts.
      if (expired || expiresAt * second <= now) return { kind: "failed", problem: "stale" };
      return verified ? { kind: "done", id: nonce, price: data.price } : { kind: "failed", problem: "wrong" };
    },
  };
}
