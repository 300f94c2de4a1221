// Which settings are there, one by one? Every leaf of the tree, with its path and the variable that sets it.

import { type SettingNode, settingTree } from "./setting-tree.ts";

export type Setting = {
  /** Names on the way to it; "[]" is any entry of a list. */
  readonly path: readonly string[];
  readonly node: SettingNode;
  readonly isRequired: boolean;
  /** The environment variable that sets it; absent for what is a list or stands in one. */
  readonly variable?: string;
};

/** The variable that names the configuration file. No setting: the file cannot name itself. */
export const fileVariable = "REKEY_CONFIG_FILE";
export const variablePrefix = "REKEY_";
/** Where the command line finds a running service, and the key it calls with. No settings: the service ignores them. */
export const commandVariables: readonly string[] = ["REKEY_ADDRESS", "REKEY_API_KEY"];

export function listSettings(): readonly Setting[] {
  return leavesOf(settingTree(), [], true);
}

function leavesOf(node: SettingNode, path: readonly string[], isRequired: boolean): readonly Setting[] {
  if (node.properties !== undefined) {
    return Object.entries(node.properties).flatMap(([name, child]) =>
      leavesOf(child, [...path, name], node.required?.includes(name) ?? false),
    );
  }
  if (node.items?.properties !== undefined) return leavesOf(node.items, [...path, "[]"], true);
  const hasVariable = node.type !== "array" && !path.includes("[]");
  return [{ path, node, isRequired, ...(hasVariable && { variable: variablePrefix + path.join("_").toUpperCase() }) }];
}
