// Which value does the text of a path or a query mean, for every kind of field?

import { toJson, type JsonObject } from "@bufbuild/protobuf";
import { ConnectError } from "@connectrpc/connect";
import { describe, expect, test } from "vitest";
import { BadRequestSchema } from "../../gen/google/rpc/error_details_pb.ts";
import { serve } from "../../src/edge/http/served.ts";
import { readRequest } from "../../src/edge/rest/request.ts";
import { makeRouteTable } from "../../src/edge/rest/route-table.ts";
import { EverythingSchema, Shelf, type Everything } from "../fixtures/gen/rest_cases_pb.ts";

const strict = makeRouteTable([serve(Shelf, {})]);
const lenient = makeRouteTable([serve(Shelf, {}, { jsonOptions: { ignoreUnknownFields: true } })]);
const empty = { bytes: new Uint8Array(), contentType: undefined };

/** The request as JSON, or its violations as "field description" lines. */
function read(target: string, table = strict): JsonObject | string {
  const [path = "", query = ""] = target.split("?");
  const found = table.find("GET", path);
  if (found.kind !== "found") throw new Error(`${path} is ${found.kind}`);
  try {
    return toJson(EverythingSchema, readRequest({ ...found, query, body: empty }) as Everything) as JsonObject;
  } catch (error) {
    const violations = ConnectError.from(error).findDetails(BadRequestSchema)[0]?.fieldViolations ?? [];
    return violations.map(({ field, description }) => `${field} ${description}`).join("\n") || String(error);
  }
}

const inQuery = (query: string) => read(`/t/any?${query}`);

describe("a text is read by the kind of its field", () => {
  test.each([
    ["text=a%20b+c", { text: "a b c" }],
    ["text=a%2Bb%26%3D", { text: "a+b&=" }],
    ["text=a=b", { text: "a=b" }],
    ["maybe_text=", { maybeText: "" }],
    ["maybe_text", { maybeText: "" }],
    ["bool=true", { bool: true }],
    ["bool=false", {}],
    ["int32=-2147483648", { int32: -2147483648 }],
    ["int64=9223372036854775807", { int64: "9223372036854775807" }],
    ["uint32=4294967295", { uint32: 4294967295 }],
    ["uint64=18446744073709551615", { uint64: "18446744073709551615" }],
    ["sint32=-1&sint64=-2", { sint32: -1, sint64: "-2" }],
    ["fixed32=1&fixed64=2&sfixed32=-3&sfixed64=-4", { fixed32: 1, fixed64: "2", sfixed32: -3, sfixed64: "-4" }],
    ["big=9007199254740993", { big: "9007199254740993" }],
    ["float=1.5", { float: 1.5 }],
    ["double=-1.25e-3", { double: -0.00125 }],
    ["double=NaN", { double: "NaN" }],
    ["float=Infinity", { float: "Infinity" }],
    ["double=-Infinity", { double: "-Infinity" }],
    ["bytes=-_-_", { bytes: "+/+/" }],
    ["bytes=%2B%2F%2B%2F", { bytes: "+/+/" }],
    ["bytes=aGk%3D", { bytes: "aGk=" }],
    ["bytes=aGk", { bytes: "aGk=" }],
    ["color=COLOR_BLUE", { color: "COLOR_BLUE" }],
    ["color=2", { color: "COLOR_BLUE" }],
    ["color=77", { color: 77 }],
    ["timestamp=2026-01-31T23:59:59.5Z", { timestamp: "2026-01-31T23:59:59.500Z" }],
    ["timestamp=2026-02-01T00:59:59%2B01:00", { timestamp: "2026-01-31T23:59:59Z" }],
    ["duration=1.5s", { duration: "1.500s" }],
    ["duration=-3s", { duration: "-3s" }],
    ["field_mask=userName,email.address", { fieldMask: "userName,email.address" }],
    ["field_mask=user_name", { fieldMask: "userName" }],
    ["field_mask=", { fieldMask: "" }],
    ["string_value=x&bool_value=false", { stringValue: "x", boolValue: false }],
    ["int32_value=0&uint32_value=1", { int32Value: 0, uint32Value: 1 }],
    ["int64_value=-1&uint64_value=1", { int64Value: "-1", uint64Value: "1" }],
    ["float_value=0.5&double_value=1e3&bytes_value=aGk", { floatValue: 0.5, doubleValue: 1000, bytesValue: "aGk=" }],
  ])("%s", (query, expected) => {
    expect(inQuery(query)).toEqual(expected);
  });
});

