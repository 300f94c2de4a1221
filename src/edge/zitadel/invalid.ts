// What does the vendor say of a message that breaks its field rules? One sentence about the first one, no detail.
//
// Vendor: Zitadel v2, the words of its validation generator: Go field names, nested messages as a chain of causes.

import { type DescField, type DescMessage, getOption } from "@bufbuild/protobuf";
import { Code, ConnectError } from "@connectrpc/connect";
import { field as fieldRules, type Violation } from "@bufbuild/protovalidate/gen/buf/validate/validate_pb.js";

export function invalidMessage(message: DescMessage, violations: readonly Violation[]): ConnectError {
  const names = (violations[0]?.field?.elements ?? []).map((element) => element.fieldName ?? "");
  return new ConnectError(sentence(message, names, violations[0]?.message ?? "is invalid"), Code.InvalidArgument);
}

function sentence(message: DescMessage, [name, ...rest]: readonly string[], otherwise: string): string {
  const field = message.fields.find((each) => each.name === name);
  if (field === undefined) return `invalid ${message.name}: ${otherwise}`;
  const place = `invalid ${message.name}.${goName(field)}`;
  if (rest.length > 0 && field.message !== undefined) {
    return `${place}: embedded message failed validation | caused by: ${sentence(field.message, rest, otherwise)}`;
  }
  return `${place}: ${bounds(field) ?? otherwise}`;
}

function bounds(field: DescField): string | undefined {
  const rules = getOption(field, fieldRules);
  if (rules.type.case !== "string") return undefined;
  const { minLen, maxLen } = rules.type.value;
  return `value length must be between ${minLen} and ${maxLen} runes, inclusive`;
}

/** user_id becomes UserId. */
function goName(field: DescField): string {
  return field.name.replace(/(?:^|_)([a-z])/g, (_, letter: string) => letter.toUpperCase());
}
