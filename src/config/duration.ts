// How is a length of time written in the configuration? "500ms", "10m", "72h", "7d": one number and one unit.

import { hour, minute, second, type Milliseconds } from "../units.ts";

const units: ReadonlyMap<string, Milliseconds> = new Map([
  ["d", 24 * hour],
  ["h", hour],
  ["m", minute],
  ["s", second],
  ["ms", 1],
]);

/** The form, for validation and for editors. At most 12 digits: any unit of them stays an exact number. */
export const durationForm = /^(\d{1,12})(ms|s|m|h|d)$/;

/** `undefined` for what is not a duration. */
export function parseDuration(text: string): Milliseconds | undefined {
  const [, count, unit] = durationForm.exec(text) ?? [];
  const unitMs = units.get(unit ?? "");
  return unitMs === undefined ? undefined : Number(count) * unitMs;
}

/** In the largest unit that says it without a fraction. `durationMs` is a whole number, at least 0. */
export function formatDuration(durationMs: Milliseconds): string {
  for (const [unit, unitMs] of units) {
    if (durationMs >= unitMs && durationMs % unitMs === 0) return `${durationMs / unitMs}${unit}`;
  }
  return `${durationMs}ms`;
}
