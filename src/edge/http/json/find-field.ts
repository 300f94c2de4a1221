// Which field of a message does a name mean?

import type { DescField, DescMessage } from "@bufbuild/protobuf";

/** A template spells fields as the proto does; JSON and a query may also use their JSON names. */
export type Spelling = "proto" | "proto or JSON";

export function findField(message: DescMessage, name: string, spelling: Spelling): DescField | undefined {
  return message.fields.find((field) => field.name === name || (spelling !== "proto" && field.jsonName === name));
}
