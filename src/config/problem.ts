// What is said about a setting that cannot be? One problem, in three parts.

export type ConfigurationProblem = {
  /** Where: the setting's path ("realms[0].codes.code.length") or the variable's name ("REKEY_LISTEN_PORT"). */
  readonly setting: string;
  /** What is wrong, as a sentence. Never quotes a value: it may be a secret. */
  readonly problem: string;
  /** What to do, as a sentence. */
  readonly remedy: string;
};

/** A way through the configuration: names of settings, and places in lists. */
export type SettingPath = readonly (string | number)[];

/** For people: `realms[0].id`. */
export function formatPath(path: SettingPath): string {
  return path.reduce<string>((text, part) => {
    if (typeof part === "number") return `${text}[${part}]`;
    return text === "" ? part : `${text}.${part}`;
  }, "");
}

/** All problems as text for a terminal, one paragraph each. */
export function formatProblems(problems: readonly ConfigurationProblem[]): string {
  return problems.map(({ setting, problem, remedy }) => `${setting}\n  ${problem}\n  ${remedy}\n`).join("\n");
}
