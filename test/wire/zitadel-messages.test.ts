// Are our messages the vendor's, bit by bit? Every message of the slice, field by field, and through both codecs.

import {
  create,
  type DescEnum,
  type DescField,
  type DescMessage,
  fromBinary,
  fromJson,
  type Message,
  ScalarType,
  toBinary,
  toJson,
} from "@bufbuild/protobuf";
import { nestedTypes, reflect, type ReflectMessage } from "@bufbuild/protobuf/reflect";
import { TimestampSchema } from "@bufbuild/protobuf/wkt";
import { file_zitadel_message } from "@zitadel/proto/zitadel/message_pb.js";
import { UserService as VendorService } from "@zitadel/proto/zitadel/user/v2/user_service_pb.js";
import { describe, expect, test } from "vitest";

import { UserService } from "../../gen/zitadel/user/v2/user_service_pb.ts";
import { file_zitadel_v1_message } from "../../gen/zitadel/v1/message_pb.ts";

const isOurs = ({ typeName }: DescMessage | DescEnum) => typeName.startsWith("zitadel.");

/** Every message and enum that the roots reach, by full name. */
function reached(roots: readonly DescMessage[]): Map<string, DescMessage | DescEnum> {
  const found = new Map<string, DescMessage | DescEnum>(roots.map((root) => [root.typeName, root]));
  for (const desc of found.values()) {
    if (desc.kind !== "message") continue;
    for (const { message, enum: values } of desc.fields) {
      for (const next of [message, values]) if (next !== undefined && isOurs(next)) found.set(next.typeName, next);
    }
  }
  return found;
}

const served = UserService.methods.map(({ name }) => name);
const rootsOf = (service: typeof UserService | typeof VendorService) =>
  service.methods.filter(({ name }) => served.includes(name)).flatMap(({ input, output }) => [input, output]);
const details = (file: typeof file_zitadel_v1_message) =>
  [...nestedTypes(file)].filter((desc) => desc.kind === "message");

const ours = reached([...rootsOf(UserService), ...details(file_zitadel_v1_message)]);
const theirs = reached([...rootsOf(VendorService), ...details(file_zitadel_message)]);
const names = [...ours.keys()].toSorted();
const messageNames = names.filter((name) => ours.get(name)?.kind === "message");

/** What decides the bytes and the JSON of a field. */
function formOf(field: DescField) {
  const { number, name, jsonName, fieldKind, presence, oneof } = field;
  const kind = fieldKind === "list" ? field.listKind : fieldKind;
  const type = field.message?.typeName ?? field.enum?.typeName ?? field.scalar;
  return { number, name, jsonName, fieldKind, kind, type, presence, oneof: oneof?.name };
}

test("the slice is what the served calls need, and the details of errors", () => {
  expect(served).toEqual(expect.arrayContaining(["PasswordReset", "SetPassword", "ListUsers", "UpdateUser"]));
  expect(messageNames.length).toBeGreaterThan(50);
  expect(names.filter((name) => !theirs.has(name))).toEqual([]);
});

describe("by descriptor", () => {
  test.each(messageNames)("%s", (name) => {
    const fieldsOf = (desc: DescMessage | DescEnum | undefined) =>
      desc?.kind === "message" ? desc.fields.map(formOf).toSorted((one, other) => one.number - other.number) : [];
    expect(fieldsOf(ours.get(name))).toEqual(fieldsOf(theirs.get(name)));
  });

  test.each(names.filter((name) => ours.get(name)?.kind === "enum"))("%s", (name) => {
    const valuesOf = (desc: DescMessage | DescEnum | undefined) =>
      desc?.kind === "enum" ? desc.values.map(({ number, name }) => ({ number, name })) : [];
    expect(valuesOf(ours.get(name))).toEqual(valuesOf(theirs.get(name)));
  });

  test.each(served)("method %s", (name) => {
    const formOfMethod = (service: typeof UserService | typeof VendorService) => {
      const method = service.methods.find((each) => each.name === name);
      return [service.typeName, method?.methodKind, method?.input.typeName, method?.output.typeName];
    };
    expect(formOfMethod(UserService)).toEqual(formOfMethod(VendorService));
  });
});

/** One message for each field that is set; recursion ends after three steps. */
function samples(desc: DescMessage, depth = 3): Message[] {
  if (desc.fields.length === 0) return [create(desc)];
  return desc.fields.map((field) => {
    const message = reflect(desc);
    fill(message, field, depth);
    return message.message;
  });
}

function fill(message: ReflectMessage, field: DescField, depth: number): void {
  switch (field.fieldKind) {
    case "scalar":
      message.set(field, sampleOf(field.scalar, field.number));
      break;
    case "enum":
      message.set(field, field.enum.values.at(-1)!.number);
      break;
    case "message":
      message.set(field, reflect(field.message, whole(field.message, depth - 1)));
      break;
    case "list":
      for (const step of [1, 2]) {
        if (field.listKind === "message")
          message.get(field).add(reflect(field.message, whole(field.message, depth - 1)));
        else if (field.listKind === "scalar") message.get(field).add(sampleOf(field.scalar, step));
      }
      break;
    default:
      throw new Error(`no sample for ${field.toString()}`);
  }
}

/** Every field at once; of a oneof the last one. */
function whole(desc: DescMessage, depth: number): Message {
  if (desc.typeName === TimestampSchema.typeName)
    return create(TimestampSchema, { seconds: 1_800_000_000n, nanos: 5000 });
  const message = reflect(desc);
  for (const field of depth > 0 ? desc.fields : []) fill(message, field, depth);
  return message.message;
}

function sampleOf(type: ScalarType, seed: number) {
  switch (type) {
    case ScalarType.STRING:
      return `text ${seed} ä🙂`;
    case ScalarType.BYTES:
      return Uint8Array.of(0, 255, seed);
    case ScalarType.BOOL:
      return true;
    case ScalarType.UINT64:
      return 18_446_744_073_709_551_615n;
    case ScalarType.UINT32:
      return 4_294_967_295;
    case ScalarType.INT32:
      return -2_147_483_648;
    default:
      throw new Error(`no sample for ${ScalarType[type]}`);
  }
}

describe("through the vendor's codecs and back", () => {
  test.each(messageNames)("%s", (name) => {
    const [own, vendor] = [ours.get(name), theirs.get(name)] as [DescMessage, DescMessage];
    for (const [from, to] of [
      [own, vendor],
      [vendor, own],
    ] as const) {
      for (const sample of samples(from)) {
        const bytes = toBinary(from, sample);
        const read = fromBinary(to, bytes, { readUnknownFields: false });
        expect(toBinary(to, read)).toEqual(bytes);
        expect(toJson(to, read)).toEqual(toJson(from, sample));
        expect(toBinary(from, fromJson(from, toJson(to, read)))).toEqual(bytes);
      }
    }
  });
});
