// Which form must the value of a field have, said so that a caller can correct it? Never quotes the value itself.

import { ScalarType, type DescEnum, type DescField, type DescMessage } from "@bufbuild/protobuf";
import { isWrapperDesc } from "@bufbuild/protobuf/wkt";

/** Bound of a list of enum names in a sentence; a longer enum is named only. */
const maxNames = 12;

/** "must be " and one value of the field; for a repeated field or a map, one item. */
export function mustBe(field: DescField): string {
  if (field.enum !== undefined) return `must be ${enumForm(field.enum)}`;
  if (field.message !== undefined) return `must be ${messageForm(field.message)}`;
  return `must be ${scalarForm(field.scalar)}`;
}

export function messageForm(message: DescMessage): string {
  switch (message.typeName) {
    case "google.protobuf.Timestamp":
      return "a time of RFC 3339, such as 2026-01-31T23:59:59Z";
    case "google.protobuf.Duration":
      return "seconds followed by s, such as 90s or 1.5s";
    case "google.protobuf.FieldMask":
      return "field names in lowerCamelCase, separated by commas";
    case "google.protobuf.ListValue":
      return "a JSON array";
    case "google.protobuf.Value":
      return "any JSON value";
    case "google.protobuf.Any":
      return 'a JSON object with an "@type" known here';
    default:
      return isWrapperDesc(message) ? scalarForm(message.fields[0].scalar) : "a JSON object";
  }
}

function enumForm(desc: DescEnum): string {
  const names = desc.values.map((value) => value.name);
  return names.length > maxNames ? `the name of a value of ${desc.typeName}` : `one of ${names.join(", ")}`;
}

function scalarForm(scalar: ScalarType): string {
  switch (scalar) {
    case ScalarType.STRING:
      return "a string";
    case ScalarType.BOOL:
      return "true or false";
    case ScalarType.BYTES:
      return "bytes in base64";
    case ScalarType.FLOAT:
    case ScalarType.DOUBLE:
      return "a number";
    default: {
      const [low, high] = integerRange(scalar);
      return `a whole number from ${low} to ${high}`;
    }
  }
}

/** The smallest and the largest value of an integer type. */
export function integerRange(scalar: ScalarType): [bigint, bigint] {
  switch (scalar) {
    case ScalarType.INT32:
    case ScalarType.SINT32:
    case ScalarType.SFIXED32:
      return [-(2n ** 31n), 2n ** 31n - 1n];
    case ScalarType.UINT32:
    case ScalarType.FIXED32:
      return [0n, 2n ** 32n - 1n];
    case ScalarType.UINT64:
    case ScalarType.FIXED64:
      return [0n, 2n ** 64n - 1n];
    default:
      return [-(2n ** 63n), 2n ** 63n - 1n];
  }
}
