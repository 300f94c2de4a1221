// Which route does a request mean, and which rules stop the start?

import { describe, expect, test } from "vitest";
import { serve } from "../../src/edge/http/served.ts";
import { spell } from "../../src/edge/rest/field-path.ts";
import { makeRouteTable } from "../../src/edge/rest/route-table.ts";
import { Shelf } from "../fixtures/gen/rest_cases_pb.ts";
import { rule, servedWithRules, type Rule } from "../support/service-with-rules.ts";

/** "M0 text=x" for a match, "405 GET, HEAD", "malformed", or "404". */
function find(rules: readonly string[], request: string): string {
  const [method = "", path = ""] = request.split(" ");
  const found = makeRouteTable([servedWithRules(...rules.map((line) => rule(line)))]).find(method, path);
  switch (found.kind) {
    case "found":
      return [found.route.method.name, ...found.values.map(({ path, text }) => `${spell(path)}=${text}`)].join(" ");
    case "wrong_method":
      return `405 ${found.allow.join(", ")}`;
    case "malformed":
      return "malformed";
    default:
      return "404";
  }
}

describe("a literal goes before *, * before **, and a dead end is walked back", () => {
  const rules = ["GET /a/b", "GET /a/*", "GET /a/**", "GET /a/*/c", "GET /{text}/b/d", "GET /x/*/y", "POST /a/b"];
  test.each([
    ["GET /a/b", "M0"],
    ["GET /a/z", "M1"],
    ["GET /a/z/z", "M2"],
    ["GET /a", "M2"],
    ["GET /a/", "M2"],
    ["GET /a/b/c", "M3"],
    ["GET /a/b/d", "M2"], // /a/** lies behind the literal a, so it goes before /{text}/b/d
    ["GET /q/b/d", "M4 text=q"],
    ["GET /x/b/d", "M4 text=x"], // walked back from /x/*/y
    ["POST /a/b", "M6"],
    ["GET /q", "404"],
    ["GET /", "404"],
    ["GET /x/b", "404"],
    ["GET /x//y", "404"], // nothing is no segment
  ])("%s is %s", (request, expected) => {
    expect(find(rules, request)).toBe(expected);
  });
});

describe("a method that has no route walks on to a branch that has it", () => {
  const rules = ["POST /a/b", "GET /a/{text}", "DELETE /a/**"];
  test.each([
    ["GET /a/b", "M1 text=b"],
    ["DELETE /a/b", "M2"],
    ["PUT /a/b", "405 DELETE, GET, HEAD, POST"],
    ["PUT /a/c", "405 DELETE, GET, HEAD"],
    ["POST /a/c", "405 DELETE, GET, HEAD"],
    ["get /a/b", "405 DELETE, GET, HEAD, POST"], // methods are case-sensitive
  ])("%s is %s", (request, expected) => {
    expect(find(rules, request)).toBe(expected);
  });
});

describe("methods", () => {
  const rules = ["GET /g", "* /any", "PUT /any", "HEAD /h", "GET /h", "REPORT /r"];
  test.each([
    ["HEAD /g", "M0"],
    ["HEAD /h", "M3"],
    ["GET /h", "M4"],
    ["BREW /any", "M1"],
    ["PUT /any", "M2"],
    ["HEAD /any", "M1"],
    ["REPORT /r", "M5"],
    ["GET /r", "405 REPORT"],
  ])("%s is %s", (request, expected) => {
    expect(find(rules, request)).toBe(expected);
  });
});

describe("a verb", () => {
  const rules = ["GET /v/{text}", "GET /v/{text}:peek", "POST /v/{text=**}:go", "GET /v:list", "GET /w/{text}:a%20b"];
  test.each([
    ["GET /v/x", "M0 text=x"],
    ["GET /v/x:peek", "M1 text=x"],
    ["GET /v:list", "M3"],
    ["POST /v/x/y:go", "M2 text=x/y"],
    ["GET /w/x:a%20b", "M4 text=x"],
    ["GET /v/a:x:peek", "M1 text=a:x"], // the last colon
    ["GET /v/x%3Apeek", "M0 text=x:peek"], // an encoded colon begins no verb
    ["GET /v/x:unknown", "M0 text=x:unknown"], // no route has that verb: it belongs to the segment
    ["GET /v/x:", "M0 text=x:"],
    ["GET /v/:peek", "M0 text=:peek"], // no value before it
    ["POST /v/x:peek", "405 GET, HEAD"],
  ])("%s is %s", (request, expected) => {
    expect(find(rules, request)).toBe(expected);
  });
});

describe("the path is split before it is decoded; one segment is decoded whole, several keep an encoded slash", () => {
  const rules = [
    "GET /one/{text}",
    "GET /two/{text=*/*}",
    "GET /rest/{text=**}",
    "GET /lit/caf%C3%A9",
    "GET /fix/{text=a}",
  ];
  test.each([
    ["GET /one/a%2Fb", "M0 text=a/b"],
    ["GET /one/a%2fb", "M0 text=a/b"],
    ["GET /one/a%252Fb", "M0 text=a%2Fb"],
    ["GET /one/a%20b+c", "M0 text=a b+c"],
    ["GET /one/%C3%A9", "M0 text=é"],
    ["GET /one/%2E%2E", "M0 text=.."],
    ["GET /one/..", "M0 text=.."],
    ["GET /one/a;b=c", "M0 text=a;b=c"],
    ["GET /one/%00", "M0 text=\0"],
    ["GET /one/a/b", "404"],
    ["GET /two/a%2Fb/c", "M1 text=a%2Fb/c"],
    ["GET /two/a%2fb/%20", "M1 text=a%2fb/ "],
    ["GET /two/a%252Fb/c", "M1 text=a%2Fb/c"],
    ["GET /two/a", "404"],
    ["GET /rest/a/b/c", "M2 text=a/b/c"],
    ["GET /rest/a%2Fb//c", "M2 text=a%2Fb//c"],
    ["GET /rest/", "M2 text="],
    ["GET /rest", "M2 text="],
    ["GET /lit/caf%C3%A9", "M3"],
    ["GET /lit/caf%c3%a9", "M3"],
    ["GET /l%69t/caf%C3%A9", "M3"],
    ["GET /fix/a", "M4 text=a"],
    ["GET /fix/b", "404"],
    ["GET /one/%zz", "malformed"],
    ["GET /one/%C3", "malformed"],
    ["GET /rest/a/%2", "malformed"],
    ["GET /none/%zz", "404"],
  ])("%s is %s", (request, expected) => {
    expect(find(rules, request)).toBe(expected);
  });
});