describe("a text that is not of its kind is refused, in a sentence that names the field and never the text", () => {
  const int32 = "must be a whole number from -2147483648 to 2147483647";
  const time = "must be a time of RFC 3339, such as 2026-01-31T23:59:59Z";
  test.each([
    ["bool=TRUE", "bool must be true or false"],
    ["bool=1", "bool must be true or false"],
    ["bool=", "bool must be true or false"],
    ["int32=2147483648", `int32 ${int32}`],
    ["int32=-2147483649", `int32 ${int32}`],
    ["int32=1.0", `int32 ${int32}`],
    ["int32=1e2", `int32 ${int32}`],
    ["int32=0x10", `int32 ${int32}`],
    ["int32=007", `int32 ${int32}`],
    ["int32=+5", `int32 ${int32}`],
    ["int32=%2B5", `int32 ${int32}`],
    ["int32=", `int32 ${int32}`],
    ["int32=ten", `int32 ${int32}`],
    ["uint32=-1", "uint32 must be a whole number from 0 to 4294967295"],
    ["int64=9223372036854775808", "int64 must be a whole number from -9223372036854775808 to 9223372036854775807"],
    ["uint64=18446744073709551616", "uint64 must be a whole number from 0 to 18446744073709551615"],
    [`uint64=${"9".repeat(5000)}`, "uint64 must be a whole number from 0 to 18446744073709551615"],
    ["float=1e39", "float must be a number"],
    ["double=1e309", "double must be a number"],
    ["double=.5", "double must be a number"],
    ["double=nan", "double must be a number"],
    ["double=", "double must be a number"],
    ["bytes=a", "bytes must be bytes in base64"],
    ["bytes=aGk%3D%3D", "bytes must be bytes in base64"],
    ["bytes=+/+/", "bytes must be bytes in base64"], // an unescaped plus is a blank
    ["bytes=a*bc", "bytes must be bytes in base64"],
    ["color=RED", "color must be one of COLOR_UNSPECIFIED, COLOR_RED, COLOR_BLUE"],
    ["color=color_red", "color must be one of COLOR_UNSPECIFIED, COLOR_RED, COLOR_BLUE"],
    ["color=2147483648", "color must be one of COLOR_UNSPECIFIED, COLOR_RED, COLOR_BLUE"],
    ["timestamp=yesterday", `timestamp ${time}`],
    ["timestamp=2026-01-31", `timestamp ${time}`],
    ["timestamp=2026-13-01T00:00:00Z", `timestamp ${time}`],
    ["duration=90", "duration must be seconds followed by s, such as 90s or 1.5s"],
    ["duration=1sx", "duration must be seconds followed by s, such as 90s or 1.5s"],
    ["duration=1.0000000001s", "duration must be seconds followed by s, such as 90s or 1.5s"],
    ["field_mask=a,,b", "field_mask must be field names in lowerCamelCase, separated by commas"],
    ["field_mask=a%20b", "field_mask must be field names in lowerCamelCase, separated by commas"],
    ["int32_value=x", `int32_value ${int32}`],
    ["text=%zz", "text is not valid percent-encoding"],
    ["text=%C3", "text is not valid percent-encoding"],
  ])("%s", (query, expected) => {
    expect(inQuery(query)).toBe(expected);
  });
});

