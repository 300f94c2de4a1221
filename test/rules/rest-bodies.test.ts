// What does a body put into a request, and which bodies are refused in which words?

import { createRegistry, toJson, type JsonObject } from "@bufbuild/protobuf";
import { Code, ConnectError } from "@connectrpc/connect";
import { describe, expect, test } from "vitest";
import { BadRequestSchema, ErrorInfoSchema } from "../../gen/google/rpc/error_details_pb.ts";
import { serve } from "../../src/edge/http/served.ts";
import { findKeyFault } from "../../src/edge/http/json/json-keys.ts";
import { readRequest } from "../../src/edge/rest/request.ts";
import { isJsonType } from "../../src/edge/rest/request-body.ts";
import { makeRouteTable } from "../../src/edge/rest/route-table.ts";
import { EverythingSchema, NamedFileSchema, Shelf, type Everything } from "../fixtures/gen/rest_cases_pb.ts";

const strict = makeRouteTable([serve(Shelf, {})]);
const registry = createRegistry(NamedFileSchema);
const lenient = makeRouteTable([serve(Shelf, {}, { jsonOptions: { ignoreUnknownFields: true } })]);

function readBytes(request: string, bytes: Uint8Array, table = strict): JsonObject {
  const [method = "", target = ""] = request.split(" ");
  const [path = "", query = ""] = target.split("?");
  const found = table.find(method, path);
  if (found.kind !== "found") throw new Error(`${request} is ${found.kind}`);
  const message = readRequest({ ...found, query, body: { bytes, contentType: "application/json" } });
  return toJson(EverythingSchema, message as Everything) as JsonObject;
}

function read(request: string, body: string, table = strict): JsonObject {
  return readBytes(request, Buffer.from(body), table);
}

/** "REASON: message" of the refusal. */
function refusal(act: () => unknown): string {
  const error = thrownBy(act);
  const reason = error.findDetails(ErrorInfoSchema)[0]?.reason ?? "no details";
  return `${reason}: ${error.rawMessage}`;
}

function thrownBy(act: () => unknown): ConnectError {
  try {
    return new ConnectError(`accepted: ${JSON.stringify(act())}`, Code.Unknown);
  } catch (cause) {
    return ConnectError.from(cause);
  }
}