test("variables may lie inside one another, and inside messages", () => {
  expect(find(["GET /n/{text={maybe_text}/*}"], "GET /n/a%2Fb/c")).toBe("M0 text=a%2Fb/c maybe_text=a/b");
  expect(find(["GET /n/{child.child.text}"], "GET /n/x")).toBe("M0 child.child.text=x");
  expect(find(["GET /n/{timestamp}/{string_value}"], "GET /n/t/v")).toBe("M0 timestamp=t string_value=v");
});

test("a method gets a route of every additional binding", () => {
  const table = makeRouteTable([
    servedWithRules(rule("GET /a", { additionalBindings: [rule("GET /b"), rule("POST /b", { body: "*" })] })),
  ]);
  expect(table.routes.map(({ httpMethod, pattern }) => `${httpMethod} ${pattern}`)).toEqual([
    "GET /a",
    "GET /b",
    "POST /b",
  ]);
});

test("a method with a stream of requests, or without a rule, has no route", () => {
  const { routes } = makeRouteTable([serve(Shelf, {})]);
  const names = new Set(routes.map((route) => route.method.name));
  expect(names).toContain("Count");
  expect(names).not.toContain("Collect");
  expect(names).not.toContain("Hidden");
});

const start =
  (...rules: readonly Rule[]) =>
  () =>
    makeRouteTable([servedWithRules(...rules)]);

describe("a rule that cannot work stops the start, with the method's name", () => {
  test.each([
    [rule("GET /{nobody}"), "path variable nobody is not a known field of rekey.test.rest.Everything"],
    [rule("GET /{maybeText}"), "path variable maybeText is not a known field of rekey.test.rest.Everything"],
    [rule("GET /{text.x}"), "path variable text.x has no fields inside text"],
    [rule("GET /{child.nobody}"), "path variable child.nobody is not a known field of rekey.test.rest.Everything"],
    [rule("GET /{texts}"), "path variable texts is a repeated field"],
    [rule("GET /{children.text}"), "path variable children.text has no fields inside children"],
    [rule("GET /{labels}"), "path variable labels is a map, and a map cannot be written as text"],
    [rule("GET /{child}"), "path variable child is a message, and only its fields can be written as text"],
    [rule("GET /{struct}"), "path variable struct is a message, and only its fields can be written as text"],
    [rule("POST /x", { body: "nobody" }), 'body "nobody" is not a top-level field of rekey.test.rest.Everything'],
    [
      rule("POST /x", { body: "child.text" }),
      'body "child.text" is not a top-level field of rekey.test.rest.Everything',
    ],
    [rule("GET /x", { body: "*" }), "a GET has no body"],
    [
      rule("GET /x", { responseBody: "a.b" }),
      'response_body "a.b" is not a top-level field of rekey.test.rest.Everything',
    ],
    [rule("GET x"), 'path template "x", position 1: "/" expected, "x" found'],
    [rule("GET /a/{text"), 'path template "/a/{text", position 9: "}" expected, the end found'],
    [{}, "the rule has no path"],
    [rule("A(B /x"), '"A(B" is not an HTTP method'],
    [
      rule("GET /x", { additionalBindings: [rule("GET /y", { additionalBindings: [rule("GET /z")] })] }),
      "additional_bindings cannot have additional_bindings of their own",
    ],
  ])("%#: %j", (bad, problem) => {
    expect(start(bad)).toThrow(`google.api.http of made.Made.M0: ${problem}`);
  });

  test.each([
    [["GET /x", "GET /x"]],
    [["GET /x/{text}", "GET /x/{maybe_text}"]],
    [["GET /x/{text}", "GET /x/*"]],
    [["GET /x/{text=a/*}", "GET /x/a/{text}"]],
    [["GET /x/{text=**}:v", "GET /x/**:v"]],
    [["GET /x/caf%C3%A9", "GET /x/caf%c3%a9"]],
    [["REPORT /x", "REPORT /x"]],
  ])("the same method and pattern twice: %j", (lines) => {
    expect(start(...lines.map((line) => rule(line)))).toThrow(/of made\.Made\.M1: .* is taken by made\.Made\.M0 with /);
  });

  test("the same in two services", () => {
    expect(() => makeRouteTable([servedWithRules(rule("GET /x")), servedWithRules(rule("GET /x"))])).toThrow(
      "is taken by",
    );
  });

  test.each([
    [["GET /x", "POST /x"]],
    [["GET /x", "* /x"]],
    [["GET /x", "GET /x:v"]],
    [["GET /x/*", "GET /x/**"]],
    [["GET /x/{text=a/*}", "GET /x/{text=b/*}"]],
  ])("no conflict: %j", (lines) => {
    expect(start(...lines.map((line) => rule(line)))).not.toThrow();
  });
});
