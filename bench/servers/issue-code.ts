// What do the baselines do for a call? The same script on the same store as the product, told the same things.

import { createSecretKey, randomBytes } from "node:crypto";

import { makeChallenges, type IssuedChallenge } from "../../src/codes/challenges.ts";
import { defaultShapes } from "../../src/codes/code.ts";
import { counterDigest, type KeyRing } from "../../src/codes/key-ring.ts";
import { openCodeStore } from "../../src/codes/open-code-store.ts";
import { openRedis } from "../../src/redis/connection.ts";
import { makeChargesFor } from "../../src/throttle/charges-for.ts";
import { callerId, limits, realmId } from "../scenario.ts";

export type Issued = Extract<IssuedChallenge, { readonly kind: "issued" }>;

const makeKey = () => createSecretKey(randomBytes(32));

/** Draws a code, digests it and the user's name, and runs the script. The counters' names are made once, not per call. */
export async function openIssueCode(redisUrl: string): Promise<(userId: string) => Promise<Issued>> {
  const keyRing: KeyRing = { names: makeKey(), codes: [{ id: 1, key: makeKey() }] };
  const store = await openCodeStore({ kind: "redis", redis: await openRedis({ url: redisUrl }) });
  const challenges = makeChallenges({ store, keyRing, purpose: "password_reset" });
  const chargesFor = makeChargesFor((realm, party, name) => counterDigest(keyRing, realm, party, name));
  const call = { caller: { id: callerId, realm: { id: realmId, limits } }, address: "127.0.0.1" };
  const charges = chargesFor(call, "return_code");

  return async function issueCode(userId) {
    const subject = { realmId, userId };
    const issued = await challenges.issue({
      subject,
      shape: defaultShapes.code,
      now: Date.now(),
      passwordVersion: 0,
      ...charges,
    });
    if (issued.kind !== "issued") throw new Error(`a code of a benchmark was refused: ${issued.kind}`);
    return issued;
  };
}
