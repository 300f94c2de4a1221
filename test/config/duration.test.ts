import { expect, test } from "vitest";

import { formatDuration, parseDuration } from "../../src/config/duration.ts";

test.each([
  ["0ms", 0],
  ["1ms", 1],
  ["500ms", 500],
  ["1s", 1000],
  ["90s", 90_000],
  ["10m", 600_000],
  ["1h", 3_600_000],
  ["72h", 259_200_000],
  ["7d", 604_800_000],
  ["007d", 604_800_000],
])("%s is %i ms", (text, durationMs) => {
  expect(parseDuration(text)).toBe(durationMs);
});

test.each([
  "",
  "10",
  "m",
  "-1s",
  "1.5h",
  "1 h",
  " 1h",
  "1h ",
  "1H",
  "1h30m",
  "PT1H",
  "1w",
  "1y",
  "1e3s",
  "1234567890123s",
  "1h\n",
])("%j is not a duration", (text) => {
  expect(parseDuration(text)).toBeUndefined();
});

test.each([
  [0, "0ms"],
  [999, "999ms"],
  [1000, "1s"],
  [1500, "1500ms"],
  [90_000, "90s"],
  [3_600_000, "1h"],
  [86_400_000, "1d"],
  [90_000_000, "25h"],
])("%i ms is written %s, and read back", (durationMs, text) => {
  expect(formatDuration(durationMs)).toBe(text);
  expect(parseDuration(text)).toBe(durationMs);
});
