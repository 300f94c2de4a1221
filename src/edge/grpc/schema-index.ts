// Which file declares what? Every file that the served services need, by name, by symbol and by extension.

import {
  toBinary,
  type DescEnum,
  type DescExtension,
  type DescFile,
  type DescMessage,
  type DescService,
} from "@bufbuild/protobuf";
import { nestedTypes } from "@bufbuild/protobuf/reflect";
import { FileDescriptorProtoSchema } from "@bufbuild/protobuf/wkt";

export type SchemaIndex = {
  readonly serviceNames: readonly string[];
  readonly messageNames: ReadonlySet<string>;
  /** Named as imports name them: "rekey/v1/user_service.proto". */
  readonly byName: ReadonlyMap<string, DescFile>;
  /** Full names of messages, fields, oneofs, enums, values, extensions, services and methods. */
  readonly bySymbol: ReadonlyMap<string, DescFile>;
  /** Extended message, then field number. */
  readonly byExtension: ReadonlyMap<string, ReadonlyMap<number, DescFile>>;
};

/** `others` are files that no service names, but that an answer may carry in an Any. */
export function schemaIndex(services: readonly DescService[], others: readonly DescFile[]): SchemaIndex {
  const byName = new Map<string, DescFile>();
  const bySymbol = new Map<string, DescFile>();
  const byExtension = new Map<string, Map<number, DescFile>>();
  const messageNames = new Set<string>();
  for (const file of [...services.map((service) => service.file), ...others].flatMap(withDependencies)) {
    if (byName.has(file.proto.name)) continue;
    byName.set(file.proto.name, file);
    for (const declared of nestedTypes(file)) {
      for (const symbol of symbolsOf(declared)) bySymbol.set(symbol, file);
      if (declared.kind === "message") messageNames.add(declared.typeName);
      if (declared.kind !== "extension") continue;
      const numbers = byExtension.get(declared.extendee.typeName) ?? new Map<number, DescFile>();
      byExtension.set(declared.extendee.typeName, numbers.set(declared.number, file));
    }
  }
  const serviceNames = services.map(({ typeName }) => typeName).toSorted();
  return { serviceNames, messageNames, byName, bySymbol, byExtension };
}

/** The file itself first, then each one that it needs, once. */
export function withDependencies(file: DescFile): readonly DescFile[] {
  const files = new Set([file]);
  // A set visits what is added while it is walked.
  for (const { dependencies } of files) for (const dependency of dependencies) files.add(dependency);
  return [...files];
}

export function fileBytes(file: DescFile): Uint8Array {
  return toBinary(FileDescriptorProtoSchema, file.proto);
}

type Declared = DescMessage | DescEnum | DescExtension | DescService;

function symbolsOf(declared: Declared): readonly string[] {
  const { typeName } = declared;
  if (declared.kind === "enum") {
    // A value is named beside its enum, not inside it.
    const scope = typeName.slice(0, typeName.length - declared.name.length);
    return [typeName, ...declared.values.map(({ name }) => `${scope}${name}`)];
  }
  return [typeName, ...membersOf(declared).map(({ name }) => `${typeName}.${name}`)];
}

function membersOf(declared: Declared): readonly { readonly name: string }[] {
  if (declared.kind === "message") return [...declared.fields, ...declared.oneofs];
  return declared.kind === "service" ? declared.methods : [];
}
