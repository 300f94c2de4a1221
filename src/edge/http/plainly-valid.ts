// Does a message hold to the rules of its proto file beyond doubt? A quick yes for what most calls look like.
//
// Never says yes to what protovalidate refuses. What it does not know it doubts, and then protovalidate judges, which alone
// has words for what is wrong. Source: buf/validate/validate.proto.

import { type DescField, type DescMessage, getOption, isFieldSet, type Message } from "@bufbuild/protobuf";
import {
  EnumRulesSchema,
  type FieldRules,
  FieldRulesSchema,
  field as fieldRules,
  type Int32Rules,
  Int32RulesSchema,
  message as messageRules,
  oneof as oneofRules,
  type StringRules,
  StringRulesSchema,
} from "@bufbuild/protovalidate/gen/buf/validate/validate_pb.js";

/** Of a field's value, as it stands in its message. */
type Check = (value: unknown) => boolean;

const sure: Check = () => true;
const doubt: Check = () => false;

/** Of a character in a text: it counts as one or two of JavaScript's units, and has at most three bytes for each. */
const unitsPerCharacter = 2;
const bytesPerUnit = 3;

export function makePlainlyValid(): (schema: DescMessage, message: Message) => boolean {
  const known = new Map<DescMessage, Check>();

  function checkOf(schema: DescMessage): Check {
    // Made when the first such message comes: a kind of message may hold its own kind.
    return (message) => {
      let check = known.get(schema);
      if (check === undefined) known.set(schema, (check = makeCheck(schema)));
      return check(message);
    };
  }

  function makeCheck(schema: DescMessage): Check {
    // Without rules, and some are plain values where they are a field's.
    if (schema.typeName.startsWith("google.protobuf.")) return sure;
    const rules = getOption(schema, messageRules);
    if (rules.cel.length + rules.celExpression.length + rules.oneof.length > 0) return doubt;
    const checks = schema.members.map((member): Check => {
      if (member.kind === "field") {
        const check = checkField(member);
        return (message) => check((message as Record<string, unknown>)[member.localName]);
      }
      const { required } = getOption(member, oneofRules);
      const choices = new Map(member.fields.map((each) => [each.localName, checkField(each)]));
      return (message) => {
        const { case: chosen, value } = (message as Record<string, { case?: string; value?: unknown }>)[
          member.localName
        ]!;
        return chosen === undefined ? !required : choices.get(chosen)!(value);
      };
    });
    return (message) => checks.every((check) => check(message));
  }

  function checkField(member: DescField): Check {
    const rules = getOption(member, fieldRules);
    const isKnown = saysOnly(FieldRulesSchema, rules, ["required", rules.type.case ?? ""]);
    if (!isKnown || (rules.required && member.fieldKind !== "message")) return doubt;
    const check = checkValue(member, rules);
    // Absent is what says of itself whether it is there; then nothing but `required` is asked of it.
    return (value) => (value === undefined ? !rules.required : check(value));
  }

  function checkValue(member: DescField, { type }: FieldRules): Check {
    if (type.case === undefined) {
      if (member.fieldKind === "message") return checkOf(member.message);
      if (member.message === undefined) return sure;
      const check = checkOf(member.message);
      return (values) => Object.values(values as object).every(check);
    }
    if (member.fieldKind === "enum" && type.case === "enum") {
      const { definedOnly } = type.value;
      if (!saysOnly(EnumRulesSchema, type.value, ["definedOnly"])) return doubt;
      return (value) => !definedOnly || member.enum.value[value as number] !== undefined;
    }
    if (member.fieldKind !== "scalar") return doubt;
    if (type.case === "string") return checkText(type.value);
    if (type.case === "int32") return checkNumber(type.value);
    return doubt;
  }

  return (schema, message) => checkOf(schema)(message);
}

function checkText(rules: StringRules): Check {
  if (!saysOnly(StringRulesSchema, rules, ["minLen", "maxLen", "maxBytes"])) return doubt;
  // Whatever is not empty has a character.
  const leastUnits = rules.minLen <= 1n ? Number(rules.minLen) : Number(rules.minLen) * unitsPerCharacter;
  const mostUnits = isFieldSet(rules, StringRulesSchema.field.maxLen) ? Number(rules.maxLen) : Infinity;
  const mostBytes = isFieldSet(rules, StringRulesSchema.field.maxBytes) ? Number(rules.maxBytes) : Infinity;
  return (value) => {
    const { length } = value as string;
    return length >= leastUnits && length <= mostUnits && length * bytesPerUnit <= mostBytes;
  };
}

function checkNumber(rules: Int32Rules): Check {
  if (!saysOnly(Int32RulesSchema, rules, ["gte", "lte"])) return doubt;
  const least = rules.greaterThan.value ?? -Infinity;
  const most = rules.lessThan.value ?? Infinity;
  return (value) => (value as number) >= least && (value as number) <= most;
}

/** Whether rules hold no others than those. */
function saysOnly(schema: DescMessage, rules: Message, known: readonly string[]): boolean {
  const others = schema.fields.filter((each) => isFieldSet(rules, each) && !known.includes(each.localName));
  return others.length === 0 && !rules.$unknown?.length;
}
