// What do the files say that hold secrets? Puts each secret in the place of the setting that names its file.

import { isGroup } from "./draft.ts";
import type { Draft } from "./environment.ts";
import { formatPath, type SettingPath } from "./problem.ts";
import { fileEnding, nodeAt } from "./setting-tree.ts";

/** Reads a whole file as text; throws when it cannot. */
export type ReadFile = (path: string) => string;

/** A secret that is not known, and why. `path` is where it belongs, `setting` the one to look at. */
export type MissingSecret = {
  readonly path: string;
  readonly setting: string;
  readonly problem: string;
  readonly remedy: string;
};

export type Unsealed = { readonly draft: Draft; readonly missing: readonly MissingSecret[] };

export function readSecretFiles(draft: Draft, readFile: ReadFile): Unsealed {
  const missing: MissingSecret[] = [];

  function unseal(value: unknown, path: SettingPath): unknown {
    if (Array.isArray(value)) return value.map((entry, index) => unseal(entry, [...path, index]));
    if (!isGroup(value)) return value;
    const members = Object.entries(value).map(([name, member]): [string, unknown] => {
      const secret = name.endsWith(fileEnding) ? name.slice(0, -fileEnding.length) : name;
      const isNamed = secret !== name && nodeAt([...path, secret])?.["x-secret"] === true;
      if (!isNamed || typeof member !== "string") return [name, unseal(member, [...path, name])];
      return [secret, secretOf(value, { secret, file: member }, path)];
    });
    return Object.fromEntries(members);
  }

  function secretOf(group: Draft, { secret, file }: { secret: string; file: string }, path: SettingPath): unknown {
    const place = { path: formatPath([...path, secret]), setting: formatPath([...path, secret + fileEnding]) };
    if (group[secret] !== undefined) {
      missing.push({ ...place, problem: `There is ${secret}, too.`, remedy: "Keep one of the two." });
      return undefined;
    }
    try {
      return readFile(file).trim();
    } catch (error) {
      missing.push({ ...place, problem: unreadable(error), remedy: "Name a file that Rekey may read." });
      return undefined;
    }
  }

  return { draft: unseal(draft, []) as Draft, missing };
}

/** Says why a file cannot be read, without its name or content. */
export function unreadable(error: unknown): string {
  const code = isGroup(error) && typeof error["code"] === "string" ? ` (${error["code"]})` : "";
  return `The file cannot be read${code}.`;
}
