// Does a header that is read by itself say what it says among all of them? A gate lets in by the one, a handler sees the other.

import type { IncomingHttpHeaders } from "node:http2";
import { expect, test } from "vitest";

import { callHeaders, readHeaders } from "../../src/edge/http/request-headers.ts";

const cases: readonly (readonly [how: string, fields: IncomingHttpHeaders])[] = [
  ["as it came", { "x-told": "Bearer abc" }],
  ["absent", {}],
  ["empty", { "x-told": "" }],
  ["of spaces", { "x-told": " \t " }],
  ["with spaces around and within", { "x-told": "\t  one  two \t" }],
  ["with a space that is none to HTTP", { "x-told": "\u00a0one\u00a0" }],
  ["said twice", { "x-told": ["one", "two"] }],
  ["said twice, with spaces around", { "x-told": [" one ", "\ttwo"] }],
];

test.each(cases)("a header %s", (_, fields) => {
  expect(readHeaders(fields).get("x-told")).toBe(callHeaders(fields).get("x-told"));
});
