// Does the quick judgement of messages ever say yes where the thorough one says no?

import { create, type DescField, type DescMessage, type Message, ScalarType } from "@bufbuild/protobuf";
import { type ReflectMessage, reflect } from "@bufbuild/protobuf/reflect";
import { createValidator } from "@bufbuild/protovalidate";
import { describe, expect, it } from "vitest";

import { DeliveryService, ListDeliveriesRequestSchema } from "../../gen/rekey/v1/delivery_service_pb.ts";
import { InboxService } from "../../gen/rekey/v1/inbox_service_pb.ts";
import {
  CheckCodeRequestSchema,
  PasswordResetRequestSchema,
  PasswordService,
  SetPasswordRequestSchema,
} from "../../gen/rekey/v1/password_service_pb.ts";
import { RecoveryService } from "../../gen/rekey/v1/recovery_service_pb.ts";
import { GetUserRequestSchema, UserService } from "../../gen/rekey/v1/user_service_pb.ts";
import { UserService as ZitadelUserService } from "../../gen/zitadel/user/v2/user_service_pb.ts";
import { makePlainlyValid } from "../../src/edge/http/plainly-valid.ts";

const services = [PasswordService, UserService, RecoveryService, DeliveryService, InboxService, ZitadelUserService];
const requests = services.flatMap(({ methods }) => methods.map(({ input }) => input));
const validator = createValidator();
const isPlainlyValid = makePlainlyValid();

describe("what most calls look like is plainly valid", () => {
  it.each([
    create(PasswordResetRequestSchema, { userId: "ann", medium: { case: "returnCode", value: {} } }),
    create(PasswordResetRequestSchema, { userId: "ann", medium: { case: "sendLink", value: {} } }),
    create(CheckCodeRequestSchema, { userId: "ann", verificationCode: "ABCDEFGH" }),
    create(SetPasswordRequestSchema, {
      userId: "ann",
      newPassword: { password: "correct horse" },
      verification: { case: "verificationCode", value: "ABCDEFGH" },
    }),
    create(GetUserRequestSchema, { userId: "ann" }),
    create(ListDeliveriesRequestSchema, { pageSize: 200 }),
  ])("$$typeName", (message) => {
    const schema = requests.find(({ typeName }) => typeName === message.$typeName)!;
    expect(isPlainlyValid(schema, message)).toBe(true);
  });
});

it("nothing is plainly valid that protovalidate refuses", () => {
  const seen = { plain: 0, refused: 0 };
  const wrong: string[] = [];
  for (const schema of requests) {
    for (let seed = 0; seed < 400; seed++) {
      const message = anyMessage(schema, seed);
      const isValid = validator.validate(schema, message).kind === "valid";
      const isPlain = isPlainlyValid(schema, message);
      if (isPlain && !isValid) wrong.push(`${schema.typeName}, seed ${seed}`);
      seen.plain += Number(isPlain);
      seen.refused += Number(!isValid);
    }
  }

  expect(wrong).toEqual([]);
  // Messages that are all alike would prove nothing.
  expect(seen.plain).toBeGreaterThan(500);
  expect(seen.refused).toBeGreaterThan(500);
});

/** Of every size that a rule could draw its line at, in characters of one to four bytes. */
const lengths = [0, 0, 1, 1, 2, 3, 8, 36, 63, 64, 65, 100, 199, 200, 201, 254, 255, 499, 500, 501, 1365, 1366];
const longLengths = [1999, 2000, 2001, 4095, 4096, 4097];
const characters = ["a", "a", "a", "é", "語", "😀"];
const numbers = [0, 0, 1, -1, 50, 200, 201, 2 ** 31 - 1, -(2 ** 31)];

function anyMessage(schema: DescMessage, seed: number): Message {
  const random = makeRandom(seed);
  const pick = <T>(values: readonly T[]): T => values[Math.floor(random() * values.length)]!;

  function fill(message: ReflectMessage, depth: number): void {
    for (const member of message.desc.members) {
      if (random() < 0.2) continue;
      const field = member.kind === "oneof" ? pick(member.fields) : member;
      set(message, field, depth);
    }
  }

  function set(message: ReflectMessage, field: DescField, depth: number): void {
    if (field.fieldKind === "scalar") message.set(field, anyScalar(field.scalar));
    else if (field.fieldKind === "enum") message.set(field, pick([0, 1, 2, 3, 99]));
    else if (field.fieldKind === "message" && depth > 0) {
      const inner = reflect(field.message);
      fill(inner, depth - 1);
      message.set(field, inner);
    } else if (field.fieldKind === "list" && field.listKind === "message" && depth > 0) {
      const item = reflect(field.message);
      fill(item, depth - 1);
      message.get(field).add(item);
    } else if (field.fieldKind === "list" && field.listKind === "scalar") {
      message.get(field).add(anyScalar(field.scalar));
    }
  }

  function anyScalar(scalar: ScalarType): string | boolean | number | bigint | Uint8Array {
    switch (scalar) {
      case ScalarType.STRING:
        return pick(characters).repeat(pick(random() < 0.1 ? longLengths : lengths));
      case ScalarType.BOOL:
        return random() < 0.5;
      case ScalarType.BYTES:
        return new Uint8Array(pick(lengths));
      case ScalarType.INT64:
      case ScalarType.UINT64:
        return BigInt(Math.abs(pick(numbers)));
      case ScalarType.UINT32:
        return Math.abs(pick(numbers));
      default:
        return pick(numbers);
    }
  }

  const message = reflect(schema);
  fill(message, 4);
  return message.message;
}

/** The same numbers for the same seed. Source: Numerical Recipes, a linear congruential generator. */
function makeRandom(seed: number): () => number {
  let state = (seed * 2_654_435_761) >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}
