// Why can a piece of JSON not be read as a message? Names every field that is wrong, and never quotes a value.
//
// Runs only after the decoder said no: its own sentence quotes values, and a value here may be a password.

import { fromJson, type DescField, type DescMessage, type JsonValue, type Registry } from "@bufbuild/protobuf";
import { hasCustomJsonRepresentation } from "@bufbuild/protobuf/wkt";
import { messageForm, mustBe } from "./expectation.ts";
import { findField } from "./find-field.ts";
import { maxViolations, unknownField, type Violation } from "./request-fault.ts";

export type JsonRules = { ignoreUnknownFields: boolean; registry?: Registry | undefined };

/** Same bound as the decoder's. Unit: nested messages. Source: protobuf's default recursion limit. */
const maxDepth = 100;
type JsonObject = { [key: string]: JsonValue };

/** Empty when the walk finds nothing; the JSON is then wrong in a way that has no field. */
export function findJsonFaults(desc: DescMessage, json: JsonValue, rules: JsonRules): Violation[] {
  const violations: Violation[] = [];
  const report = (field: string, description: string, reason: Violation["reason"] = "VALUE_INVALID"): void => {
    if (violations.length < maxViolations) violations.push({ field, reason, description });
  };

  const reportUnknown = (name: string): void => {
    if (violations.length < maxViolations) violations.push(unknownField(name));
  };

  const walkMessage = (desc: DescMessage, json: JsonValue, path: string, depth: number): void => {
    if (violations.length >= maxViolations) return;
    if (depth > maxDepth) return report(path, `is nested deeper than ${maxDepth} messages`);
    if (!isObject(json)) return report(path, "must be a JSON object");
    const seen = new Map<DescField, string>();
    for (const [key, value] of Object.entries(json)) {
      const field = findField(desc, key, "proto or JSON");
      if (field === undefined) {
        if (!rules.ignoreUnknownFields) reportUnknown(join(path, key));
        continue;
      }
      const earlier = seen.get(field);
      if (earlier !== undefined)
        report(join(path, field.name), `is given twice, as ${earlier} and as ${key}`, "GIVEN_TWICE");
      const rival = rivalOf(field, seen.keys());
      // The decoder passes over a null in a oneof of scalars, and counts it among messages.
      if (rival !== undefined && !(value === null && field.fieldKind === "scalar")) {
        report(join(path, field.name), `cannot be given together with ${rival.name}`, "ONEOF_CONFLICT");
      }
      seen.set(field, key);
      walkField(field, value, join(path, field.name), depth);
    }
  };

  const walkField = (field: DescField, json: JsonValue, path: string, depth: number): void => {
    if (json === null) return;
    if (field.fieldKind === "list") {
      if (!Array.isArray(json)) return report(path, "must be a JSON array");
      json.forEach((item, index) => walkItem(field, item, `${path}[${index}]`, [item], depth));
    } else if (field.fieldKind === "map") {
      if (!isObject(json)) return report(path, "must be a JSON object");
      for (const [key, item] of Object.entries(json)) {
        walkItem(field, item, `${path}[${JSON.stringify(key)}]`, { [key]: item }, depth);
      }
    } else {
      walkItem(field, json, path, json, depth);
    }
  };

  /** `whole` is the field's JSON with this one item in it, so that the decoder itself can judge the item. */
  const walkItem = (field: DescField, item: JsonValue, path: string, whole: JsonValue, depth: number): void => {
    if (violations.length >= maxViolations) return;
    if (field.message !== undefined && !hasCustomJsonRepresentation(field.message) && item !== null) {
      return walkMessage(field.message, item, path, depth + 1);
    }
    if (!decodes(field.parent, { [field.jsonName]: whole }, rules)) report(path, mustBe(field));
  };

  if (hasCustomJsonRepresentation(desc)) {
    if (!decodes(desc, json, rules)) report("", `must be ${messageForm(desc)}`);
  } else {
    walkMessage(desc, json, "", 1);
  }
  return violations;
}

function decodes(desc: DescMessage, json: JsonValue, rules: JsonRules): boolean {
  try {
    fromJson(desc, json, rules);
    return true;
  } catch {
    return false;
  }
}

function rivalOf(field: DescField, seen: Iterable<DescField>): DescField | undefined {
  if (field.oneof === undefined) return undefined;
  for (const other of seen) if (other !== field && other.oneof === field.oneof) return other;
  return undefined;
}

function isObject(json: JsonValue): json is JsonObject {
  return typeof json === "object" && json !== null && !Array.isArray(json);
}

function join(path: string, name: string): string {
  return path === "" ? name : `${path}.${name}`;
}
