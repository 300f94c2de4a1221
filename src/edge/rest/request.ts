// Which message does a REST request mean? Body first, then path, then query.

import { type Message, ScalarType } from "@bufbuild/protobuf";
import { reflect } from "@bufbuild/protobuf/reflect";
import { applyParameter, applyQuery } from "./query.ts";
import { readRequestBody, type Body } from "./request-body.ts";
import { requestError } from "../http/json/request-fault.ts";
import type { PathValue } from "./route-table.ts";
import type { Route } from "./rule.ts";

export type RestRequest = {
  route: Route;
  /** What the variables of the path hold. */
  values: readonly PathValue[];
  /** Without the question mark; may be empty. */
  query: string;
  body: Body;
};

/** Throws a ConnectError that names every field that is wrong. */
export function readRequest({ route, values, query, body }: RestRequest): Message {
  const { ignoreUnknownFields, registry } = jsonRules(route);
  const read = readRequestBody(route.method.input, route.body, body, { ignoreUnknownFields, registry });
  if (read.kind === "fault") throw requestError(read.fault, !ignoreUnknownFields);
  // What most requests are: an id in the path and no query. No text is wrong for such a field, and reflection costs more
  // than all the rest of reading.
  const others = values.filter((value) => !putPlainText(read.message, value));
  if (others.length === 0 && query === "") return read.message;
  const message = reflect(route.method.input, read.message);
  const seen = new Set<string>();
  const violations = others.flatMap(({ path, text }) => applyParameter(message, path, text, seen) ?? []);
  violations.push(...applyQuery(message, query, { bound: route.bound, ignoreUnknownFields }));
  if (violations.length > 0) throw requestError({ reason: "FIELD_INVALID", violations }, !ignoreUnknownFields);
  return read.message;
}

/** Sets a field of the message itself that holds any text, and belongs to no oneof. Answers false for every other. */
function putPlainText(message: Message, { path: [field, ...below], text }: PathValue): boolean {
  if (field.fieldKind !== "scalar" || field.scalar !== ScalarType.STRING) return false;
  if (field.oneof !== undefined || below.length > 0) return false;
  (message as Message & Record<string, unknown>)[field.localName] = text;
  return true;
}

function jsonRules({ served: { jsonOptions } }: Route) {
  return { ignoreUnknownFields: isLenient(jsonOptions), registry: jsonOptions.registry };
}

/** A service that drops unknown fields is a vendor's: it also takes any content type, and errors carry no details of ours. */
export function isLenient(jsonOptions: Route["served"]["jsonOptions"]): boolean {
  return jsonOptions.ignoreUnknownFields === true;
}
