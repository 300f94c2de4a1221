// Which texts of the page may a realm replace, and what has to stay in them? Each by its path: "identify.title".

import type { PageTexts } from "./page-texts.ts";

/** The new texts of one language, by path; a form of a counted text has its name at the end of the path. */
export type TextOverrides = Readonly<Record<string, string>>;

type Tree = { readonly [name: string]: string | Tree };

/** Every path of a language, with its text. */
export function textsByPath(texts: PageTexts): ReadonlyMap<string, string> {
  return new Map(leavesOf(texts as unknown as Tree, ""));
}

/** The places of a text, each once, in the order of the alphabet. */
export function placesOf(text: string): readonly string[] {
  return [...new Set(text.match(/\{[a-zA-Z]+\}/g))].toSorted();
}

/** Undefined for a text that may take the place of the one at `path`. */
export function overrideProblem(original: ReadonlyMap<string, string>, path: string, text: string): string | undefined {
  const replaced = original.get(path);
  if (replaced === undefined) return "The page has no such text.";
  const known = placesOf(replaced);
  const foreign = placesOf(text).filter((place) => !known.includes(place));
  return foreign.length === 0 ? undefined : `${foreign.join(" and ")} cannot be filled in here.`;
}

export function withOverrides(texts: PageTexts, overrides: TextOverrides): PageTexts {
  return replaced(texts as unknown as Tree, "", overrides) as unknown as PageTexts;
}

function leavesOf(tree: Tree, path: string): [string, string][] {
  return Object.entries(tree).flatMap(([name, node]): [string, string][] =>
    typeof node === "string" ? [[path + name, node]] : leavesOf(node, `${path}${name}.`),
  );
}

function replaced(tree: Tree, path: string, overrides: TextOverrides): Tree {
  const entries = Object.entries(tree).map(([name, node]): [string, string | Tree] => [
    name,
    typeof node === "string" ? (overrides[path + name] ?? node) : replaced(node, `${path}${name}.`, overrides),
  ]);
  // The effects of a veto are a list.
  return Array.isArray(tree) ? (entries.map(([, node]) => node) as unknown as Tree) : Object.fromEntries(entries);
}
