// Who does the sum while the page stays at hand? A few workers, each a share of it.

import { solveChallengeWorkers } from "altcha-lib";
import type { Challenge } from "altcha-lib/types";

/** More of them heat a phone, and hardly help. */
const mostWorkers = 4;

/** Answers ALTCHA's payload: challenge and solution as JSON in base64. */
export async function solveInWorkers(challengeText: string): Promise<string> {
  const challenge = JSON.parse(challengeText) as Challenge;
  const solution = await solveChallengeWorkers({
    challenge,
    concurrency: Math.min(mostWorkers, navigator.hardwareConcurrency),
    createWorker: () => new Worker(new URL("./solve.ts", import.meta.url), { type: "module" }),
  });
  if (solution === null) throw new Error("the sum was not done in time");
  return btoa(JSON.stringify({ challenge, solution }));
}
