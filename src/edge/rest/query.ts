// Which fields does the query of a REST request set?

import type { DescMessage } from "@bufbuild/protobuf";
import type { ReflectMessage } from "@bufbuild/protobuf/reflect";
import { findFieldPath, putField, spell, type FieldPath } from "./field-path.ts";
import { readFieldText } from "./field-text.ts";
import { unknownField, type Violation } from "../http/json/request-fault.ts";
import { overlaps } from "./template.ts";

export type QueryRules = {
  /** Field paths that the path or the body sets; a query cannot change those. "*": the body sets all. */
  bound: readonly string[];
  ignoreUnknownFields: boolean;
};

/** Sets what the query says, each single field once. Answers what is wrong with it. */
export function applyQuery(message: ReflectMessage, query: string, rules: QueryRules): Violation[] {
  const violations: Violation[] = [];
  const seen = new Set<string>();
  for (const pair of query.split("&")) {
    if (pair === "") continue;
    const [rawName, rawText] = splitOnce(pair, "=");
    const parameter = findParameter(message.desc, decode(rawName), rules);
    if (parameter.kind === "unknown") {
      if (!rules.ignoreUnknownFields) violations.push(unknownField(decode(rawName) ?? rawName, parameter.description));
      continue;
    }
    const violation = applyParameter(message, parameter.path, decode(rawText), seen);
    if (violation !== undefined) violations.push(violation);
  }
  return violations;
}

type Parameter = { kind: "found"; path: FieldPath } | { kind: "unknown"; description: string };

function findParameter(desc: DescMessage, name: string | undefined, rules: QueryRules): Parameter {
  if (name === undefined) return { kind: "unknown", description: "is not valid percent-encoding" };
  if (rules.bound.includes("*"))
    return { kind: "unknown", description: "is not a parameter: this call reads its body" };
  const found = findFieldPath(desc, name, "proto or JSON");
  if (found.kind === "wrong") return { kind: "unknown", description: found.problem };
  if (rules.bound.some((path) => overlaps(path, spell(found.path)))) {
    return { kind: "unknown", description: "is not a parameter: the path or the body gives it" };
  }
  return found;
}

/** Sets one field from its text, unless something speaks against it. `seen` keeps the single fields that are set. */
export function applyParameter(
  message: ReflectMessage,
  path: FieldPath,
  text: string | undefined,
  seen: Set<string>,
): Violation | undefined {
  const field = spell(path);
  const last = path.at(-1)!;
  // Guard: ASVS 5.0 15.3.7, one parameter given twice is refused, not settled by who reads first.
  if (last.fieldKind !== "list" && seen.has(field))
    return { field, reason: "GIVEN_TWICE", description: "is given twice" };
  seen.add(field);
  if (text === undefined) return { field, reason: "VALUE_INVALID", description: "is not valid percent-encoding" };
  const read = readFieldText(last, text);
  if (read.kind === "wrong") return { field, reason: "VALUE_INVALID", description: read.mustBe };
  const rival = putField(message, path, read.value);
  if (rival === undefined) return undefined;
  return { field, reason: "ONEOF_CONFLICT", description: `cannot be given together with ${rival.name}` };
}

function splitOnce(text: string, separator: string): [string, string] {
  const at = text.indexOf(separator);
  return at < 0 ? [text, ""] : [text.slice(0, at), text.slice(at + 1)];
}

/** Undefined when the percent-encoding is broken. Spec: URL Standard §5.1, where "+" is a blank. */
function decode(text: string): string | undefined {
  try {
    return decodeURIComponent(text.replaceAll("+", " "));
  } catch {
    return undefined;
  }
}
