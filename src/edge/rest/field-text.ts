// Which value of a field does a piece of text in a path or a query mean?
//
// The text is the value's proto3 JSON form without quotes. It is read more strictly than JSON where a slip would pass
// unseen: no white space, no exponents in whole numbers, no base64 with blanks (an unescaped "+" of a query is one).
// Spec: google/api/http.proto, "query parameters"; protobuf.dev/programming-guides/json.

import { create, fromJson, ScalarType, type DescEnum, type DescField, type DescMessage } from "@bufbuild/protobuf";
import { base64Decode } from "@bufbuild/protobuf/wire";
import { reflect, type ReflectMessage } from "@bufbuild/protobuf/reflect";
import { FieldMaskSchema, isWrapperDesc } from "@bufbuild/protobuf/wkt";
import { integerRange, mustBe } from "../http/json/expectation.ts";

/** What `ReflectMessage.set` and `ReflectList.add` take for the field. */
export type FieldValue = string | number | bigint | boolean | Uint8Array | ReflectMessage;

export type FieldText = { kind: "value"; value: FieldValue } | { kind: "wrong"; mustBe: string };

const wholeNumber = /^-?(0|[1-9][0-9]*)$/;
const anyNumber = /^-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?$/;
const base64 = /^[A-Za-z0-9+/_-]*={0,2}$/;
// Spec: google/protobuf/duration.proto, at most nine fractional digits.
const duration = /^-?[0-9]+(\.[0-9]{1,9})?s$/;
const maskPath = /^[A-Za-z_][A-Za-z0-9_]*(\.[A-Za-z_][A-Za-z0-9_]*)*$/;

/** Whether one text can hold the field, or one item of it where it is repeated. */
export function isTextField(field: DescField): boolean {
  if (field.fieldKind === "map") return false;
  return field.message === undefined || isTextMessage(field.message);
}

function isTextMessage(message: DescMessage): boolean {
  return isWrapperDesc(message) || textMessages.has(message.typeName);
}

const textMessages = new Set(["google.protobuf.Timestamp", "google.protobuf.Duration", "google.protobuf.FieldMask"]);

export function readFieldText(field: DescField, text: string): FieldText {
  const value = read(field, text);
  return value === undefined ? { kind: "wrong", mustBe: mustBe(field) } : { kind: "value", value };
}

function read(field: DescField, text: string): FieldValue | undefined {
  if (field.enum !== undefined) return readEnum(field.enum, text);
  if (field.message !== undefined) return readMessage(field.message, text);
  return readScalar(field.scalar, text);
}

function readScalar(scalar: ScalarType, text: string): Exclude<FieldValue, ReflectMessage> | undefined {
  switch (scalar) {
    case ScalarType.STRING:
      return text;
    case ScalarType.BOOL:
      return text === "true" ? true : text === "false" ? false : undefined;
    case ScalarType.BYTES:
      return readBytes(text);
    case ScalarType.FLOAT:
      return readFloat(text, Math.fround);
    case ScalarType.DOUBLE:
      return readFloat(text, Number);
    default: {
      const value = readInteger(text, integerRange(scalar));
      return is64Bit(scalar) || value === undefined ? value : Number(value);
    }
  }
}

function readInteger(text: string, [low, high]: [bigint, bigint]): bigint | undefined {
  // 20 characters hold every 64-bit integer; BigInt would take its time over a million digits.
  if (text.length > 20 || !wholeNumber.test(text)) return undefined;
  const value = BigInt(text);
  return value < low || value > high ? undefined : value;
}

function is64Bit(scalar: ScalarType): boolean {
  return integerRange(scalar)[1] > 2n ** 32n;
}

function readFloat(text: string, round: (value: number) => number): number | undefined {
  if (text === "NaN" || text === "Infinity" || text === "-Infinity") return Number(text);
  if (!anyNumber.test(text)) return undefined;
  const value = Number(text);
  return Number.isFinite(round(value)) ? value : undefined;
}

function readBytes(text: string): Uint8Array | undefined {
  const digits = text.replace(/=+$/, "");
  const padded = digits.length !== text.length;
  if (!base64.test(text) || digits.length % 4 === 1 || (padded && text.length % 4 !== 0)) return undefined;
  return base64Decode(digits);
}

function readEnum(desc: DescEnum, text: string): number | undefined {
  const named = desc.values.find((value) => value.name === text)?.number;
  if (named !== undefined) return named;
  const number = readScalar(ScalarType.INT32, text);
  if (typeof number !== "number") return undefined;
  return desc.open || desc.values.some((value) => value.number === number) ? number : undefined;
}

function readMessage(desc: DescMessage, text: string): ReflectMessage | undefined {
  if (isWrapperDesc(desc)) {
    const inner = readScalar(desc.fields[0].scalar, text);
    if (inner === undefined) return undefined;
    const wrapper = reflect(desc);
    wrapper.set(desc.fields[0], inner);
    return wrapper;
  }
  if (desc.typeName === FieldMaskSchema.typeName) return readFieldMask(text);
  if (desc.typeName === "google.protobuf.Duration" && !duration.test(text)) return undefined;
  try {
    return reflect(desc, fromJson(desc, text));
  } catch {
    return undefined;
  }
}

/** Also takes names as the proto spells them: JSON has no way to write those, a query has. */
function readFieldMask(text: string): ReflectMessage | undefined {
  const names = text === "" ? [] : text.split(",");
  if (!names.every((name) => maskPath.test(name))) return undefined;
  const paths = names.map((name) => (name.includes("_") ? name : fromJson(FieldMaskSchema, name).paths[0]!));
  return reflect(FieldMaskSchema, create(FieldMaskSchema, { paths }));
}
