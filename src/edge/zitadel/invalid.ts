// What does the vendor say of a message that breaks its field rules? One sentence about the first one, no detail.
//
// Vendor: Zitadel v2, the words of its validation generator: Go field names, nested messages as a chain of causes.

import { type DescField, type DescMessage, type DescOneof, getOption } from "@bufbuild/protobuf";
import { Code, ConnectError } from "@connectrpc/connect";
import {
  type FieldPathElement,
  field as fieldRules,
  type Violation,
} from "@bufbuild/protovalidate/gen/buf/validate/validate_pb.js";

export function invalidMessage(message: DescMessage, violations: readonly Violation[]): ConnectError {
  const [first] = violations;
  return new ConnectError(sentence(message, first?.field?.elements ?? [], first?.ruleId ?? ""), Code.InvalidArgument);
}

function sentence(message: DescMessage, [at, ...rest]: readonly FieldPathElement[], rule: string): string {
  const member = memberOf(message, at?.fieldName);
  if (member === undefined) return `invalid ${goType(message)}: value is not valid`;
  const index = at?.subscript.case === "index" ? `[${at.subscript.value}]` : "";
  const place = `invalid ${goType(message)}.${goName(member.name)}${index}`;
  if (member.kind === "oneof") return `${place}: value is required`;
  if (rest.length > 0 && member.message !== undefined) {
    return `${place}: embedded message failed validation | caused by: ${sentence(member.message, rest, rule)}`;
  }
  return `${place}: ${saying(member, rule)}`;
}

function memberOf(message: DescMessage, name: string | undefined): DescField | DescOneof | undefined {
  return message.fields.find((each) => each.name === name) ?? message.oneofs.find((each) => each.name === name);
}

function saying(field: DescField, rule: string): string {
  if (rule === "required") return "value is required";
  const { type } = getOption(field, fieldRules);
  switch (type.case) {
    case "string":
      return rule.startsWith("string.email") ? "value must be a valid email address" : lengthOf(type.value, "runes");
    case "bytes":
      return lengthOf(type.value, "bytes");
    case "enum":
      return "value must be one of the defined enum values";
    case "bool":
      return `value must equal ${type.value.const}`;
    default:
      return "value is not valid";
  }
}

function lengthOf({ minLen, maxLen }: { readonly minLen: bigint; readonly maxLen: bigint }, unit: string): string {
  return minLen > 0n
    ? `value length must be between ${minLen} and ${maxLen} ${unit}, inclusive`
    : `value length must be at most ${maxLen} ${unit}`;
}

/** A message inside another carries its name. */
function goType({ name, parent }: DescMessage): string {
  return parent === undefined ? name : `${goType(parent)}_${name}`;
}

/** user_id becomes UserId. */
function goName(name: string): string {
  return name.replace(/(?:^|_)([a-z])/g, (_, letter: string) => letter.toUpperCase());
}
