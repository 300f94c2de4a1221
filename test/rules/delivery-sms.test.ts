// What may be texted, to whom, and for how much? Countries, segments, and the line that binds a code to its site.

import { describe, expect, test } from "vitest";

import { callingPrefixProblem, judgeNumber } from "../../src/delivery/sms/country.ts";
import { bindToDomain } from "../../src/delivery/sms/domain-bound.ts";
import { mostSegments, textSize } from "../../src/delivery/sms/segments.ts";

describe("countries", () => {
  test.each([
    ["+41446681800", ["+41"], "allowed"],
    ["+41446681800", ["+49", "+41"], "allowed"],
    ["+41446681800", ["+49"], "country_not_allowed"],
    ["+41446681800", [], "country_not_allowed"],
    ["+17875550100", ["+1787"], "allowed"],
    ["+12125550100", ["+1787"], "country_not_allowed"],
    ["+4144668", ["+41"], "allowed"],
    ["+414466818001234", ["+41"], "allowed"],
  ] as const)("%s with %j: %s", (number, prefixes, verdict) => {
    expect(judgeNumber(number, prefixes)).toBe(verdict);
  });

  // Incident: C5.
  test.each([
    "",
    "41446681800",
    "0041446681800",
    "+41",
    "+4144668180012345",
    "+41 44 668 18 00",
    "+41446681800,+41446681801",
    "+41446681800;+41446681801",
    "+41446681800\n",
    "+41446681800#",
    "+٤١٤٤٦٦٨١٨٠٠",
    "tel:+41446681800",
  ])("%j is not one number", (number) => {
    expect(judgeNumber(number, ["+41", ""])).toBe("not_a_number");
  });

  test("prefixes of the configuration are judged", () => {
    for (const prefix of ["+1", "+41", "+1787", "+882"]) expect(callingPrefixProblem(prefix)).toBeUndefined();
    for (const prefix of ["", "+", "41", "+0", "0041", "+41 ", "+*", "+12345678"]) {
      expect(callingPrefixProblem(prefix)).toContain("+41");
    }
  });
});

describe("segments", () => {
  test.each([
    ["nothing", "", "gsm", 1],
    ["one full message", "a".repeat(160), "gsm", 1],
    ["one letter more", "a".repeat(161), "gsm", 2],
    ["two full ones", "a".repeat(306), "gsm", 2],
    ["and one more", "a".repeat(307), "gsm", 3],
    ["a sign of two septets that just fits", `${"a".repeat(158)}€`, "gsm", 1],
    ["one that does not", `${"a".repeat(159)}€`, "gsm", 2],
    ["one at the seam moves to the next message whole", `${"a".repeat(152)}€${"a".repeat(152)}`, "gsm", 3],
    ["the same letters without a seam", "a".repeat(306), "gsm", 2],
    ["one letter of another script makes all of it wide", `${"a".repeat(69)}ж`, "ucs2", 1],
    ["seventy wide letters", "ж".repeat(70), "ucs2", 1],
    ["one more", "ж".repeat(71), "ucs2", 2],
    ["134 wide letters", "ж".repeat(134), "ucs2", 2],
    ["one more again", "ж".repeat(135), "ucs2", 3],
    ["a picture counts two", "🔑".repeat(35), "ucs2", 1],
    ["and is not cut in half", `${"ж".repeat(66)}🔑${"ж".repeat(66)}`, "ucs2", 3],
    ["the small ç is not in the table, the large one is", "ç", "ucs2", 1],
    ["the large one", "Ç", "gsm", 1],
  ] as const)("%s", (_, text, alphabet, segments) => {
    expect(textSize(text)).toEqual({ alphabet, segments });
  });

  // Spec: 3GPP TS 23.038 §6.2.1: 128 places, one of them the escape; ten signs behind the escape.
  test("the alphabet has 127 signs of one septet, and 10 of two", () => {
    const signs = Array.from({ length: 0x10000 }, (_, code) => String.fromCharCode(code));
    const gsm = signs.filter((sign) => textSize(sign).alphabet === "gsm");
    const isWide = (sign: string) => textSize(sign.repeat(160)).segments > 1;
    expect(gsm.filter((sign) => !isWide(sign))).toHaveLength(127);
    expect(gsm.filter(isWide).toSorted().join("")).toBe("\f[\\]^{|}~€");
  });

  test("four messages carry a long link in any script", () => {
    const link = `https://login.customer.example/reset?user=${"1".repeat(36)}&code=${"c".repeat(43)}`;
    const text = `${"ж".repeat(100)} ${link}`;
    expect(textSize(text).segments).toBeLessThanOrEqual(mostSegments);
  });
});

// Spec: WICG "Origin-bound one-time codes delivered via SMS" §3.
describe("the line for one site", () => {
  const bound = { host: "example.com", code: "747723" };

  test("stands last, alone, in the spec's form", () => {
    expect(bindToDomain("747723 is your ExampleCo authentication code.", bound)).toBe(
      "747723 is your ExampleCo authentication code.\n\n@example.com #747723",
    );
  });

  test("stands once", () => {
    const text = bindToDomain("747723 is your code.", bound);
    expect(bindToDomain(text, bound)).toBe(text);
    expect(bindToDomain(`${text}\n`, bound)).toBe(text);
    expect(bindToDomain("747723 is your code.\r\n@example.com #747723", bound).match(/@example/g)).toHaveLength(1);
  });

  test("a line that is not quite it does not count", () => {
    for (const last of ["@example.com  #747723", "see @example.com #747723", "@evil.example #747723"]) {
      expect(bindToDomain(last, bound)).toBe(`${last}\n\n@example.com #747723`);
    }
  });

  test.each([
    ["no code", { host: "example.com", code: "" }],
    ["a token, which is followed and not typed", { host: "example.com", code: "c".repeat(43) }],
    ["a code of two words", { host: "example.com", code: "747 723" }],
    ["no host", { host: "", code: "747723" }],
    ["a host with a port", { host: "example.com:8443", code: "747723" }],
    ["a host with a line end", { host: "example.com\n@evil.example", code: "747723" }],
    ["an address", { host: "[::1]", code: "747723" }],
  ])("%s: nothing is added", (_, nothing) => {
    expect(bindToDomain("text", nothing)).toBe("text");
  });
});
