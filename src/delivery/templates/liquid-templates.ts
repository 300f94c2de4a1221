// How do templates become messages? Read and checked once, at start; then a message is texts, values and a layout.

import { join } from "node:path";

import { directionOf, findLanguage } from "./find-language.ts";
import { layOut } from "./layouts.ts";
import { entriesOf, readShelf, type Shelf } from "./read-shelf.ts";
import { isolate, type SaidValues, sayValues } from "./said-values.ts";
import { BrokenTemplates, type TemplateProblem } from "./template-problem.ts";
import type { Templates, Wording } from "./template.ts";
import { say, sayExpiries, sayTextMessage, sayTexts, type Texts } from "./texts.ts";

export type TemplateSettings = {
  /** Of the operator's own layouts and texts, a directory for each realm. Absent: the built-in set for everybody. */
  readonly directory?: string;
  readonly realms: readonly TemplateRealm[];
};

export type TemplateRealm = { readonly id: string; readonly defaultLanguage: string };

type Found = {
  readonly language: string;
  readonly texts: Texts;
  readonly values: SaidValues;
  readonly layouts: Shelf["layouts"];
};

const builtInDirectory = join(import.meta.dirname, "built-in");

/** Throws BrokenTemplates with everything that is wrong in any file. */
export async function liquidTemplates(settings: TemplateSettings): Promise<Templates> {
  const shelves = await readShelves(settings);
  const defaultLanguages = new Map(settings.realms.map(({ id, defaultLanguage }) => [id, defaultLanguage]));

  function find({ realmId, template, languages, values }: Wording): Found {
    const shelf = shelves.get(realmId);
    const texts = shelf?.templates.get(template);
    const language = findLanguage(texts ?? new Map(), languages, defaultLanguages.get(realmId) ?? "en");
    const found = language === undefined ? undefined : texts?.get(language);
    if (shelf === undefined || language === undefined || found === undefined) {
      throw new Error(`realm ${realmId} has no template ${template}`);
    }
    const expiries = sayExpiries(found.expiry, language, values);
    return { language, texts: found, values: sayValues(values, expiries, language), layouts: shelf.layouts };
  }

  return {
    has: (realmId, template) => shelves.get(realmId)?.templates.has(template) ?? false,

    list: (realmId) =>
      [...(shelves.get(realmId)?.templates ?? [])]
        .map(([name, texts]) => ({ name, languages: [...texts.keys()].toSorted() }))
        .toSorted((one, other) => (one.name < other.name ? -1 : 1)),

    async renderMail(wording) {
      const { language, texts, values, layouts } = find(wording);
      const direction = directionOf(language);
      const inText = direction === "rtl" ? isolate(values) : values;
      const message = { texts: sayTexts(texts, inText), values: inText, language, direction };
      return {
        subject: say(texts.subject, values),
        text: layOut("text", layouts.text, message),
        html: layOut("html", layouts.html, message),
        language,
        direction,
      };
    },

    async renderTextMessage(wording) {
      const { language, texts, values } = find(wording);
      return { text: sayTextMessage(texts, values), language };
    },
  };
}

/** A shelf for each realm. */
async function readShelves({ directory, realms }: TemplateSettings): Promise<ReadonlyMap<string, Shelf>> {
  const problems: TemplateProblem[] = [];
  const builtIn = await readShelf(builtInDirectory, { layouts: {}, templates: new Map() }, problems);
  const shelves = new Map(realms.map(({ id }) => [id, builtIn]));
  try {
    for (const { name, path, isDirectory } of directory === undefined ? [] : await entriesOf(directory)) {
      const realm = realms.find(({ id }) => id === name);
      if (realm === undefined || !isDirectory) {
        problems.push({ file: path, line: 1, problem: "Only directories called after a realm belong here." });
        continue;
      }
      const shelf = await readShelf(path, builtIn, problems);
      shelves.set(name, shelf);
      problems.push(...speechless(shelf, realm.defaultLanguage, path));
    }
  } catch (cause) {
    problems.push(unreadable(cause));
  }
  if (problems.length > 0) throw new BrokenTemplates(problems);
  return shelves;
}

/** What the system says about a file that is not there or not ours. Anything else is a fault. */
function unreadable(cause: unknown): TemplateProblem {
  const { code, path: file, syscall } = cause as NodeJS.ErrnoException;
  if (file === undefined || syscall === undefined) throw cause;
  return { file, line: 1, problem: `It cannot be read (${code}).` };
}

function speechless(shelf: Shelf, defaultLanguage: string, path: string): readonly TemplateProblem[] {
  return [...shelf.templates]
    .filter(([, texts]) => findLanguage(texts, [], defaultLanguage) === undefined)
    .map(([name]) => ({
      file: join(path, name),
      line: 1,
      problem: `It is there neither in the realm's language, ${defaultLanguage}, nor in English.`,
    }));
}
