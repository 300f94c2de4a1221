// Does the page say everything, in every language of the mails, with the same places to fill in?

import { readdirSync } from "node:fs";

import { describe, expect, test } from "vitest";

import { directionOf } from "../../src/delivery/templates/find-language.ts";
import { pluralForms } from "../../src/delivery/templates/plural.ts";
import { en } from "../../src/page/texts/en.ts";
import { pageTexts } from "../../src/page/texts/languages.ts";
import { overrideProblem, placesOf, textsByPath, withOverrides } from "../../src/page/texts/override-texts.ts";
import type { Counted } from "../../src/page/texts/page-texts.ts";
import { say, sayCount } from "../../src/page/texts/say.ts";

const english = textsByPath(en);
const languages = [...pageTexts].map(([language, texts]) => ({ language, texts }));
/** English counts one and more. */
const counted = [...english.keys()]
  .filter((path) => path.endsWith(".one"))
  .map((path) => path.slice(0, -".one".length));
const sentenceOf = (path: string) => counted.find((sentence) => path.startsWith(`${sentence}.`)) ?? path;
/** The places of a sentence, over all its forms. */
const placesByPath = (texts: ReadonlyMap<string, string>) => {
  const places = new Map<string, Set<string>>();
  for (const [path, text] of texts) {
    const known = places.get(sentenceOf(path)) ?? new Set();
    places.set(sentenceOf(path), new Set([...known, ...placesOf(text)]));
  }
  return new Map([...places].map(([path, found]) => [path, [...found].toSorted()]));
};

/** Neighbours share words, not sentences. In UTF-16 code units. */
const longestShared = 16;

test("the page speaks the languages of the mails, Arabic from right to left", () => {
  const mails = readdirSync("src/delivery/templates/built-in/password_reset").map((file) => file.replace(".yaml", ""));
  expect(languages.map(({ language }) => language)).toEqual(mails);
  expect(mails.filter((language) => directionOf(language) === "rtl")).toEqual(["ar"]);
});

describe.each(languages)("$language", ({ language, texts }) => {
  const own = textsByPath(texts);

  test("has every text, with its places", () => {
    expect(placesByPath(own)).toEqual(placesByPath(english));
  });

  test("has the forms that its counts take", () => {
    for (const path of counted) {
      // No limit of a password is one character or two.
      const forms = pluralForms(language, path.startsWith("rules.") ? 3 : 1);
      const missing = [...forms].filter((each) => !own.has(`${path}.${each}`) && each !== "one");
      expect(missing, path).toEqual([]);
    }
  });

  test("has no empty text, and no markup", () => {
    for (const [path, text] of own) expect(text.trim() === text && /^[^<>&]+$/.test(text), path).toBe(true);
  });

  test("has no sentence of another language left", () => {
    const others = languages.filter((other) => other.language !== language).map(({ texts }) => textsByPath(texts));
    const sentences = [...own].filter(([, text]) => text.length > longestShared);
    expect(sentences.filter(([path, text]) => others.some((other) => other.get(path) === text))).toEqual([]);
  });
});

describe("a count", () => {
  const seconds = (language: string) => pageTexts.get(language)?.shared.tryAgainInSeconds as Counted;

  test.each([
    ["en", 1, "Please try again in 1 second."],
    ["en", 2, "Please try again in 2 seconds."],
    ["pl", 1, "Spróbuj ponownie za 1 sekundę."],
    ["pl", 3, "Spróbuj ponownie za 3 sekundy."],
    ["pl", 5, "Spróbuj ponownie za 5 sekund."],
    ["pl", 22, "Spróbuj ponownie za 22 sekundy."],
    ["ar", 2, "يُرجى المحاولة مرة أخرى بعد ثانيتين."],
    ["ar", 11, "يُرجى المحاولة مرة أخرى بعد 11 ثانية."],
    ["ja", 1, "1秒後にもう一度お試しください。"],
  ])("in %s, %i", (language, count, said) => {
    expect(sayCount(seconds(language), count, language)).toBe(said);
  });
});

test("a value brings no further place with it", () => {
  expect(say("{one} and {two}", { one: "{two}", two: "2" })).toBe("{two} and 2");
});

describe("a text of a realm's own", () => {
  test("takes the place of the built-in one, and of nothing else", () => {
    const texts = withOverrides(en, { "identify.title": "Lost it?", "veto.effects.1": "All out.", "done.none": "?" });
    expect(texts.identify).toEqual({ ...en.identify, title: "Lost it?" });
    expect(texts.veto.effects).toEqual([en.veto.effects[0], "All out.", en.veto.effects[2]]);
    expect(texts.done).toEqual(en.done);
  });

  test.each([
    ["identify.title", "Lost it?", undefined],
    ["shared.help", "Call us", undefined],
    ["shared.help", "{contact}, {brand}", "{brand} cannot be filled in here."],
    ["identify", "Lost it?", "The page has no such text."],
    ["__proto__", "Lost it?", "The page has no such text."],
  ])("%s: %s", (path, text, problem) => {
    expect(overrideProblem(english, path, text)).toBe(problem);
  });
});
