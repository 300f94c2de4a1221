// Is there time for another round? Not for one that would likely end after the run's time.

import type { Milliseconds } from "../src/units.ts";

/** Counts from now. `rounds`: how many are done. */
export function makeTimeLeft(longestRunMs: Milliseconds): (rounds: number) => boolean {
  const begun = performance.now();
  return (rounds) => {
    const elapsed = performance.now() - begun;
    return elapsed + elapsed / Math.max(1, rounds) < longestRunMs;
  };
}
