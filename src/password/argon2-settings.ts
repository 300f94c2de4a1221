// What does one Argon2id hash of ours cost, and what is too cheap or too dear?

import { limits } from "./hash-limits.ts";

export type Argon2Settings = {
  readonly memoryKib: number;
  readonly passes: number;
  readonly lanes: number;
};

/** The cheapest in time of what the floor allows: 8.5 ms, where 46 MiB and one pass take 14 to 16. Guard: ASVS 5.0 11.4.2. */
export const defaultArgon2: Argon2Settings = { memoryKib: 19_456, passes: 2, lanes: 1 };

/** Least memory by number of passes; more than three passes buy no less memory. Guard: ASVS 5.0 11.4.2, appendix C. */
const memoryFloorKib = [
  { passes: 1, memoryKib: 47_104 },
  { passes: 2, memoryKib: 19_456 },
  { passes: 3, memoryKib: 12_288 },
];

/** One sentence for each thing that is wrong with `settings`; none when they are fine. */
export function argon2Problems({ memoryKib, passes, lanes }: Argon2Settings): readonly string[] {
  const problems: string[] = [];
  const { argon2 } = limits;
  if (!isWithin(passes, argon2.passes)) problems.push(`Argon2id takes 1 to ${argon2.passes} passes, not ${passes}.`);
  if (!isWithin(lanes, argon2.lanes)) problems.push(`Argon2id takes 1 to ${argon2.lanes} lanes, not ${lanes}.`);
  if (!isWithin(memoryKib, argon2.memoryKib)) {
    problems.push(`Argon2id takes at most ${argon2.memoryKib} KiB of memory, not ${memoryKib}.`);
  }
  const floor = memoryFloorKib.findLast((row) => row.passes <= passes);
  if (floor !== undefined && memoryKib < floor.memoryKib) {
    problems.push(
      `Argon2id with passes = ${passes} needs at least ${floor.memoryKib} KiB of memory, not ${memoryKib}.`,
    );
  }
  return problems;
}

function isWithin(value: number, most: number): boolean {
  return Number.isInteger(value) && value >= 1 && value <= most;
}
