import { createRequire } from "node:module";

import { describe, expect, test } from "vitest";

import { defaultPolicy, violations } from "../../src/password/policy.ts";
import type { PasswordPolicy } from "../../src/password/policy.ts";

const eight: PasswordPolicy = { ...defaultPolicy, minLength: 8 };
const allClasses: PasswordPolicy = {
  ...eight,
  requireLowercase: true,
  requireUppercase: true,
  requireDigit: true,
  requireSymbol: true,
};

const rulesBroken = (policy: PasswordPolicy, password: string, context: readonly string[] = []) =>
  violations(policy, password, context).map((violation) => violation.rule);

/** `length` different code points from `first` on. */
const run = (first: number, length: number) =>
  String.fromCodePoint(...Array.from({ length }, (_, index) => first + index));

describe("length", () => {
  // Guard: ASVS 5.0 6.2.1, NIST SP 800-63B-4 3.1.1.2
  test("seven characters are refused where eight are asked for", () => {
    expect(violations(eight, "kx7#Tqz", [])).toEqual([{ rule: "too_short", minLength: 8 }]);
    expect(violations(eight, "kx7#Tqzw", [])).toEqual([]);
  });

  test("fourteen characters are refused by default, fifteen are not", () => {
    expect(rulesBroken(defaultPolicy, "pqvbnwtyrlkhgd")).toEqual(["too_short"]);
    expect(rulesBroken(defaultPolicy, "pqvbnwtyrlkhgdz")).toEqual([]);
  });

  // Guard: ASVS 5.0 6.2.9
  test("sixty-four characters are accepted, also where each takes four bytes", () => {
    expect(rulesBroken(defaultPolicy, run(0x20, 64))).toEqual([]);
    const wide = run(0x1f600, 64);
    expect(Buffer.byteLength(wide)).toBe(256);
    expect(rulesBroken(defaultPolicy, wide)).toEqual([]);
  });

  test("two hundred code points are accepted, two hundred and one are not", () => {
    expect(rulesBroken(defaultPolicy, run(0x1f400, 200))).toEqual([]);
    expect(violations(defaultPolicy, run(0x1f400, 201), [])).toEqual([{ rule: "too_long", maxLength: 200 }]);
  });

  test("a letter with its accent apart counts once, because NFKC joins them", () => {
    const seven = "e\u0301kx7#Tq";
    expect(Array.from(seven)).toHaveLength(8);
    expect(rulesBroken(eight, seven)).toEqual(["too_short"]);
  });

  test("two hundred code points are accepted even where each was sent as three or four", () => {
    const apart = run(0x1f80, 8).normalize("NFD").repeat(25);
    expect(Array.from(apart).length).toBeGreaterThan(600);
    expect(rulesBroken(defaultPolicy, apart)).toEqual([]);
  });

  // Incident: C29
  test("a megabyte is too long and nothing else is said of it, even where normalizing it would take minutes", () => {
    const marks = "\u0301".repeat(500_000) + "\u0316".repeat(500_000);
    expect(violations(allClasses, marks, ["marks"])).toEqual([{ rule: "too_long", maxLength: 200 }]);
  });

  test("no code point that NFKC makes comes from more than eight UTF-16 code units", () => {
    let longest = 0;
    for (let codePoint = 0; codePoint <= 0x10ffff; codePoint += 1) {
      if (codePoint >= 0xd800 && codePoint < 0xe000) continue;
      const character = String.fromCodePoint(codePoint);
      const apart = character.normalize("NFD");
      if (apart.length > longest && apart.normalize("NFKC") === character) longest = apart.length;
    }
    expect(longest).toBeGreaterThan(1);
    expect(longest).toBeLessThanOrEqual(8);
  });
});