/** Nested children, so many levels deep. */
function deep(levels: number): string {
  return `${`{"child":`.repeat(levels)}{}${"}".repeat(levels)}`;
}

describe("a body goes where its rule says", () => {
  test.each([
    ["POST /t/whole", `{"text":"x","child":{"int32":1}}`, { text: "x", child: { int32: 1 } }],
    ["POST /t/whole", "", {}],
    ["POST /t/whole", "{}", {}],
    ["POST /t/whole", `{"maybe_text":"x"}`, { maybeText: "x" }],
    ["POST /t/whole", `{"maybeText":"x"}`, { maybeText: "x" }],
    ["POST /t/whole", `{"text":null,"child":null,"texts":null}`, {}],
    ["POST /t/whole", `\ufeff{"text":"x"}`, { text: "x" }],
    ["PUT /t/whole/ann", `{"int32":1}`, { text: "ann", int32: 1 }],
    ["PUT /t/whole/ann", `{"text":"bob"}`, { text: "ann" }], // the path comes after the body
    ["PUT /t/whole/ann", "", { text: "ann" }],
    ["POST /t/child", `{"text":"x"}`, { child: { text: "x" } }],
    ["POST /t/child", "", {}],
    ["POST /t/child", "null", {}],
    ["POST /t/child?text=y", `{"text":"x"}`, { text: "y", child: { text: "x" } }],
    ["POST /t/texts", `["a","b"]`, { texts: ["a", "b"] }],
    ["POST /t/labels", `{"a":"b"}`, { labels: { a: "b" } }],
    ["POST /t/text", `"x"`, { text: "x" }],
    ["POST /t/text", `"{\\"a\\":1}"`, { text: '{"a":1}' }],
  ])("%s %s", (request, body, expected) => {
    expect(read(request, body)).toEqual(expected);
  });

  test("an Any is read when the registry knows its type", () => {
    const any = { "@type": "type.googleapis.com/rekey.test.rest.NamedFile", name: "x" };
    const body = JSON.stringify({ any });
    const table = makeRouteTable([serve(Shelf, {}, { jsonOptions: { registry } })]);
    const found = table.find("POST", "/t/whole");
    if (found.kind !== "found") throw new Error(found.kind);
    const bytes = Buffer.from(body);
    const message = readRequest({ ...found, query: "", body: { bytes, contentType: undefined } });
    expect(toJson(EverythingSchema, message as Everything, { registry })).toEqual({ any });
    expect(refusal(() => read("POST /t/whole", body))).toBe(
      'FIELD_INVALID: any must be a JSON object with an "@type" known here',
    );
  });
});

describe("a body that cannot be read is refused as a whole, and never quoted", () => {
  test.each([
    ["POST /t/whole", `{"text":"s3cret`, "the body is not valid JSON"],
    ["POST /t/whole", `{"text":'s3cret'}`, "the body is not valid JSON"],
    ["POST /t/whole", `{"text":"s3cret"} x`, "the body is not valid JSON"],
    ["POST /t/whole", " ", "the body is not valid JSON"],
    ["POST /t/whole", `{"text":"a","text":"b"}`, 'the name "text" in the body is given twice'],
    ["POST /t/whole", `{"text":"a","te\\u0078t":"b"}`, 'the name "text" in the body is given twice'],
    ["POST /t/whole", `{"child":{"a":1,"a":1}}`, 'the name "a" in the body is given twice'],
    ["POST /t/whole", `{"__proto__":{"text":"x"}}`, 'the name "__proto__" in the body is not a name for a field'],
    ["POST /t/whole", `{"labels":{"__proto__":"x"}}`, 'the name "__proto__" in the body is not a name for a field'],
    [
      "POST /t/whole",
      `{"labels":{"_\\u005fproto__":"x"}}`,
      'the name "__proto__" in the body is not a name for a field',
    ],
    ["GET /t/get/x", "{}", "this call takes no body"],
    ["GET /t/get/x", " ", "this call takes no body"],
  ])("%s %s", (request, body, problem) => {
    expect(refusal(() => read(request, body))).toBe(`BODY_INVALID: ${problem}`);
  });

  test("bytes that are not UTF-8", () => {
    const bytes = Buffer.concat([Buffer.from(`{"text":"`), Buffer.from([0xff]), Buffer.from(`"}`)]);
    expect(refusal(() => readBytes("POST /t/whole", bytes))).toBe("BODY_INVALID: the body is not UTF-8");
  });
});

// Guard: ASVS 5.0 15.3.5
describe("a field that is wrong is named, and its value never quoted", () => {
  const whole = "POST /t/whole";
  test.each([
    [whole, "[]", "must be a JSON object"],
    [whole, "null", "must be a JSON object"],
    [whole, `"x"`, "must be a JSON object"],
    [whole, `{"nobody":"s3cret"}`, "nobody is not a known field"],
    [whole, `{"child":{"nobody":1}}`, "child.nobody is not a known field"],
    [whole, `{"children":[{},{"nobody":1}]}`, "children[1].nobody is not a known field"],
    [whole, `{"text":["s3cret"]}`, "text must be a string"],
    [whole, `{"text":{"$gt":""}}`, "text must be a string"],
    [whole, `{"text":12345}`, "text must be a string"],
    [whole, `{"text":true}`, "text must be a string"],
    [whole, `{"text":"\\ud800"}`, "text must be a string"],
    [whole, `{"bool":"true"}`, "bool must be true or false"],
    [whole, `{"bool":1}`, "bool must be true or false"],
    [whole, `{"int32":1.5}`, "int32 must be a whole number from -2147483648 to 2147483647"],
    [whole, `{"uint32":-1}`, "uint32 must be a whole number from 0 to 4294967295"],
    [whole, `{"int64":"x"}`, "int64 must be a whole number from -9223372036854775808 to 9223372036854775807"],
    [whole, `{"double":"x"}`, "double must be a number"],
    [whole, `{"bytes":"*"}`, "bytes must be bytes in base64"],
    [whole, `{"color":"RED"}`, "color must be one of COLOR_UNSPECIFIED, COLOR_RED, COLOR_BLUE"],
    [whole, `{"color":1.5}`, "color must be one of COLOR_UNSPECIFIED, COLOR_RED, COLOR_BLUE"],
    [whole, `{"colors":["COLOR_RED","RED"]}`, "colors[1] must be one of COLOR_UNSPECIFIED, COLOR_RED, COLOR_BLUE"],
    [whole, `{"texts":"a"}`, "texts must be a JSON array"],
    [whole, `{"texts":["a",1]}`, "texts[1] must be a string"],
    [whole, `{"texts":[null]}`, "texts[0] must be a string"],
    [whole, `{"labels":[]}`, "labels must be a JSON object"],
    [whole, `{"labels":{"a":1}}`, 'labels["a"] must be a string'],
    [whole, `{"child":[]}`, "child must be a JSON object"],
    [whole, `{"children":{}}`, "children must be a JSON array"],
    [whole, `{"timestamp":1}`, "timestamp must be a time of RFC 3339, such as 2026-01-31T23:59:59Z"],
    [whole, `{"duration":"90"}`, "duration must be seconds followed by s, such as 90s or 1.5s"],
    [whole, `{"field_mask":"user_name"}`, "field_mask must be field names in lowerCamelCase, separated by commas"],
    [whole, `{"int32_value":"x"}`, "int32_value must be a whole number from -2147483648 to 2147483647"],
    [whole, `{"struct":[]}`, "struct must be a JSON object"],
    [whole, `{"maybe_text":"a","maybeText":"b"}`, "maybe_text is given twice, as maybe_text and as maybeText"],
    [whole, `{"choiceText":"a","choiceChild":{}}`, "choice_child cannot be given together with choice_text"],
    [whole, `{"text":1,"bool":"x"}`, "text must be a string; bool must be true or false"],
    ["POST /t/child", "[]", "child must be a JSON object"],
    ["POST /t/child", `{"nobody":1}`, "child.nobody is not a known field"],
    ["POST /t/texts", "{}", "texts must be a JSON array"],
    ["POST /t/text", "5", "text must be a string"],
    ["POST /t/labels", `{"a":[]}`, 'labels["a"] must be a string'],
  ])("%s %s", (request, body, problem) => {
    expect(refusal(() => read(request, body))).toBe(`FIELD_INVALID: ${problem}`);
  });

  test("the details say the same for programs", () => {
    const error = thrownBy(() =>
      read(whole, `{"text":1,"maybe_text":"a","maybeText":"b","x":1,"choiceText":"","choiceChild":{}}`),
    );
    expect(error.code).toBe(Code.InvalidArgument);
    expect(error.findDetails(ErrorInfoSchema)).toMatchObject([{ reason: "FIELD_INVALID", domain: "rekey" }]);
    expect(error.findDetails(BadRequestSchema)).toMatchObject([
      {
        fieldViolations: [
          { field: "text", reason: "VALUE_INVALID", description: "must be a string" },
          { field: "maybe_text", reason: "GIVEN_TWICE", description: "is given twice, as maybe_text and as maybeText" },
          { field: "x", reason: "UNKNOWN_FIELD", description: "is not a known field" },
          { field: "choice_child", reason: "ONEOF_CONFLICT", description: "cannot be given together with choice_text" },
        ],
      },
    ]);
  });

  test("at most ten are listed", () => {
    const body = JSON.stringify(Object.fromEntries(Array.from({ length: 50 }, (_, index) => [`n${index}`, 1])));
    expect(refusal(() => read(whole, body)).split(";")).toHaveLength(10);
  });

  test("a body that nests too deeply ends with a sentence, not with a stack", () => {
    expect(read(whole, deep(50))).toHaveProperty("child.child.child");
    expect(refusal(() => read(whole, deep(20_000)))).toMatch(
      /^FIELD_INVALID: (child\.)+child is nested deeper than 100/,
    );
  });
});

describe("with a body for the whole message there are no parameters", () => {
  test("a strict service refuses them", () => {
    expect(refusal(() => read("POST /t/whole?text=x", "{}"))).toBe(
      "FIELD_INVALID: text is not a parameter: this call reads its body",
    );
    expect(refusal(() => read("PUT /t/whole/ann?nobody=x", "{}"))).toBe(
      "FIELD_INVALID: nobody is not a parameter: this call reads its body",
    );
  });

  test("a lenient service passes over them", () => {
    expect(read("PUT /t/whole/ann?text=x&int32=1", "{}", lenient)).toEqual({ text: "ann" });
  });

  test("nor inside the field that the body is", () => {
    expect(refusal(() => read("POST /t/child?child.text=x", "{}"))).toBe(
      "FIELD_INVALID: child.text is not a parameter: the path or the body gives it",
    );
  });
});

describe("a lenient service", () => {
  // Vendor: Zitadel v2 REST gateway, protojson with DiscardUnknown
  test("drops unknown fields and unknown enum names", () => {
    const body = `{"text":"x","nobody":{"a":[1]},"color":"RED","child":{"nobody":1}}`;
    expect(read("POST /t/whole", body, lenient)).toEqual({ text: "x", child: {} });
  });

  test.each([
    [`{"text":1,"nobody":1}`, "no details: text must be a string"],
    [`{"choiceText":"a","choiceChild":{}}`, "no details: choice_child cannot be given together with choice_text"],
    [`{"text":"a","text":"b"}`, 'no details: the name "text" in the body is given twice'],
    ["{", "no details: the body is not valid JSON"],
  ])("still refuses %s, without details", (body, problem) => {
    expect(refusal(() => read("POST /t/whole", body, lenient))).toBe(problem);
  });
});

describe("the keys of JSON text", () => {
  test.each([
    [`{"a":1,"b":{"a":1},"c":[{"a":1},{"a":1}]}`, undefined],
    [`{"a":"{\\"a\\":1,\\"a\\":2}"}`, undefined],
    [`["a","a","__proto__"]`, undefined],
    [`{"a":"__proto__"}`, undefined],
    [`{"a\\"":1,"a":2}`, undefined],
    [`{"":1,"":2}`, ""],
    [`[{"a":1},{"b":1,"c":[],"b":1}]`, "b"],
    [`{"a":{},"a":{}}`, "a"],
    [`{"x":[1,{"__proto__":1}]}`, "__proto__"],
    [`{ "a" : 1 , "a" : 2 }`, "a"],
    [`"a"`, undefined],
  ])("%s", (text, key) => {
    expect(findKeyFault(text)?.key).toBe(key);
  });
});

describe("a content type is JSON", () => {
  test.each([
    [undefined, true],
    ["application/json", true],
    ["Application/JSON", true],
    ["application/json; charset=utf-8", true],
    ['application/json;charset="UTF-8"', true],
    ["application/json; charset=latin1", false],
    ["application/json; charset=utf-16", false],
    ["application/jsonp", false],
    ["application/merge-patch+json", false],
    ["application/x-www-form-urlencoded", false],
    ["text/plain", false],
    ["multipart/form-data; boundary=x", false],
    ["", false],
  ])("%s: %s", (type, expected) => {
    expect(isJsonType(type)).toBe(expected);
  });
});
