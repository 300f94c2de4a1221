import { describe, expect, test } from "vitest";

import {
  canonicalEmail,
  canonicalPhone,
  canonicalUserName,
  emailProblem,
  phoneProblem,
  userNameProblem,
} from "../../src/directory/identifier.ts";

describe("e-mail addresses", () => {
  // Incident: C6. All of these may be typed by anybody: the mail goes to the stored address in any case.
  test.each([
    ["another case", "Ann@X.org", "ann@x.org"],
    ["full-width letters", "mike@example.org", "\uff4dike@\uff45xample.org"],
    ["a long s for s", "sam@example.org", "\u017fam@example.org"],
    ["a Kelvin sign for k", "mike@example.org", "mi\u212ae@example.org"],
    ["an accent apart", "jos\u00e9@example.org", "jose\u0301@example.org"],
    ["a ligature", "office@example.org", "o\ufb03ce@example.org"],
    ["a domain in Unicode and in ASCII", "ann@b\u00fccher.example", "ann@xn--bcher-kva.example"],
    ["a final sigma", "\u03bf\u03b4\u03bf\u03c2@example.org", "\u039f\u0394\u039f\u03a3@example.org"],
  ])("%s is the same address", (_, stored, typed) => {
    expect(canonicalEmail(typed)).toBeTypeOf("string");
    expect(canonicalEmail(typed)).toBe(canonicalEmail(stored));
  });

  // Incident: C6
  test.each([
    ["a dotless i", "mike@example.org", "m\u0131ke@example.org"],
    ["a dotless i in the domain", "mike@github.example", "mike@g\u0131thub.example"],
    ["a capital I with a dot", "mike@example.org", "m\u0130ke@example.org"],
    ["a Cyrillic a", "ann@example.org", "\u0430nn@example.org"],
    ["a Cyrillic a in the domain", "ann@apple.example", "ann@\u0430pple.example"],
    ["a Greek omicron in the domain", "ann@google.example", "ann@go\u03bfgle.example"],
    ["a combining mark on a letter", "mike@example.org", "mi\u0307ke@example.org"],
    ["a letter without its accent", "jos\u00e9@example.org", "jose@example.org"],
    ["a sharp s for two", "strasse@example.org", "stra\u00dfe@example.org"],
    ["a sharp s in the domain", "ann@strasse.example", "ann@stra\u00dfe.example"],
    ["a point more", "annsmith@example.org", "ann.smith@example.org"],
    ["a tag", "ann@example.org", "ann+x@example.org"],
    ["a domain below", "ann@example.org", "ann@mail.example.org"],
  ])("%s makes another address", (_, stored, typed) => {
    expect(canonicalEmail(stored)).toBeTypeOf("string");
    expect(canonicalEmail(typed)).not.toBe(canonicalEmail(stored));
  });

  // Incident: C6. One such letter is enough to reach another user by an address of one's own.
  test("no letter beyond ASCII meets an ASCII letter, but for its own compatible forms", () => {
    const meets: string[] = [];
    for (let codePoint = 0x80; codePoint <= 0x10ffff; codePoint += 1) {
      if (codePoint >= 0xd800 && codePoint < 0xe000) continue;
      const letter = String.fromCodePoint(codePoint);
      const address = canonicalEmail(`${letter}@example.org`);
      if (address !== undefined && /^[a-z]@/.test(address) && !/^[A-Za-z]$/.test(letter.normalize("NFKC"))) {
        meets.push(letter);
      }
    }
    expect(meets).toEqual([]);
  });

  // Incident: C5, C8
  test.each([
    ["nothing", ""],
    ["two addresses with a comma", "ann@example.org,eve@attacker.example"],
    ["two addresses with a semicolon", "ann@example.org;eve@attacker.example"],
    ["two addresses with a space", "ann@example.org eve@attacker.example"],
    ["a full-width comma", "ann@example.org\uff0ceve@attacker.example"],
    ["a full-width at sign", "ann\uff20example.org"],
    ["an enclosed digit, which NFKC opens to parentheses", "ann\u2474@example.org"],
    ["a line break and a header", "ann@example.org\nBcc: eve@attacker.example"],
    ["a carriage return at the end", "ann@example.org\r"],
    ["an encoded line break", "ann@example.org%0Acc:eve@attacker.example"],
    ["a quoted local part", '"ann"@example.org'],
    ["a quoted address before another domain", '"evil@attacker.tld x"@corp.example'],
    ["a display name", "Ann <ann@example.org>"],
    ["angle brackets", "<ann@example.org>"],
    ["a comment", "ann(comment)@example.org"],
    ["a group", "all:ann@example.org;"],
    ["a nested group", "a:b:ann@example.org;;"],
    ["a source route", "@attacker.example:ann@example.org"],
    ["a route over the percent sign", "ann%corp.example@attacker.example"],
    ["a route over the exclamation mark", "attacker.example!ann@corp.example"],
    ["a backslash", "ann\\@example.org"],
    ["two at signs", "ann@corp.example@attacker.example"],
    ["no at sign", "ann.example.org"],
    ["no local part", "@example.org"],
    ["a point at the start", ".ann@example.org"],
    ["two points", "ann..smith@example.org"],
    ["a zero byte", "ann\u0000@example.org"],
    ["a zero-width space", "ann\u200b@example.org"],
    ["a soft hyphen", "an\u00adn@example.org"],
    ["a turned direction", "ann\u202e@example.org"],
    ["an unpaired surrogate", "ann\ud800@example.org"],
    ["no point in the domain", "ann@localhost"],
    ["a domain that ends in a point", "ann@example.org."],
    ["a domain with a slash, which a URL parser cuts off", "ann@example.org/attacker.example"],
    ["an IP address", "ann@127.0.0.1"],
    ["an IP address in brackets", "ann@[127.0.0.1]"],
    ["an IP address that a URL parser makes of two numbers", "ann@0x7f.1"],
    ["a broken punycode label", "ann@xn--i\u00f1valid.example"],
    ["a hyphen at the end of a label", "ann@example-.org"],
    ["an underscore in the domain", "ann@a_b.example"],
    ["a label of 64 characters", `ann@${"a".repeat(64)}.example`],
    ["a local part of 65 octets", `${"\u00e4".repeat(33)}@example.org`],
    ["an address of 255 octets", `ann@${"a.".repeat(123)}examp`],
  ])("%s is refused", (_, typed) => {
    expect(canonicalEmail(typed)).toBeUndefined();
    expect(emailProblem(typed)).toBe("Expected one plain address, such as ann@example.org.");
  });

  test.each([
    "ann@example.org",
    "ann.smith+reset@mail.example.org",
    "o'neil@example.org",
    "a/b=c@example.org",
    "\u7528\u6237@\u4f8b\u5b50.example",
    `${"a".repeat(64)}@example.org`,
    `ann@${"a.".repeat(123)}exam`,
  ])("%s is one plain address", (typed) => {
    expect(emailProblem(typed)).toBeUndefined();
  });
});

