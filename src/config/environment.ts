// Which settings does the environment set? REKEY_ and the path in upper case: REKEY_LISTEN_PORT is listen.port.

import { isGroup } from "./draft.ts";
import { commandVariables, fileVariable, listSettings, type Setting, variablePrefix } from "./list-settings.ts";
import { nearestName } from "./nearest-name.ts";
import { type ConfigurationProblem, formatPath } from "./problem.ts";
import { fileEnding, nodeAt, type SettingNode } from "./setting-tree.ts";

export type Environment = Readonly<Record<string, string | undefined>>;
export type Draft = Readonly<Record<string, unknown>>;

export type Overridden = {
  readonly draft: Draft;
  /** The variable that each overridden setting came from, by the setting's path as text. */
  readonly sources: ReadonlyMap<string, string>;
  readonly problems: readonly ConfigurationProblem[];
};

/** Lays the variables over what the file says; they win. An empty variable is as good as none. */
export function applyEnvironment(file: Draft, environment: Environment): Overridden {
  const sources = new Map<string, string>();
  const problems: ConfigurationProblem[] = [];
  let draft = file;
  const given = Object.entries(environment).flatMap(([variable, text]) =>
    isOurs(variable) && text ? [[variable, text] as const] : [],
  );
  if (given.length === 0) return { draft, sources, problems };

  const settings = new Map(listSettings().flatMap((each) => (each.variable ? [[each.variable, each] as const] : [])));
  for (const [variable, text] of given) {
    const setting = settings.get(variable);
    if (setting !== undefined) {
      sources.set(formatPath(setting.path), variable);
      draft = put(draft, setting.path, valueOf(text, setting.node));
      const twin = twinOf(setting);
      if (twin !== undefined && !environment[twin.variable]) draft = put(draft, twin.path);
    } else if (!isServiceLink(variable, text)) {
      problems.push(unknownVariable(variable, [...settings.keys(), fileVariable]));
    }
  }
  return { draft, sources, problems };
}

function isOurs(variable: string): boolean {
  return variable.startsWith(variablePrefix) && variable !== fileVariable && !commandVariables.includes(variable);
}

/** What cannot be read stays text, for the schema to refuse. */
function valueOf(text: string, { type }: SettingNode): unknown {
  if (type === "integer" && /^-?\d{1,15}$/.test(text)) return Number(text);
  if (type === "boolean" && (text === "true" || text === "false")) return text === "true";
  return text;
}

/** A secret and its file are two ways to say one thing: a variable for one overrides the other of the file. */
function twinOf({ path, variable }: Setting): { path: readonly string[]; variable: string } | undefined {
  const name = path.at(-1) ?? "";
  const ending = fileEnding.toUpperCase();
  const isFile = name.endsWith(fileEnding);
  const twin = [...path.slice(0, -1), isFile ? name.slice(0, -fileEnding.length) : name + fileEnding];
  const secret = nodeAt(isFile ? twin : path);
  if (variable === undefined || secret?.["x-secret"] !== true) return undefined;
  return { path: twin, variable: isFile ? variable.slice(0, -ending.length) : variable + ending };
}

/** A copy with `value` at `path`, or without what is there. What stands in the way and is no group is left for the schema to refuse. */
function put(group: Draft, [name, ...rest]: readonly string[], value?: unknown): Draft {
  if (name === undefined) return group;
  const { [name]: inner = {}, ...others } = group;
  if (rest.length === 0) return value === undefined ? others : { ...others, [name]: value };
  return isGroup(inner) ? { ...others, [name]: put(inner, rest, value) } : group;
}

/**
 * Kubernetes tells every container about every service of its namespace; for one that is named "rekey" or "rekey-…"
 * with variables that look like ours. Source: Kubernetes, "Discovering services".
 */
function isServiceLink(variable: string, text: string): boolean {
  if (/_SERVICE_(HOST|PORT(_[A-Z0-9_]+)?)$/.test(variable)) return true;
  if (/_PORT_\d+_(TCP|UDP|SCTP)(_(PROTO|PORT|ADDR))?$/.test(variable)) return true;
  return variable.endsWith("_PORT") && /^(tcp|udp|sctp):\/\//.test(text);
}

function unknownVariable(variable: string, known: readonly string[]): ConfigurationProblem {
  const nearest = nearestName(variable, known);
  return {
    setting: variable,
    problem: "There is no such variable.",
    remedy: nearest === undefined ? "Remove it; docs/configuration.md lists all." : `Did you mean ${nearest}?`,
  };
}
