// Is every secret as likely as every other?

import { describe, expect, test } from "vitest";

import { defaultShapes } from "../../src/codes/code.ts";
import { randomText } from "../../src/random-text.ts";

/** Pearson's statistic against the uniform distribution. */
function chiSquare(counts: readonly number[]): number {
  const mean = counts.reduce((sum, count) => sum + count, 0) / counts.length;
  return counts.reduce((sum, count) => sum + (count - mean) ** 2 / mean, 0);
}

/**
 * What the statistic exceeds once in 10^9 runs: the Wilson–Hilferty approximation, 6 standard deviations out.
 * A generator that leaves out one of 36 symbols, or draws 4 of them 1/7 too often, is far beyond it at this many draws.
 */
function farthest(symbols: number): number {
  const freedom = symbols - 1;
  const spread = 2 / (9 * freedom);
  return freedom * (1 - spread + 6 * Math.sqrt(spread)) ** 3;
}

const draws = 400_000;

function countsOf(alphabet: string, text: string): number[] {
  const counts = new Map(alphabet.split("").map((symbol) => [symbol, 0]));
  for (const symbol of text) counts.set(symbol, (counts.get(symbol) ?? Number.NaN) + 1);
  return [...counts.values()];
}

// Guard: ASVS 5.0 6.5.3. Incident: C20.
describe("symbols are drawn evenly", () => {
  const alphabets = [...Object.values(defaultShapes).map(({ alphabet }) => alphabet), "0123456789", "ab"];

  test.each(alphabets)("from %s", (alphabet) => {
    const counts = countsOf(alphabet, randomText(alphabet, draws));
    expect(counts).toHaveLength(alphabet.length);
    expect(chiSquare(counts)).toBeLessThan(farthest(alphabet.length));
  });

  test.each(alphabets)("at the first and the last place of a code, from %s", (alphabet) => {
    const codes = Array.from({ length: 50_000 }, () => randomText(alphabet, 6));
    for (const place of [0, 5]) {
      const counts = countsOf(alphabet, codes.map((code) => code[place]).join(""));
      expect(chiSquare(counts)).toBeLessThan(farthest(alphabet.length));
    }
  });

  test("and this test would tell a generator that prefers some", () => {
    const alphabet = defaultShapes.zitadel.alphabet;
    // What `byte % 36` does: 256 is 7 × 36 + 4.
    const biased = Array.from(alphabet, (_, at) => (draws / 256) * (at < 4 ? 8 : 7));
    expect(chiSquare(biased)).toBeGreaterThan(farthest(alphabet.length));
    // What `byte % 35` does: the last symbol never comes.
    const short = Array.from(alphabet, (_, at) => (at === 35 ? 0 : draws / 35));
    expect(chiSquare(short)).toBeGreaterThan(farthest(alphabet.length));
  });
});

// Incident: C19.
test("of a million tokens no two are the same", () => {
  const { alphabet, length } = defaultShapes.link;
  // 14 of the 43 symbols are 84 bits: enough that a repeat among a million is no accident, and they fit into a set.
  const seen = new Set<string>();
  for (let i = 0; i < 1_000_000; i += 1) seen.add(randomText(alphabet, length).slice(0, 14));
  expect(seen.size).toBe(1_000_000);
});

test("a text has the length that was asked for", () => {
  for (const length of [1, 6, 43, 5000])
    expect(randomText("0123456789", length)).toMatch(new RegExp(`^\\d{${length}}$`));
});
