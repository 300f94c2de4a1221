// Can people share a request number? Short, readable, random.

import { expect, test } from "vitest";

import { makeRequestNumber } from "../../src/delivery/request-number.ts";

const numbers = Array.from({ length: 20_000 }, makeRequestNumber);

test("it is eight of Crockford's symbols in two groups", () => {
  for (const number of numbers) expect(number).toMatch(/^[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}$/);
});

test("it does not repeat: 20,000 draws of 40 bits share at most one by chance", () => {
  expect(new Set(numbers).size).toBeGreaterThanOrEqual(numbers.length - 1);
});

// Incident: C20.
test("every symbol is as likely as every other", () => {
  const counts = new Map<string, number>();
  for (const symbol of numbers.join("").replaceAll("-", "")) counts.set(symbol, (counts.get(symbol) ?? 0) + 1);
  const expected = (numbers.length * 8) / 32;
  const chiSquare = [...counts.values()].reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
  expect(counts.size).toBe(32);
  // 31 degrees of freedom: above 82 once in a million runs. Source: table of the chi-square distribution.
  expect(chiSquare).toBeLessThan(82);
});
