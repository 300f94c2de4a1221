// With which configuration does Rekey start, or why does it not? Reads file and environment, and tells all problems.

import type { Configuration } from "./configuration.ts";
import { describeIssue } from "./describe-issue.ts";
import { applyEnvironment, type Environment } from "./environment.ts";
import { fileVariable } from "./list-settings.ts";
import { type ConfigurationProblem, formatPath } from "./problem.ts";
import { readConfigurationFile } from "./read-configuration-file.ts";
import { configurationSchema } from "./schema.ts";
import { type ReadFile, readSecretFiles } from "./secret-files.ts";
import { fileEnding } from "./setting-tree.ts";
import { tlsFileProblems } from "./tls-files.ts";
import { toConfiguration } from "./to-configuration.ts";

export type LoadedConfiguration =
  | { readonly kind: "valid"; readonly configuration: Configuration }
  /** Every problem that could be found at once; never empty. */
  | { readonly kind: "invalid"; readonly problems: readonly ConfigurationProblem[] };

/** The environment wins over the file that REKEY_CONFIG_FILE names. Paths are relative to the working directory. */
export function loadConfiguration(from: {
  readonly environment: Environment;
  readonly readFile: ReadFile;
}): LoadedConfiguration {
  const { environment, readFile } = from;
  const path = environment[fileVariable];
  // Without a file and without a word about it, Rekey is being tried out.
  const file = path ? readConfigurationFile(path, fileVariable, readFile) : { draft: { mode: "demo" }, problems: [] };
  // What a broken file does not say would only be missed here.
  if (file.problems.length > 0) return { kind: "invalid", problems: file.problems };

  const { draft, sources, problems } = applyEnvironment(file.draft, environment);
  const unsealed = readSecretFiles(draft, readFile);
  const parsed = configurationSchema.safeParse(unsealed.draft, { reportInput: true });

  const missing = new Set(unsealed.missing.map(({ path }) => path));
  const issues = (parsed.error?.issues ?? [])
    .flatMap(describeIssue)
    .map(({ path, problem, remedy }) => ({ setting: formatPath(path), problem, remedy }))
    .filter(({ setting }) => !missing.has(setting));
  const found: readonly ConfigurationProblem[] = [
    ...unsealed.missing,
    ...issues,
    ...(parsed.data?.tls ? tlsFileProblems(parsed.data.tls, readFile) : []),
  ];
  // A setting that came from a variable is known to its operator by the variable's name.
  const named = found.map(({ setting, problem, remedy }) => {
    const variable = sources.get(setting) ?? sources.get(setting + fileEnding);
    return { setting: variable ?? setting, problem, remedy };
  });
  const all = [...problems, ...named];
  if (!parsed.success || all.length > 0) return { kind: "invalid", problems: all };
  return { kind: "valid", configuration: toConfiguration(parsed.data) };
}
