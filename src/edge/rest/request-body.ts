// What does the body of a REST request put into the request message?

import { create, type DescField, type DescMessage, type Message } from "@bufbuild/protobuf";
import { reflect } from "@bufbuild/protobuf/reflect";
import { HttpBodySchema } from "../../../gen/google/api/httpbody_pb.ts";
import type { JsonRules } from "../http/json/json-fault.ts";
import { bodyInvalid, readJson, type ReadMessage } from "../http/json/read-json.ts";
import { putField } from "./field-path.ts";

/** Where a route puts the body: nowhere, over the whole message, or into one top-level field. */
export type BodyRule = { kind: "none" } | { kind: "whole" } | { kind: "field"; field: DescField };

export type Body = { bytes: Uint8Array; contentType: string | undefined };

/** Reads the body into a new message of the type. */
export function readRequestBody(input: DescMessage, rule: BodyRule, body: Body, rules: JsonRules): ReadMessage {
  if (body.bytes.byteLength === 0) return { kind: "read", message: create(input) };
  if (rule.kind === "none") return bodyInvalid("this call takes no body");
  if (isRawBody(input, rule)) return { kind: "read", message: rawBody(input, rule, body) };
  const text = decodeUtf8(body.bytes);
  if (text === undefined) return bodyInvalid("the body is not UTF-8");
  return readJson(input, text, rules, rule.kind === "field" ? rule.field : undefined);
}

/** Keeps nothing from one text to the next. */
const utf8 = new TextDecoder("utf-8", { fatal: true });

function decodeUtf8(bytes: Uint8Array): string | undefined {
  try {
    return utf8.decode(bytes);
  } catch {
    return undefined;
  }
}

/** Whether the body is taken as it is, whatever its type: the message, or the field, is a google.api.HttpBody. */
export function isRawBody(input: DescMessage, rule: BodyRule): boolean {
  const target = rule.kind === "whole" ? input : rule.kind === "field" ? singleMessage(rule.field) : undefined;
  return target?.typeName === HttpBodySchema.typeName;
}

function singleMessage(field: DescField): DescMessage | undefined {
  return field.fieldKind === "message" ? field.message : undefined;
}

function rawBody(input: DescMessage, rule: BodyRule, { bytes, contentType = "" }: Body): Message {
  const raw = create(HttpBodySchema, { contentType, data: bytes });
  if (rule.kind !== "field") return raw;
  const message = reflect(input);
  putField(message, [rule.field], reflect(HttpBodySchema, raw));
  return message.message;
}

/** `application/json`, with or without a charset, which can only be UTF-8; also no type at all. Spec: RFC 8259 §8.1, §11. */
export function isJsonType(contentType: string | undefined): boolean {
  return (
    contentType === undefined ||
    contentType === "application/json" ||
    /^application\/json\s*(;\s*charset\s*=\s*("utf-8"|utf-8)\s*)?;?$/i.test(contentType.trim())
  );
}
