// How does a test's machine work? By ALTCHA's own solver, as a page does.

import { type Challenge, solveChallenge } from "altcha-lib";
import { deriveKey } from "altcha-lib/algorithms/web/pbkdf2";

/** `challenge`: what PrepareRecovery answered. Answers the payload for StartRecovery. */
export async function solveWork(challenge: string): Promise<string> {
  const read = JSON.parse(challenge) as Challenge;
  const solution = await solveChallenge({ challenge: read, deriveKey });
  return payloadOf(read, solution);
}

export function payloadOf(challenge: unknown, solution: unknown): string {
  return btoa(JSON.stringify({ challenge, solution }));
}
