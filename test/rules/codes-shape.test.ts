// Which shapes are safe, and how is a presented secret read?

import { describe, expect, test } from "vitest";

import { defaultShapes, longestLifetime, type CodeShape } from "../../src/codes/code.ts";
import { canonicalForm, secretKindOf } from "../../src/codes/presented-secret.ts";
import { randomText } from "../../src/random-text.ts";
import { bitsOf, shapeProblems } from "../../src/codes/shape-problems.ts";

const { code, link, zitadel } = defaultShapes;

test("the bits of a shape", () => {
  expect(bitsOf(code)).toBe(40);
  expect(bitsOf(link)).toBe(258);
  expect(bitsOf(zitadel)).toBeCloseTo(31.02, 2);
});

describe("a configured shape", () => {
  test.each(Object.entries(defaultShapes))("%s is safe as it is", (_name, shape) => {
    expect(shapeProblems(shape)).toEqual([]);
  });

  const digits = "0123456789";
  const cases: [string, CodeShape, string][] = [
    // Guard: ASVS 5.0 6.5.4 (six digits are 19.9 bits).
    [
      "a code of six digits",
      { ...code, alphabet: digits, length: 6 },
      "A code needs at least 20 bits; this one has 19.",
    ],
    // Guard: ASVS 5.0 11.5.1.
    [
      "a token of 127 bits",
      { ...link, alphabet: "ab", length: 127 },
      "A token needs at least 128 bits; this one has 127.",
    ],
    ["a code too long to be taken for one", { ...code, length: 21 }, "A code has at most 20 symbols; this one has 21."],
    [
      "a token too short to be taken for one",
      { ...link, length: 20 },
      "A token has more than 20 symbols, to be told from a code; this one has 20.",
    ],
    ["a length of 7.5", { ...code, length: 7.5 }, "The length has to be a whole number of symbols, at least 1."],
    ["no alphabet", { ...code, alphabet: "" }, "The alphabet needs at least 2 symbols."],
    ["one symbol", { ...code, alphabet: "A" }, "The alphabet needs at least 2 symbols."],
    ["a symbol twice", { ...code, alphabet: `${digits}ABCDEFA` }, 'The alphabet holds "A" more than once.'],
    [
      "a symbol that is not visible",
      { ...zitadel, alphabet: `${digits} ` },
      "The alphabet may hold visible ASCII symbols only.",
    ],
    [
      "a letter beyond ASCII",
      { ...zitadel, alphabet: `${digits}é` },
      "The alphabet may hold visible ASCII symbols only.",
    ],
    [
      "a lenient code with an O",
      { ...code, alphabet: `${digits}ABCO` },
      'A lenient code is read without "O": take it out of the alphabet.',
    ],
    [
      "a lenient code with a small letter",
      { ...code, alphabet: `${digits}ABCd` },
      'A lenient code is read without "d": take it out of the alphabet.',
    ],
    // Guard: ASVS 5.0 6.5.5.
    ["no life", { ...code, lifetimeMs: 0 }, "The lifetime has to end, and be longer than nothing."],
    ["a life without end", { ...code, lifetimeMs: Infinity }, "The lifetime has to end, and be longer than nothing."],
    [
      "a life of no number",
      { ...code, lifetimeMs: Number.NaN },
      "The lifetime has to end, and be longer than nothing.",
    ],
    ["a life over a week", { ...link, lifetimeMs: longestLifetime + 1 }, "The lifetime is at most 168 hours."],
    ["no tries", { ...code, maxTries: 0 }, "The number of tries has to be a whole number from 1 to 100."],
    ["half a try", { ...code, maxTries: 1.5 }, "The number of tries has to be a whole number from 1 to 100."],
    ["101 tries", { ...code, maxTries: 101 }, "The number of tries has to be a whole number from 1 to 100."],
  ];

  test.each(cases)("with %s is refused", (_name, shape, problem) => {
    expect(shapeProblems(shape)).toContain(problem);
  });

  test("is told all that is wrong with it", () => {
    const shape = { ...code, alphabet: "00", length: 1, lifetimeMs: 0, maxTries: 0 };
    expect(shapeProblems(shape)).toHaveLength(4);
  });
});

describe("a presented secret", () => {
  test.each(["7k3q-9wxd", " 7K3Q 9WXD ", "7K3Q9WXD", "7K-3q-9W-xd", "\t7k3q9wxd\n"])(
    "that may be typed in many ways has one form: %j",
    (typed) => {
      expect(canonicalForm(code, typed)).toBe("7K3Q9WXD");
    },
  );

  test("is read as O for 0, and I or L for 1, in either case", () => {
    expect(canonicalForm(code, "oOiIlL0123")).toBe("0011110123");
  });

  test("that was drawn is its own form", () => {
    for (let i = 0; i < 1000; i += 1) {
      const drawn = randomText(code.alphabet, code.length);
      expect(canonicalForm(code, drawn)).toBe(drawn);
    }
  });

  test("of a strict shape is taken as it is", () => {
    expect(canonicalForm(zitadel, " ab-O1 ")).toBe(" ab-O1 ");
  });

  test.each([
    ["", "code"],
    ["   ", "code"],
    [" ".repeat(50), "code"],
    ["x".repeat(20), "code"],
    [` ${"x".repeat(20)}\n`, "code"],
    ["x".repeat(21), "token"],
    ["x".repeat(43), "token"],
  ] as const)("%j is a %2$s", (presented, kind) => {
    expect(secretKindOf(presented)).toBe(kind);
  });
});
