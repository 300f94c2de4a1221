// Which language does a message speak, when there are several wishes?

import { describe, expect, test } from "vitest";

import { directionOf, findLanguage, isLanguage } from "../../src/delivery/templates/find-language.ts";

describe("the first wish that there is comes true", () => {
  test.each<[wanted: string[], there: string, defaultLanguage: string, found: string | undefined]>([
    [["de"], "en de", "en", "de"],
    [["pt-BR"], "en pt", "en", "pt"],
    [["pt-BR"], "en pt pt-BR", "en", "pt-BR"],
    [["PT-br"], "en pt-BR", "en", "pt-BR"],
    [["de-Latn-AT-1996"], "en de", "en", "de"],
    [["zh-Hant"], "en zh", "en", "zh"],
    [["zh-TW"], "en zh zh-Hant", "en", "zh-Hant"],
    [["zh-CN"], "en zh zh-Hant", "en", "zh"],
    [["zh-Hant-HK"], "en zh zh-Hant zh-HK", "en", "zh-HK"],
    [["sv", "pl"], "en pl", "en", "pl"],
    // A base of the first is nearer than the second.
    [["de-AT", "pl"], "en pl de", "en", "de"],
    [["sv"], "en fr", "fr", "fr"],
    [["sv"], "en fr", "fr-CA", "fr"],
    [["sv"], "en fr", "nb", "en"],
    [[], "en fr", "fr", "fr"],
    [["", "*", "not a language", "de_DE", "x"], "en de", "en", "en"],
    [["sv"], "fr", "nb", undefined],
  ])("wanted %j of %s, by default %s: %s", (wanted, there, defaultLanguage, found) => {
    expect(findLanguage(new Set(there.split(" ")), wanted, defaultLanguage)).toBe(found);
  });
});

test("files are named after languages, in the one way that they are written", () => {
  expect(["en", "pt-BR", "zh-Hant", "zh-Hant-TW", "sr-Latn"].filter((tag) => !isLanguage(tag))).toEqual([]);
  expect(["EN", "pt-br", "pt_BR", "iw", "english!", "", "en-u-nu-latn"].filter(isLanguage)).toEqual([]);
});

test("scripts run in the direction that they are written in", () => {
  expect(["ar", "he", "fa", "ur", "ar-EG"].map(directionOf)).toEqual(Array.from({ length: 5 }, () => "rtl"));
  expect(["en", "ja", "tr", "zh"].map(directionOf)).toEqual(Array.from({ length: 4 }, () => "ltr"));
});
