// Which field of a message does a dotted name mean, and how is it set?

import type { DescField, DescMessage } from "@bufbuild/protobuf";
import type { ReflectMessage } from "@bufbuild/protobuf/reflect";
import { findField, type Spelling } from "../http/json/find-field.ts";
import { isTextField } from "./field-text.ts";

/** From the message down to the field; never empty. */
export type FieldPath = readonly [DescField, ...DescField[]];

export type FoundPath = { kind: "found"; path: FieldPath } | { kind: "wrong"; problem: string };

/** Finds the field, and refuses one that no text can hold. */
export function findFieldPath(message: DescMessage, dotted: string, spelling: Spelling): FoundPath {
  const path: DescField[] = [];
  let inside = message;
  for (const name of dotted.split(".")) {
    const above = path.at(-1);
    if (above !== undefined) {
      if (above.fieldKind !== "message") return wrong(`has no fields inside ${above.name}`);
      inside = above.message;
    }
    const field = findField(inside, name, spelling);
    if (field === undefined) return wrong(`is not a known field of ${inside.typeName}`);
    path.push(field);
  }
  const last = path.at(-1)!;
  if (last.fieldKind === "map") return wrong("is a map, and a map cannot be written as text");
  if (!isTextField(last)) return wrong("is a message, and only its fields can be written as text");
  return { kind: "found", path: path as [DescField, ...DescField[]] };
}

function wrong(problem: string): FoundPath {
  return { kind: "wrong", problem };
}

/** The path as the proto spells it: the name under which errors speak of the field. */
export function spell(path: readonly DescField[]): string {
  return path.map((field) => field.name).join(".");
}

/**
 * Sets a single field, or adds to a repeated one, and makes the messages on the way. Answers the other member when a
 * oneof on the way is taken already, and then sets nothing.
 */
export function putField(message: ReflectMessage, path: readonly DescField[], value: unknown): DescField | undefined {
  const [field, ...below] = path;
  if (field === undefined) return undefined;
  const taken = field.oneof && message.oneofCase(field.oneof);
  if (taken !== undefined && taken !== field) return taken;
  if (below.length > 0 && field.fieldKind === "message") {
    const child = message.get(field);
    const rival = putField(child, below, value);
    if (rival === undefined) message.set(field, child);
    return rival;
  }
  if (field.fieldKind === "list") message.get(field).add(value);
  else message.set(field, value);
  return undefined;
}
