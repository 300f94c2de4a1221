// Is a path template read as google.api.http says, and refused where it says nothing?

import { describe, expect, test } from "vitest";
import { overlaps, parseTemplate } from "../../src/edge/rest/template.ts";

/** Literals as they are, `*` and `**` as they are. */
function shape(template: string): string {
  const { segments, verb } = parseTemplate(template);
  const texts = segments.map((segment) =>
    segment.kind === "literal" ? `<${segment.text}>` : segment.kind === "one" ? "*" : "**",
  );
  return texts.join(" ") + (verb === "" ? "" : ` :${verb}`);
}

describe("a template is read into segments and a verb", () => {
  test.each([
    ["/v1", "<v1>"],
    ["/v1/users", "<v1> <users>"],
    ["/v1/*", "<v1> *"],
    ["/v1/**", "<v1> **"],
    ["/**", "**"],
    ["/*", "*"],
    ["/*/*/x", "* * <x>"],
    ["/v1:verb", "<v1> :verb"],
    ["/v1/**:verb", "<v1> ** :verb"],
    ["/v1/{a}", "<v1> *"],
    ["/v1/{a}:verb", "<v1> * :verb"],
    ["/v1/{a.b.c}", "<v1> *"],
    ["/v1/{_a1.B_2}", "<v1> *"],
    ["/v1/{a=*}", "<v1> *"],
    ["/v1/{a=**}", "<v1> **"],
    ["/v1/{a=b}", "<v1> <b>"],
    ["/v1/{a=shelves/*/books/*}", "<v1> <shelves> * <books> *"],
    ["/v1/{a=shelves/**}:go", "<v1> <shelves> ** :go"],
    ["/{a}/{b}/c/{d}", "* * <c> *"],
    ["/{a={b}/*}", "* *"],
    ["/{a=x/{b=y/*}/z}/w", "<x> <y> * <z> <w>"],
    ["/v1/caf%C3%A9", "<v1> <café>"],
    ["/v1/a%2Fb", "<v1> <a/b>"],
    ["/v1/-._~!$&'()+,;=@", "<v1> <-._~!$&'()+,;=@>"],
    ["/v1/x:a%20b", "<v1> <x> :a b"],
    [
      "/v1/a%3Ab",
      "<v1> <a:b>", // an encoded colon begins no verb
    ],
  ])("%s", (template, expected) => {
    expect(shape(template)).toBe(expected);
  });
});

describe("a variable covers the segments it names", () => {
  test.each([
    ["/v1/{a}", [["a", 1, 2]]],
    [
      "/{a.b}/x/{c}",
      [
        ["a.b", 0, 1],
        ["c", 2, 3],
      ],
    ],
    ["/v1/{a=x/*/y/*}", [["a", 1, 5]]],
    ["/v1/{a=x/**}", [["a", 1, Infinity]]],
    ["/v1/{a=**}:verb", [["a", 1, Infinity]]],
    [
      "/{a={b}/*}",
      [
        ["a", 0, 2],
        ["b", 0, 1],
      ],
    ],
    [
      "/{a=x/{b=**}}",
      [
        ["a", 0, Infinity],
        ["b", 1, Infinity],
      ],
    ],
    ["/{a=fixed}", [["a", 0, 1]]],
  ])("%s", (template, expected) => {
    expect(parseTemplate(template).variables.map((one) => [one.fieldPath, one.start, one.end])).toEqual(expected);
  });
});

describe("a template that says nothing is refused, with the position", () => {
  test.each([
    ["", 1, '"/" expected, the end found'],
    ["v1", 1, '"/" expected, "v" found'],
    ["/", 2, "a segment expected, the end found"],
    ["//v1", 2, 'a segment expected, "/" found'],
    ["/v1/", 5, "a segment expected, the end found"],
    ["/v1//x", 5, 'a segment expected, "/" found'],
    ["/v1/**/x", 7, 'nothing may follow "**" but a verb'],
    ["/{a=**}/x", 8, 'nothing may follow "**" but a verb'],
    ["/{a=**/x}", 7, 'nothing may follow "**" but a verb'],
    ["/v1/***", 7, 'the end expected, "*" found'],
    ["/v1/*x", 6, 'the end expected, "x" found'],
    ["/v1/x*", 6, 'the end expected, "*" found'],
    ["/v1/{a}x", 8, 'the end expected, "x" found'],
    ["/v1/x{a}", 6, 'the end expected, "{" found'],
    ["/v1/{}", 6, 'a field name expected, "}" found'],
    ["/v1/{", 6, "a field name expected, the end found"],
    ["/v1/{a", 7, '"}" expected, the end found'],
    ["/v1/{a.}", 8, 'a field name expected, "}" found'],
    ["/v1/{.a}", 6, 'a field name expected, "." found'],
    ["/v1/{1a}", 6, 'a field name expected, "1" found'],
    ["/v1/{a b}", 7, '"}" expected, " " found'],
    ["/v1/{a=}", 8, 'a segment expected, "}" found'],
    ["/v1/{a=/x}", 8, 'a segment expected, "/" found'],
    ["/v1/{a=x:verb}", 9, '"}" expected, ":" found'],
    ["/v1/{a}/{a}", 10, 'the field "a" is already bound'],
    ["/v1/{a}/{a.b}", 10, 'the field "a.b" is already bound'],
    ["/v1/{a={a}}", 9, 'the field "a" is already bound'],
    ["/v1}", 4, 'the end expected, "}" found'],
    ["/v1:", 5, "a verb expected, the end found"],
    ["/v1:a:b", 6, 'the end expected, ":" found'],
    ["/v1:a/b", 6, 'the end expected, "/" found'],
    ["/v1:*", 5, 'a verb expected, "*" found'],
    ["/v1?x=1", 4, 'the end expected, "?" found'],
    ["/v1#x", 4, 'the end expected, "#" found'],
    ["/v 1", 3, 'the end expected, " " found'],
    ["/caf\u00e9", 5, 'the end expected, "\u00e9" found'],
    ["/v1/%zz", 5, 'a segment expected, "%" found'],
    ["/v1/%2", 5, 'a segment expected, "%" found'],
    ["/v1/a%C3", 5, "the percent-encoding is not UTF-8"],
  ])("%s", (template, position, problem) => {
    expect(() => parseTemplate(template)).toThrow(`path template "${template}", position ${position}: ${problem}`);
  });
});

test("a field path overlaps itself and what lies inside it, not what only begins alike", () => {
  expect(overlaps("a", "a")).toBe(true);
  expect(overlaps("a.b", "a")).toBe(true);
  expect(overlaps("a", "a.b")).toBe(true);
  expect(overlaps("a", "ab")).toBe(false);
  expect(overlaps("a.b", "a.c")).toBe(false);
});