describe("names", () => {
  test.each([
    ["maybe_text=x", { maybeText: "x" }],
    ["maybeText=x", { maybeText: "x" }],
    ["may%62e_text=x", { maybeText: "x" }],
    ["child.maybe_text=x&child.child.int32=1", { child: { maybeText: "x", child: { int32: 1 } } }],
    ["texts=a&texts=b&texts=", { texts: ["a", "b", ""] }],
    ["numbers=1&numbers=2", { numbers: [1, 2] }],
    ["colors=COLOR_RED&colors=2", { colors: ["COLOR_RED", "COLOR_BLUE"] }],
    ["child.texts=a&child.texts=b", { child: { texts: ["a", "b"] } }],
    ["timestamps=2026-01-31T23:59:59Z", { timestamps: ["2026-01-31T23:59:59Z"] }],
    ["choice_text=x", { choiceText: "x" }],
    ["choice_child.int32=1&choice_child.bool=true", { choiceChild: { int32: 1, bool: true } }],
    ["", {}],
    ["&&", {}],
  ])("%s", (query, expected) => {
    expect(inQuery(query)).toEqual(expected);
  });

  test.each([
    ["nobody=1", "nobody is not a known field of rekey.test.rest.Everything"],
    ["child.nobody=1", "child.nobody is not a known field of rekey.test.rest.Everything"],
    ["Text=1", "Text is not a known field of rekey.test.rest.Everything"],
    ["=1", " is not a known field of rekey.test.rest.Everything"],
    ["__proto__=1", "__proto__ is not a known field of rekey.test.rest.Everything"],
    ["__proto__.x=1", "__proto__.x is not a known field of rekey.test.rest.Everything"],
    ["constructor.prototype=1", "constructor.prototype is not a known field of rekey.test.rest.Everything"],
    ["text.x=1", "text.x has no fields inside text"],
    ["child=x", "child is a message, and only its fields can be written as text"],
    ["children=x", "children is a message, and only its fields can be written as text"],
    ["children.text=x", "children.text has no fields inside children"],
    ["labels=x", "labels is a map, and a map cannot be written as text"],
    ["labels[a]=x", "labels[a] is not a known field of rekey.test.rest.Everything"],
    ["labels.a=x", "labels.a has no fields inside labels"],
    ["struct=x", "struct is a message, and only its fields can be written as text"],
    ["any=x", "any is a message, and only its fields can be written as text"],
    ["texts[0]=x", "texts[0] is not a known field of rekey.test.rest.Everything"],
    ["%zz=x", "%zz is not valid percent-encoding"],
    [`${"n".repeat(1000)}=x`, `${"n".repeat(64)} is not a known field of rekey.test.rest.Everything`],
  ])("%s is refused", (query, expected) => {
    expect(inQuery(query)).toBe(expected);
  });

  test("all that is wrong is said at once", () => {
    expect(inQuery("bool=x&nobody=1&int32=1&double=y")).toBe(
      "bool must be true or false\nnobody is not a known field of rekey.test.rest.Everything\ndouble must be a number",
    );
  });

  // Guard: ASVS 5.0 15.3.7; Incident: C5
  test.each([
    ["text=a&text=b", "text is given twice"],
    ["text=a&text=a", "text is given twice"],
    ["maybe_text=a&maybeText=b", "maybe_text is given twice"],
    ["child.text=a&child.text=b", "child.text is given twice"],
    ["choice_text=a&choice_child.int32=1", "choice_child.int32 cannot be given together with choice_text"],
    ["choice_child.int32=1&choice_text=a", "choice_text cannot be given together with choice_child"],
  ])("a single field is given once: %s", (query, expected) => {
    expect(inQuery(query)).toBe(expected);
  });
});

describe("the path", () => {
  test.each([
    ["/t/get/a%2Fb", { text: "a/b" }],
    ["/t/nested/x", { child: { text: "x" } }],
    ["/t/two/a/and/b", { text: "b", child: { text: "a" } }],
    ["/t/name/shelves/1%2F2/books/3", { text: "shelves/1%2F2/books/3" }],
    ["/t/files/a/b", { text: "a/b" }],
    ["/t/number/-5", { int32: -5 }],
    ["/t/get/x?int32=1", { text: "x", int32: 1 }],
    ["/t/nested/x?child.int32=1&text=y", { text: "y", child: { text: "x", int32: 1 } }],
  ])("%s sets what its variables name", (target, expected) => {
    expect(read(target)).toEqual(expected);
  });

  test("a text of the wrong kind is refused", () => {
    expect(read("/t/number/five")).toBe("int32 must be a whole number from -2147483648 to 2147483647");
  });

  // Guard: ASVS 5.0 15.3.7: who reads only the path, and who reads the query, see the same request
  test("a query cannot change what the path says", () => {
    expect(read("/t/get/ann?text=bob")).toBe("text is not a parameter: the path or the body gives it");
    expect(read("/t/nested/ann?child.text=bob")).toBe("child.text is not a parameter: the path or the body gives it");
  });
});

describe("a lenient service", () => {
  test("passes over unknown parameters and those that the path gives", () => {
    expect(read("/t/get/ann?text=bob&nobody=1&labels[a]=x&int32=1", lenient)).toEqual({ text: "ann", int32: 1 });
  });

  test("still refuses a value of the wrong kind, without details", () => {
    expect(read("/t/any?int32=x", lenient)).toBe(
      "ConnectError: [invalid_argument] int32 must be a whole number from -2147483648 to 2147483647",
    );
  });
});
