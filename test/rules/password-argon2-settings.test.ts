import { expect, test } from "vitest";

import { argon2Problems, defaultArgon2 } from "../../src/password/argon2-settings.ts";

// Guard: ASVS 5.0 11.4.2
test("the default is at the floor", () => {
  expect(argon2Problems(defaultArgon2)).toEqual([]);
  expect(argon2Problems({ ...defaultArgon2, memoryKib: defaultArgon2.memoryKib - 1 })).toHaveLength(1);
});

test.each([
  [1, 47_104],
  [2, 19_456],
  [3, 12_288],
  [10, 12_288],
])("%i passes need %i KiB", (passes, memoryKib) => {
  expect(argon2Problems({ memoryKib, passes, lanes: 1 })).toEqual([]);
  expect(argon2Problems({ memoryKib: memoryKib - 1, passes, lanes: 1 })).toEqual([
    `Argon2id with passes = ${passes} needs at least ${memoryKib} KiB of memory, not ${memoryKib - 1}.`,
  ]);
});

test("what our own limit on ready hashes would refuse is refused here too", () => {
  expect(argon2Problems({ memoryKib: 262_145, passes: 11, lanes: 9 })).toHaveLength(3);
  expect(argon2Problems({ memoryKib: 262_144, passes: 10, lanes: 8 })).toEqual([]);
});

test.each([0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY])("%d is no number of passes, lanes or KiB", (wrong) => {
  expect(argon2Problems({ memoryKib: 47_104, passes: wrong, lanes: 1 }).length).toBeGreaterThan(0);
  expect(argon2Problems({ memoryKib: 47_104, passes: 1, lanes: wrong }).length).toBeGreaterThan(0);
  expect(argon2Problems({ memoryKib: wrong, passes: 1, lanes: 1 }).length).toBeGreaterThan(0);
});
