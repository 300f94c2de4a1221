// What does the configuration file say? YAML 1.2 (JSON is YAML) as plain data; an empty setting is as good as none.

import { LineCounter, parseDocument } from "yaml";

import { isGroup } from "./draft.ts";
import type { Draft } from "./environment.ts";
import type { ConfigurationProblem } from "./problem.ts";
import { type ReadFile, unreadable } from "./secret-files.ts";

export type FileContent = { readonly draft: Draft; readonly problems: readonly ConfigurationProblem[] };

/** `setting` is what named the file. */
export function readConfigurationFile(path: string, setting: string, readFile: ReadFile): FileContent {
  const nothing = (problem: string, remedy: string): FileContent => ({
    draft: {},
    problems: [{ setting, problem, remedy }],
  });
  let text: string;
  try {
    text = readFile(path);
  } catch (error) {
    return nothing(unreadable(error), "Name a YAML or JSON file that Rekey may read.");
  }
  const lines = new LineCounter();
  // The parser's own messages quote the text around the error, which may be a secret: only place and kind are told.
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const [error] = document.errors;
  if (error !== undefined) {
    const { line, col } = lines.linePos(error.pos[0]);
    return nothing(`It is not YAML: line ${line}, column ${col} (${error.code}).`, "Correct the line.");
  }
  let content: unknown;
  try {
    // An alias may stand for aliases, and these for more ("billion laughs"); a configuration needs few.
    content = withoutEmpty(document.toJS({ maxAliasCount: 100 }) ?? {});
  } catch {
    return nothing("It has an alias without an anchor, or far too many.", "Write out what the alias stands for.");
  }
  if (!isGroup(content)) return nothing("It is not a group of settings.", "Write `name: value` lines.");
  return { draft: content, problems: [] };
}

function withoutEmpty(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutEmpty);
  if (!isGroup(value)) return value;
  const members = Object.entries(value).filter(([, member]) => member !== null);
  return Object.fromEntries(members.map(([name, member]) => [name, withoutEmpty(member)]));
}
