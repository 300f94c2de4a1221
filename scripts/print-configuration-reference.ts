// What can be configured? Prints docs/configuration.md and docs/configuration.schema.json from the schema.
//
// node scripts/print-configuration-reference.ts

import { readFileSync, writeFileSync } from "node:fs";

import { formOf } from "../src/config/form-of.ts";
import { commandVariables, fileVariable, listSettings, type Setting } from "../src/config/list-settings.ts";
import { nodeAt, type SettingNode, settingTree } from "../src/config/setting-tree.ts";

const docs = new URL("../docs/", import.meta.url);

/** For editors: put `# yaml-language-server: $schema=…` at the top of a configuration file. */
export function printSchema(): string {
  const schema = { ...settingTree(), title: "Rekey configuration" };
  return `${JSON.stringify(schema, null, 2)}\n`;
}

/** For people. */
export function printReference(): string {
  return `${[introduction(), ...sections(), examples()].join("\n\n")}\n`;
}

function introduction(): string {
  return `# Configuration

<!-- Printed by scripts/print-configuration-reference.ts from src/config/schema.ts. Change it there. -->

Rekey reads one file, YAML or JSON, that \`${fileVariable}\` names, and the environment, which wins over the file.
Without a file it starts as a demo. It starts only when everything is right, and says everything that is wrong at once.

- **Variables.** Each setting outside lists has one: \`REKEY_\` and its path in upper case. An empty variable is as good
  as none. An unknown one that starts with \`REKEY_\` is an error; ${commandVariables.map((name) => `\`${name}\``).join(" and ")}
  belong to the command line (\`npm run rekey -- --help\`).
- **Secrets** may be kept in files: \`<name>_file\` beside the setting names the file, in the configuration and as a
  variable. Spaces and line ends around the secret are ignored.
- **Durations** are a whole number and a unit: \`500ms\`, \`90s\`, \`10m\`, \`72h\`, \`7d\`.
- **API keys** are made by you; Rekey gets their digest only. The form is \`rk_<name>_<43 symbols of base64url>\`:

  \`\`\`sh
  key="rk_acme-backend_$(openssl rand -base64 32 | tr '+/' '-_' | tr -d '=')"
  printf %s "$key" | sha256sum
  \`\`\`
- **Paths** of files are relative to the working directory.
- **Editors** check and complete the file with [configuration.schema.json](configuration.schema.json):
  \`# yaml-language-server: $schema=configuration.schema.json\``;
}

/** One section for the settings at the top, one for each group at the top, one for each group in a realm. */
function sections(): string[] {
  const groups = Map.groupBy(listSettings(), ({ path }) => groupOf(path));
  return [...groups].map(([group, settings]) => {
    if (group === "") return ["## General", "The process as a whole.", table(settings)].join("\n\n");
    const node = groupNode(group);
    return [`## \`${group}\``, node?.description ?? "", ...innerGroups(node), table(settings)].join("\n\n");
  });
}

function groupOf(path: readonly string[]): string {
  if (path[0] !== "realms") return path.length === 1 ? "" : (path[0] ?? "");
  return path.length === 3 || path[2] === "[]" ? "realms[]" : `realms[].${path[2]}`;
}

function groupNode(group: string): SettingNode | undefined {
  if (group === "realms[]") return nodeAt(["realms"]);
  const [, inRealm] = group.split("realms[].");
  return nodeAt(inRealm === undefined ? [group] : ["realms", 0, inRealm]);
}

/** What the groups of a group are about, where it has any. */
function innerGroups(node: SettingNode | undefined): string[] {
  const inner = Object.entries(node?.properties ?? {}).filter(([, child]) => child.properties !== undefined);
  const lines = inner.map(([name, child]) => `- \`${name}\`: ${child.description ?? ""}`);
  return lines.length === 0 ? [] : [lines.join("\n")];
}

function table(settings: readonly Setting[]): string {
  const head = ["| Setting | What it is | Value | Default |", "|---|---|---|---|"];
  return [...head, ...settings.map(tableRow)].join("\n");
}

function tableRow({ path, node, isRequired, variable }: Setting): string {
  const name = `\`${path.join(".").replaceAll(".[]", "[]")}\`${variable === undefined ? "" : `<br>\`${variable}\``}`;
  const unit = node["x-unit"] === undefined ? "" : ` In ${node["x-unit"]}.`;
  const columns = [name, `${node.description ?? ""}${unit}`, valueOf(node), defaultOf(node, isRequired)];
  return `| ${columns.map((column) => column.replaceAll("|", "\\|")).join(" | ")} |`;
}

const types = {
  object: "group",
  array: "list",
  string: "text",
  integer: "whole number",
  number: "number",
  boolean: "`true` or `false`",
};

function valueOf(node: SettingNode): string {
  const form = formOf(node);
  if (node.items !== undefined) return form === "" ? "a list of text" : form;
  if (node.type === undefined || node["x-form"] !== undefined || node.enum !== undefined) return form;
  return form === "" ? types[node.type] : `${types[node.type]}, ${form}`;
}

function defaultOf(node: SettingNode, isRequired: boolean): string {
  if (node["x-default"] !== undefined) return node["x-default"];
  if (node.default === undefined) return isRequired ? "(required)" : "(none)";
  if (node.default === "") return "(empty)";
  if (typeof node.default === "string") return `\`${node.default}\``;
  return `\`${JSON.stringify(node.default).replaceAll('"', "").replaceAll(",", ", ").replaceAll(":", ": ")}\``;
}

function example(name: string): string {
  return readFileSync(new URL(`examples/${name}.yaml`, docs), "utf8").trimEnd();
}

function examples(): string {
  return `## Examples

A configuration for production ([examples/production.yaml](examples/production.yaml)):

\`\`\`yaml
${example("production")}
\`\`\`

A configuration for a demo ([examples/demo.yaml](examples/demo.yaml)):

\`\`\`yaml
${example("demo")}
\`\`\``;
}

if (import.meta.main) {
  writeFileSync(new URL("configuration.md", docs), printReference());
  writeFileSync(new URL("configuration.schema.json", docs), printSchema());
}
