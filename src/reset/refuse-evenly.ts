// How long does a stranger wait for a no? As long as for every other no, so that the wait says nothing.
//
// Whoever exists costs a little more: a row that is read, a try that is counted. Work that is almost the same still takes
// times that many calls tell apart, so the answer to a wrong code is not sent before its time. Guard: ASVS 5.0 6.3.8;
// Incident: C9.

import { setTimeout as pause } from "node:timers/promises";

import type { Milliseconds } from "../units.ts";
import type { PresentRecovery } from "./present-recovery.ts";

/** Many times what a refusal takes; nobody who types notices. */
const refusedAfter: Milliseconds = 30;

export function refuseEvenly({ check, complete }: PresentRecovery): PresentRecovery {
  return {
    check: async (...asked) => await evenly(async () => await check(...asked)),
    complete: async (...asked) => await evenly(async () => await complete(...asked)),
  };
}

async function evenly<Answer>(work: () => Promise<Answer>): Promise<Answer> {
  // It runs from the start: a wait that began after the work would be as late as the work was.
  const time = pause(refusedAfter, undefined, { ref: false });
  try {
    return await work();
  } catch (cause) {
    await time;
    throw cause;
  }
}
