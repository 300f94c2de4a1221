// What does buf/validate/validate.proto say? Prints it from the descriptor that @bufbuild/protovalidate carries.
//
// Why: no npm package ships the text, and buf needs it to compile our rules. Options and comments are left out: at run
// time the rules come from the package's own descriptor, never from this file.
// node scripts/print-validate-proto.ts > third_party/proto/buf/validate/validate.proto

import { file_buf_validate_validate } from "@bufbuild/protovalidate/gen/buf/validate/validate_pb.js";
import type { DescriptorProto, EnumDescriptorProto, FieldDescriptorProto } from "@bufbuild/protobuf/wkt";
import { FieldDescriptorProto_Label as Label, FieldDescriptorProto_Type as Type } from "@bufbuild/protobuf/wkt";

const file = file_buf_validate_validate.proto;
const out: string[] = [
  "// The validation rules that Rekey's proto files use. Printed by scripts/print-validate-proto.ts, never edited.",
  'syntax = "proto2";',
  `package ${file.package};`,
  ...file.dependency.map((path) => `import "${path}";`),
];

const scalar: Partial<Record<Type, string>> = {
  [Type.DOUBLE]: "double",
  [Type.FLOAT]: "float",
  [Type.INT64]: "int64",
  [Type.UINT64]: "uint64",
  [Type.INT32]: "int32",
  [Type.FIXED64]: "fixed64",
  [Type.FIXED32]: "fixed32",
  [Type.BOOL]: "bool",
  [Type.STRING]: "string",
  [Type.BYTES]: "bytes",
  [Type.UINT32]: "uint32",
  [Type.SFIXED32]: "sfixed32",
  [Type.SFIXED64]: "sfixed64",
  [Type.SINT32]: "sint32",
  [Type.SINT64]: "sint64",
};
const label = { [Label.OPTIONAL]: "optional ", [Label.REQUIRED]: "required ", [Label.REPEATED]: "repeated " };

function typeOf(field: FieldDescriptorProto): string {
  return scalar[field.type] ?? field.typeName;
}

function printField(field: FieldDescriptorProto, inOneof: boolean): string {
  return `${inOneof ? "" : label[field.label]}${typeOf(field)} ${field.name} = ${field.number};`;
}

function printEnum(desc: EnumDescriptorProto): void {
  const alias = desc.options?.allowAlias === true ? ["option allow_alias = true;"] : [];
  const reserved = desc.reservedName.map((name) => `reserved "${name}";`);
  const ranges = desc.reservedRange.map((range) => `reserved ${range.start} to ${range.end};`);
  const values = desc.value.map((value) => `${value.name} = ${value.number};`);
  out.push(`enum ${desc.name} {`, ...alias, ...reserved, ...ranges, ...values, "}");
}

function printMessage(desc: DescriptorProto): void {
  out.push(`message ${desc.name} {`);
  for (const name of desc.reservedName) out.push(`reserved "${name}";`);
  for (const range of desc.reservedRange) out.push(`reserved ${range.start} to ${range.end - 1};`);
  for (const range of desc.extensionRange) {
    const end = range.end - 1 === 536870911 ? "max" : String(range.end - 1);
    out.push(`extensions ${range.start} to ${end};`);
  }
  for (const nested of desc.enumType) printEnum(nested);
  for (const nested of desc.nestedType) {
    if (nested.options?.mapEntry !== true) printMessage(nested);
  }
  for (const field of desc.field) {
    if (!Object.hasOwn(field, "oneofIndex")) out.push(printField(field, false));
  }
  desc.oneofDecl.forEach((oneof, index) => {
    out.push(`oneof ${oneof.name} {`);
    for (const field of desc.field) {
      if (Object.hasOwn(field, "oneofIndex") && field.oneofIndex === index) out.push(printField(field, true));
    }
    out.push("}");
  });
  out.push("}");
}

for (const desc of file.enumType) printEnum(desc);
for (const desc of file.messageType) printMessage(desc);
for (const extension of file.extension) {
  out.push(`extend ${extension.extendee} {`, printField(extension, false), "}");
}
process.stdout.write(`${out.join("\n")}\n`);
