// What time is it in a test? What the test says, and never later by itself.

import type { Clock, Instant, Milliseconds } from "../../src/units.ts";

export type FakeClock = Clock & { pass(time: Milliseconds): void };

export function fakeClock(start: Instant = Date.UTC(2027, 0, 15, 8)): FakeClock {
  let now = start;
  return {
    now: () => now,
    pass(time) {
      now += time;
    },
  };
}
