// How is a setting written, and within which bounds? In words, for problems and for the reference.

import type { SettingNode } from "./setting-tree.ts";

/** Empty where there is nothing to say beyond the type. */
export function formOf(node: SettingNode): string {
  if (node.items !== undefined) {
    const entry = formOf(node.items);
    return entry === "" ? "" : `a list; each is ${entry}`;
  }
  const form = node["x-form"] ?? (node.enum && oneOf(node.enum)) ?? "";
  return [form, boundsOf(node)].filter((part) => part !== "").join(", ");
}

function oneOf(values: readonly string[]): string {
  return `one of ${values.join(", ")}`;
}

function boundsOf(node: SettingNode): string {
  const { minimum, maximum, minLength, maxLength } = node;
  if (node["x-bounds"] !== undefined) return node["x-bounds"];
  if (minimum !== undefined && maximum !== undefined && maximum < Number.MAX_SAFE_INTEGER) {
    return `${minimum} to ${maximum}`;
  }
  if (minLength !== undefined && maxLength !== undefined) return `${minLength} to ${maxLength} characters`;
  return "";
}
