// Which routes does a service promise over plain HTTP? Its google.api.http rules, checked against its messages.
//
// Runs at start-up only: a rule that cannot work stops the start, with the method's name.

import {
  getOption,
  hasOption,
  type DescField,
  type DescMessage,
  type DescMethod,
  type DescMethodServerStreaming,
  type DescMethodUnary,
} from "@bufbuild/protobuf";
import { http as httpOption } from "../../../gen/google/api/annotations_pb.ts";
import type { HttpRule } from "../../../gen/google/api/http_pb.ts";
import type { Served } from "../http/served.ts";
import { findField } from "../http/json/find-field.ts";
import { findFieldPath, type FieldPath } from "./field-path.ts";
import type { BodyRule } from "./request-body.ts";
import { parseTemplate, type Template, type Variable } from "./template.ts";

export type Route = {
  served: Served;
  method: DescMethodUnary | DescMethodServerStreaming;
  /** "*" for any. */
  httpMethod: string;
  /** The template as it is written. */
  pattern: string;
  template: Template;
  variables: readonly { at: Variable; path: FieldPath }[];
  body: BodyRule;
  /** The field that is the whole answer; absent: the message is. */
  responseBody: DescField | undefined;
  /** Which fields a query cannot set, because the path or the body does. */
  bound: readonly string[];
};

/** Every route of the service. A method whose requests are a stream has none: one HTTP body is one message here. */
export function routesOf(served: Served): Route[] {
  return served.service.methods.flatMap((method) => {
    if (!hasOption(method, httpOption) || !takesOneMessage(method)) return [];
    const rule = getOption(method, httpOption);
    if (rule.additionalBindings.some((more) => more.additionalBindings.length > 0)) {
      throw wrong(method, "additional_bindings cannot have additional_bindings of their own");
    }
    return [rule, ...rule.additionalBindings].map((one) => makeRoute(served, method, one));
  });
}

function takesOneMessage(method: DescMethod): method is Route["method"] {
  return method.methodKind === "unary" || method.methodKind === "server_streaming";
}

function makeRoute(served: Served, method: Route["method"], rule: HttpRule): Route {
  const [httpMethod, pattern] = methodAndPattern(method, rule);
  const template = inMethod(method, () => parseTemplate(pattern));
  const variables = template.variables.map((at) => ({ at, path: variablePath(method, at.fieldPath) }));
  const body = bodyRule(method, rule.body);
  if (httpMethod === "GET" && body.kind !== "none") throw wrong(method, "a GET has no body");
  return {
    served,
    method,
    httpMethod,
    pattern,
    template,
    variables,
    body,
    responseBody:
      rule.responseBody === "" ? undefined : topField(method, method.output, "response_body", rule.responseBody),
    bound: [...template.variables.map((variable) => variable.fieldPath), ...(rule.body === "" ? [] : [rule.body])],
  };
}

function methodAndPattern(method: DescMethod, { pattern }: HttpRule): [string, string] {
  switch (pattern.case) {
    case undefined:
      throw wrong(method, "the rule has no path");
    case "custom":
      // Spec: RFC 9110 §5.6.2, a method is a token. "*" is one, and means any method.
      if (!/^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/.test(pattern.value.kind)) {
        throw wrong(method, `"${pattern.value.kind}" is not an HTTP method`);
      }
      return [pattern.value.kind, pattern.value.path];
    default:
      return [pattern.case.toUpperCase(), pattern.value];
  }
}

function variablePath(method: DescMethod, fieldPath: string): FieldPath {
  const found = findFieldPath(method.input, fieldPath, "proto");
  if (found.kind === "wrong") throw wrong(method, `path variable ${fieldPath} ${found.problem}`);
  if (found.path.at(-1)!.fieldKind === "list") throw wrong(method, `path variable ${fieldPath} is a repeated field`);
  return found.path;
}

function bodyRule(method: DescMethod, body: string): BodyRule {
  if (body === "") return { kind: "none" };
  if (body === "*") return { kind: "whole" };
  return { kind: "field", field: topField(method, method.input, "body", body) };
}

function topField(method: DescMethod, message: DescMessage, option: string, name: string): DescField {
  const field = findField(message, name, "proto");
  if (field === undefined) throw wrong(method, `${option} "${name}" is not a top-level field of ${message.typeName}`);
  return field;
}

function inMethod<T>(method: DescMethod, act: () => T): T {
  try {
    return act();
  } catch (cause) {
    throw wrong(method, cause instanceof Error ? cause.message : String(cause));
  }
}

function wrong(method: DescMethod, problem: string): Error {
  return new Error(`google.api.http of ${fullName(method)}: ${problem}`);
}

export function fullName(method: DescMethod): string {
  return `${method.parent.typeName}.${method.name}`;
}
