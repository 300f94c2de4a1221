// What is the HTTP body of an answer? The whole message or one field of it in proto3 JSON, or bytes as they are.

import {
  create,
  isMessage,
  toJson,
  type DescField,
  type DescMessage,
  type JsonObject,
  type JsonValue,
  type JsonWriteOptions,
  type Message,
} from "@bufbuild/protobuf";
import { reflect } from "@bufbuild/protobuf/reflect";
import { HttpBodySchema, type HttpBody } from "../../../gen/google/api/httpbody_pb.ts";

export type AnswerBody = { contentType: string; bytes: Uint8Array | string };

type JsonOptions = Partial<JsonWriteOptions>;

export function writeAnswer(
  output: DescMessage,
  message: Message,
  responseBody: DescField | undefined,
  options: JsonOptions,
): AnswerBody {
  const raw = rawAnswer(output, message, responseBody);
  if (raw !== undefined) return { contentType: typeOf(raw), bytes: raw.data };
  return { contentType: "application/json", bytes: JSON.stringify(answerJson(output, message, responseBody, options)) };
}

/** The answer as a value of JSON. */
export function answerJson(
  output: DescMessage,
  message: Message,
  responseBody: DescField | undefined,
  options: JsonOptions,
): JsonValue {
  const json = toJson(output, message, options);
  if (responseBody === undefined) return json;
  const name = options.useProtoFieldName === true ? responseBody.name : responseBody.jsonName;
  return (json as JsonObject)[name] ?? absentJson(output, responseBody, name, options);
}

/** proto3 JSON leaves out a field with nothing in it; as a whole body it is its zero, or null where "nothing" is a value. */
function absentJson(output: DescMessage, field: DescField, name: string, options: JsonOptions): JsonValue {
  const zeros = toJson(output, create(output), { ...options, alwaysEmitImplicit: true }) as JsonObject;
  return field.fieldKind === "message" ? null : (zeros[name] ?? null);
}

/** The google.api.HttpBody that the answer is, or that its response_body field holds. */
export function rawAnswer(
  output: DescMessage,
  message: Message,
  responseBody: DescField | undefined,
): HttpBody | undefined {
  if (responseBody === undefined) return isMessage(message, HttpBodySchema) ? message : undefined;
  if (responseBody.fieldKind !== "message" || responseBody.message.typeName !== HttpBodySchema.typeName)
    return undefined;
  return reflect(output, message).get(responseBody).message as HttpBody;
}

/** Spec: RFC 9110 §8.3, what a receiver may take bytes of no stated type for. */
export function typeOf(raw: HttpBody): string {
  return raw.contentType === "" ? "application/octet-stream" : raw.contentType;
}
