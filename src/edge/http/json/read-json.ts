// Which message does a JSON text hold, and if none, what is its sender told? Never a value: that may be a password.

import { fromJson, type DescField, type DescMessage, type JsonValue, type Message } from "@bufbuild/protobuf";

import { findJsonFaults, type JsonRules } from "./json-fault.ts";
import { findKeyFault } from "./json-keys.ts";
import type { RequestFault } from "./request-fault.ts";

export type ReadMessage = { kind: "read"; message: Message } | { kind: "fault"; fault: RequestFault };

/** `field` is the top-level one that the text is the value of; without it the text is the whole message. */
export function readJson(desc: DescMessage, text: string, rules: JsonRules, field?: DescField): ReadMessage {
  const json = parse(text);
  if (json === undefined) return bodyInvalid("the body is not valid JSON");
  const keyFault = findKeyFault(text);
  if (keyFault !== undefined) return bodyInvalid(`the name "${keyFault.key}" in the body ${keyFault.description}`);
  return decode(desc, field === undefined ? json : { [field.jsonName]: json }, rules);
}

export function bodyInvalid(message: string): ReadMessage & { kind: "fault" } {
  return { kind: "fault", fault: { reason: "BODY_INVALID", message } };
}

export const unfit = bodyInvalid("the body does not fit the request");

function decode(desc: DescMessage, json: JsonValue, rules: JsonRules): ReadMessage {
  try {
    return { kind: "read", message: fromJson(desc, json, rules) };
  } catch {
    // The decoder's own sentence quotes values of the body: it is never passed on.
    const violations = findJsonFaults(desc, json, rules);
    return violations.length === 0 ? unfit : { kind: "fault", fault: { reason: "FIELD_INVALID", violations } };
  }
}

/** The parser's own sentence quotes the text. */
function parse(text: string): JsonValue | undefined {
  try {
    return JSON.parse(text) as JsonValue;
  } catch {
    return undefined;
  }
}
