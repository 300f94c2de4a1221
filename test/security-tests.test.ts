// Is tried what docs/security-tests.md says? Each test that a line names carries the line's number in a comment.

import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

import { describe, expect, test } from "vitest";

const root = join(import.meta.dirname, "..");
const page = readFileSync(join(root, "docs/security-tests.md"), "utf8");

/** The lines of all tables that name tests. */
const lines = [...page.matchAll(/^\| (C?[\d.]+) \| ([^|]+) \| (`test[^|]+) \|$/gm)].map(
  ([, number = "", tried, by = ""]) => ({
    number,
    tried,
    files: [...by.matchAll(/`([^`]+)`/g)].map(([, file = ""]) => file),
  }),
);

describe.each(lines)("$number: $tried", ({ number, files }) => {
  test.each(files)("%s carries its number", (file) => {
    expect(existsSync(join(root, file))).toBe(true);
    expect(numbersIn(readFileSync(join(root, file), "utf8"))).toContain(number);
  });
});

test("every incident has a line, or a word on why it has none", () => {
  const all = Array.from({ length: 30 }, (_, at) => `C${at + 1}`);
  const told = new Set([...lines.map(({ number }) => number), "C16"]);
  expect(all.filter((number) => !told.has(number))).toEqual([]);
  expect(page).toContain("C16 has no test");
  expect(new Set(lines.map(({ number }) => number)).size, "no line is there twice").toBe(lines.length);
});

/** What the comments of a test say that it proves: "Guard: ASVS 5.0 6.5.1, 6.5.2; Incident: C1 to C4, C18." */
function numbersIn(text: string): readonly string[] {
  const joined = text.replaceAll(/\n\s*(?:\/\/|#|\*) ?/g, " ");
  const guards = [...joined.matchAll(/ASVS 5\.0 ((?:\d+\.\d+\.\d+(?: \([^)]*\))?(?:, )?)+)/g)];
  const incidents = [...joined.matchAll(/Incidents?: ((?:C\d+(?: to C\d+)?(?: \([^)]*\))?(?:, )?)+)/g)];
  return [
    ...guards.flatMap(([, list = ""]) => list.match(/\d+\.\d+\.\d+/g) ?? []),
    ...incidents.flatMap(([, list = ""]) => list.split(",").flatMap(eachOf)),
  ];
}

/** "C1 to C4" is four. */
function eachOf(range: string): readonly string[] {
  const [first = 0, last = first] = [...range.matchAll(/C(\d+)/g)].map(([, number]) => Number(number));
  return Array.from({ length: last - first + 1 }, (_, at) => `C${first + at}`);
}