describe("composition", () => {
  // Guard: ASVS 5.0 6.2.5
  test("a long password of one class is accepted by default", () => {
    expect(rulesBroken(defaultPolicy, "gentle rivers remember")).toEqual([]);
    expect(rulesBroken(defaultPolicy, "906142857133908")).toEqual([]);
  });

  test("each class that is asked for and missing is named, in the order of the type", () => {
    expect(rulesBroken(allClasses, "\u00e9".repeat(3))).toEqual([
      "too_short",
      "lowercase_missing",
      "uppercase_missing",
      "digit_missing",
      "common",
    ]);
    expect(rulesBroken(allClasses, "kxtqzwvb")).toEqual(["uppercase_missing", "digit_missing", "symbol_missing"]);
    expect(rulesBroken(allClasses, "KXTQ7Z#W")).toEqual(["lowercase_missing"]);
  });

  test("whatever is no letter or digit of ASCII is a symbol: a space, an umlaut, an emoji", () => {
    for (const symbol of [" ", "#", "\u00e4", "\u{1f600}"]) {
      expect(rulesBroken(allClasses, `kxTQ7zwv${symbol}`)).toEqual([]);
    }
    expect(rulesBroken(allClasses, "kxTQ7zwv")).toEqual(["symbol_missing"]);
  });
});

describe("common passwords", () => {
  const list = createRequire(import.meta.url)("@zxcvbn-ts/language-common/src/passwords.json") as string[];

  // Guard: ASVS 5.0 6.2.4
  test("each of the 3000 most common passwords of eight characters and more is refused, in any case", () => {
    const worst = list.filter((password) => password.length >= 8).slice(0, 3000);
    expect(worst).toHaveLength(3000);
    expect(worst.filter((password) => !rulesBroken(eight, password).includes("common"))).toEqual([]);
    expect(worst.filter((password) => !rulesBroken(eight, password.toUpperCase()).includes("common"))).toEqual([]);
  });

  test("full-width letters do not hide a common password", () => {
    expect(rulesBroken(eight, "\uff50\uff41\uff53\uff53\uff57\uff4f\uff52\uff44")).toEqual(["common"]);
  });

  test.each(["passwordpassword", "123456123456123456", "qwertyQWERTYqwerty", "aaaaaaaaaaaaaaa", "xyzxyzxyzxyzxyz"])(
    "a common password or a short unit that is written again and again is refused: %s",
    (password) => expect(rulesBroken(defaultPolicy, password)).toEqual(["common"]),
  );

  test("a rare unit may be repeated", () => {
    expect(rulesBroken(defaultPolicy, "kvTq-kvTq-kvTq-")).toEqual([]);
  });

  test("a realm can switch the list off", () => {
    expect(rulesBroken({ ...eight, refuseCommon: false }, "password")).toEqual([]);
  });
});

describe("context words", () => {
  const policy: PasswordPolicy = { ...eight, contextWords: ["Acme Rockets", "zebra"] };

  // Guard: ASVS 5.0 6.1.2, 6.2.11
  test("a password that is a context word is refused and the word is named", () => {
    expect(violations(policy, "AcmeRockets", ["AcmeRockets"])).toEqual([{ rule: "context_word", word: "acmerockets" }]);
    expect(violations(policy, "rockets!", [])).toEqual([{ rule: "context_word", word: "rockets" }]);
  });

  test.each(["zebra2026", "2026ZEBRA!", "**zebra**", "zebra1zebra"])(
    "digits and signs around a context word do not save it: %s",
    (password) => expect(rulesBroken(policy, password)).toEqual(["context_word"]),
  );

  test.each(["zebras walk at night", "thezebrax", "my zebra 2026"])(
    "a context word among other letters is no reason to refuse: %s",
    (password) => expect(rulesBroken(policy, password)).toEqual([]),
  );

  test.each([
    "jvandermeer",
    "jos.vandermeer",
    "jos.vandermeer@mail.brightwater.example",
    "Brightwater1",
    "vandermeer99",
    "Oosting-2026",
  ])("user name, e-mail address and display name are taken apart: %s", (password) => {
    const context = ["jvandermeer", "jos.vandermeer@mail.brightwater.example", "Jos van der Meer-Oosting"];
    expect(rulesBroken(eight, password, context)).toEqual(["context_word"]);
  });

  test("a word of three letters is no context word", () => {
    expect(rulesBroken(eight, "jos12345678", ["jos", "Jos Bex"])).toEqual([]);
  });

  test("a context word is found behind full-width letters and capitals on either side", () => {
    expect(rulesBroken(eight, "\uff3a\uff45\uff42\uff52\uff41 2026", ["ZEBRA"])).toEqual(["context_word"]);
  });
});
