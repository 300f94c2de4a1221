// What is known about each setting? The schema as plain data: for variables, hints, the reference, and editors.

import { z } from "zod";

import type { SettingPath } from "./problem.ts";
import { configurationSchema } from "./schema.ts";

/** One setting, group or list, in the words of JSON Schema. Source: JSON Schema 2020-12. */
export type SettingNode = {
  readonly type?: "object" | "array" | "string" | "integer" | "number" | "boolean";
  readonly description?: string;
  readonly default?: unknown;
  readonly properties?: Readonly<Record<string, SettingNode>>;
  readonly required?: readonly string[];
  readonly items?: SettingNode;
  readonly anyOf?: readonly SettingNode[];
  readonly enum?: readonly string[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minItems?: number;
  /** How it is written, in words. */
  readonly "x-form"?: string;
  /** From where to where, in words. */
  readonly "x-bounds"?: string;
  readonly "x-unit"?: string;
  /** The default, in words, where it depends on something. */
  readonly "x-default"?: string;
  /** A secret: `<name>_file` beside it may name a file that holds it. */
  readonly "x-secret"?: boolean;
};

/** The ending of the setting that names the file of a secret. */
export const fileEnding = "_file";

let whole: SettingNode | undefined;

/** The whole configuration, as it is written: with the file settings of the secrets. Made when somebody asks: 10 ms. */
export function settingTree(): SettingNode {
  return (whole ??= withFileSettings(z.toJSONSchema(configurationSchema, { io: "input" }) as SettingNode));
}

/** What is known about the setting at `path`; `undefined` where there is none. */
export function nodeAt(path: SettingPath): SettingNode | undefined {
  return path.reduce<SettingNode | undefined>((node, part) => {
    if (typeof part === "number") return node?.items;
    const group = node?.properties === undefined ? node?.anyOf?.find(({ properties }) => properties) : node;
    return Object.hasOwn(group?.properties ?? {}, part) ? group?.properties?.[part] : undefined;
  }, settingTree());
}

/** Puts `<name>_file` beside each secret; one of the two has to be there where the secret is required. */
function withFileSettings(node: SettingNode): SettingNode {
  const items = node.items && { items: withFileSettings(node.items) };
  if (node.properties === undefined) return { ...node, ...items };
  const isSecret = (name: string): boolean => node.properties?.[name]?.["x-secret"] === true;
  const secrets = node.required?.filter(isSecret) ?? [];
  const properties = Object.entries(node.properties).flatMap(([name, child]): [string, SettingNode][] => {
    if (child["x-secret"] !== true) return [[name, withFileSettings(child)]];
    const secret = secrets.includes(name) ? { ...child, "x-default": "(required, here or in a file)" } : child;
    const description = `The file that holds \`${name}\`, instead of it.`;
    return [
      [name, secret],
      [name + fileEnding, { type: "string", minLength: 1, description }],
    ];
  });
  return {
    ...node,
    properties: Object.fromEntries(properties),
    ...(node.required && { required: node.required.filter((name) => !isSecret(name)) }),
    ...(secrets.length > 0 && {
      allOf: secrets.map((name) => ({ oneOf: [holding(name), holding(name + fileEnding)] })),
    }),
  };
}

function holding(name: string): SettingNode {
  return { type: "object", properties: { [name]: {} }, required: [name] };
}