describe("user names", () => {
  test.each([
    ["another case", "Ann", "ANN"],
    ["full-width letters", "ann", "\uff41\uff4e\uff4e"],
    ["a long s for s", "sam", "\u017fam"],
    ["a no-break space for a space", "Ann Smith", "ann\u00a0smith"],
  ])("%s is the same name", (_, one, other) => {
    expect(canonicalUserName(other)).toBe(canonicalUserName(one));
  });

  test.each([
    ["a dotless i", "mike", "m\u0131ke"],
    ["a Cyrillic a", "ann", "\u0430nn"],
    ["a space inside", "annsmith", "ann smith"],
  ])("%s makes another name", (_, one, other) => {
    expect(canonicalUserName(other)).not.toBe(canonicalUserName(one));
  });

  test.each([
    ["nothing", ""],
    ["a space alone", " "],
    ["a space at the end", "ann "],
    ["an ideographic space at the start", "\u3000ann"],
    ["a line break", "ann\nsmith"],
    ["a line separator", "ann\u2028smith"],
    ["a zero-width joiner", "an\u200dn"],
    ["a variation selector", "ann\ufe0f"],
    ["a Hangul filler", "ann\u3164"],
    ["201 characters", "a".repeat(201)],
  ])("%s is refused", (_, typed) => {
    expect(canonicalUserName(typed)).toBeUndefined();
    expect(userNameProblem(typed)).toMatch(/^Expected /);
  });

  test("200 characters of four bytes are a name", () => {
    expect(userNameProblem("\u{20000}".repeat(200))).toBeUndefined();
  });

  test("the canonical form of a canonical form is itself, for every letter", () => {
    const unstable: string[] = [];
    for (let codePoint = 0; codePoint <= 0x10ffff; codePoint += 1) {
      const once = canonicalUserName(String.fromCodePoint(codePoint));
      if (once !== undefined && once.trim() === once && canonicalUserName(once) !== once) {
        unstable.push(codePoint.toString(16));
      }
    }
    expect(unstable).toEqual([]);
  });
});

describe("phone numbers", () => {
  test.each([
    ["+41446681800", "+41446681800"],
    ["+41 44 668 18 00", "+41446681800"],
    ["+1-555-010.0199", "+15550100199"],
  ])("%s is %s", (typed, canonical) => {
    expect(canonicalPhone(typed)).toBe(canonical);
    expect(phoneProblem(typed)).toBeUndefined();
  });

  test.each([
    ["no country code", "0446681800"],
    ["a country code of zero", "+0446681800"],
    ["a zero in parentheses, which is not dialled", "+44 (0)20 7946 0018"],
    ["six digits", "+412345"],
    ["sixteen digits", "+4144668180012345"],
    ["two numbers", "+41446681800,+41446681801"],
    ["an extension", "+41446681800;ext=1"],
    ["Arabic digits", "+\u0664\u0661\u0664\u0664\u0666\u0666\u0668\u0661\u0668"],
    ["a line break", "+41446681800\n"],
    ["endless spaces", `+41446681800${" ".repeat(100_000)}`],
  ])("%s is refused", (_, typed) => {
    expect(canonicalPhone(typed)).toBeUndefined();
    expect(phoneProblem(typed)).toMatch(/^Expected /);
  });
});
