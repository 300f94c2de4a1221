// What can be said in a realm? The layouts and texts of one directory, over those of the built-in set.

import { readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";

import { checkTexts } from "./check-texts.ts";
import { isLanguage } from "./find-language.ts";
import { type Layout, layoutFiles, type Layouts, readLayout } from "./layouts.ts";
import { readTexts } from "./read-texts.ts";
import type { Report, TemplateProblem } from "./template-problem.ts";
import type { Texts } from "./texts.ts";

export type Shelf = {
  readonly layouts: Layouts;
  /** By name of the template, then by language. */
  readonly templates: ReadonlyMap<string, ReadonlyMap<string, Texts>>;
};

/** A shelf without layouts: what the built-in set stands on. */
export type Below = { readonly layouts: Partial<Layouts>; readonly templates: Shelf["templates"] };

/** Adds to `problems` whatever is wrong; the shelf is only good without any. */
export async function readShelf(directory: string, below: Below, problems: TemplateProblem[]): Promise<Shelf> {
  const layouts: Partial<Record<Layout, Layouts[Layout]>> = { ...below.layouts };
  const templates = new Map(below.templates);
  for (const { name, path, isDirectory } of await entriesOf(directory)) {
    const layout = (["html", "text"] as const).find((each) => layoutFiles[each] === name);
    if (isDirectory) {
      templates.set(name, await readTemplate(path, below.templates.get(name) ?? new Map(), problems));
    } else if (layout === undefined) {
      const files = Object.values(layoutFiles).join(" and ");
      problems.push({ file: path, line: 1, problem: `Only ${files} and directories of templates belong here.` });
    } else {
      const parsed = readLayout(layout, await readFile(path, "utf8"), reportAbout(path, problems));
      if (parsed !== undefined) layouts[layout] = parsed;
    }
  }
  return { layouts: layouts as Layouts, templates };
}

/** A text that a file leaves out is the one below in the same language. */
async function readTemplate(
  directory: string,
  below: ReadonlyMap<string, Texts>,
  problems: TemplateProblem[],
): Promise<ReadonlyMap<string, Texts>> {
  const languages = new Map(below);
  for (const { name, path } of await entriesOf(directory)) {
    const report = reportAbout(path, problems);
    const language = name.replace(/\.yaml$/, "");
    if (language === name || !isLanguage(language)) {
      report(1, "A file of texts is called after its language: en.yaml, pt-BR.yaml, zh-Hant.yaml.");
      continue;
    }
    const before = problems.length;
    const texts = { ...below.get(language), ...readTexts(await readFile(path, "utf8"), language, report) };
    // What could not be read is missing, and that is no second problem.
    if (problems.length === before) checkTexts(texts, language, report);
    languages.set(language, texts);
  }
  return languages;
}

type Entry = { readonly name: string; readonly path: string; readonly isDirectory: boolean };

/** In the order of names. Follows symbolic links, and passes over hidden names: that is how a ConfigMap is mounted. */
export async function entriesOf(directory: string): Promise<readonly Entry[]> {
  const names = (await readdir(directory)).filter((name) => !name.startsWith(".")).toSorted();
  const paths = names.map((name) => ({ name, path: join(directory, name) }));
  return Promise.all(paths.map(async (entry) => ({ ...entry, isDirectory: (await stat(entry.path)).isDirectory() })));
}

function reportAbout(file: string, problems: TemplateProblem[]): Report {
  return (line, problem) => problems.push({ file, line, problem });
}
