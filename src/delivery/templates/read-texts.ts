// What does a file of texts say? YAML with known names only, each problem told with its line.

import { isMap, isScalar, isSeq, LineCounter, parseDocument, type ParsedNode, type Scalar } from "yaml";

import { parse, type Parsed, plainText } from "./liquid-engine.ts";
import { isPluralForm, type PluralForm, pluralForms } from "./plural.ts";
import { sampleExpiries, sampleValues } from "./preview.ts";
import { sayValues } from "./said-values.ts";
import type { Report } from "./template-problem.ts";
import { type Expiry, expiryUnits, fewestHours, listNames, singleNames, type Text, type Texts } from "./texts.ts";

type Node = ParsedNode | null;
type Place = { readonly lineOf: (node: Node) => number; readonly report: Report };

/** What each name may stand for. */
const samples = sayValues(sampleValues("password_reset"), sampleExpiries, "en");
const expirySamples = { count: 10 };

/** What could not be read is reported and left out. */
export function readTexts(source: string, language: string, report: Report): Texts {
  const lines = new LineCounter();
  const document = parseDocument(source, { lineCounter: lines, prettyErrors: false });
  for (const error of document.errors) report(lines.linePos(error.pos[0]).line, `It is not YAML: ${error.message}.`);
  if (document.errors.length > 0) return {};

  const lineOf = (node: Node): number => (node === null ? 1 : lines.linePos(node.range[0]).line);
  const place = { lineOf, report };
  const texts = membersOf(document.contents, "the file", place).map(([name, value, line]) => {
    if (name === "expiry") return [name, readExpiry(value, language, place)];
    if (singleNames.some((known) => known === name)) return [name, readText(value, place)];
    if (listNames.some((known) => known === name)) return [name, readList(value, name, place)];
    report(line, `Nothing is called ${name} here; there are ${[...singleNames, ...listNames, "expiry"].join(", ")}.`);
    return [name, undefined];
  });
  return Object.fromEntries(texts.filter(([, text]) => text !== undefined)) as Texts;
}

/** One wording, or a list of wordings. */
function readText(node: Node, place: Place): Text {
  const wordings = isSeq(node) ? node.items : [node];
  return wordings.map((wording) => readWording(wording, samples, place)).filter((parsed) => parsed !== undefined);
}

function readList(node: Node, name: string, place: Place): readonly Text[] {
  if (isSeq(node)) return node.items.map((text) => readText(text, place));
  place.report(place.lineOf(node), `${name} is a list of texts.`);
  return [];
}

function readWording(node: Node, samples: Readonly<Record<string, unknown>>, place: Place): Parsed | undefined {
  const line = place.lineOf(node);
  if (isScalar(node) && typeof node.value === "string") {
    // The text of a block starts below the sign that opens it.
    const first = isBlock(node) ? line + 1 : line;
    return parse(plainText, node.value, samples, first, place.report);
  }
  place.report(line, "This has to be text; put it in quotes.");
  return undefined;
}

/** `minutes` and `hours`, each with the forms that the language has for its counts. */
function readExpiry(node: Node, language: string, place: Place): Expiry {
  const units = new Map(membersOf(node, "expiry", place).map(([name, value, line]) => [name, { value, line }]));
  for (const [name, { line }] of units) {
    if (expiryUnits.every((unit) => unit !== name)) place.report(line, `expiry has minutes and hours, not ${name}.`);
  }
  const formsOf = (unit: (typeof expiryUnits)[number], first: number) => {
    const found = units.get(unit);
    if (found === undefined) place.report(place.lineOf(node), `expiry needs ${unit}.`);
    return found === undefined ? new Map() : readForms(found.value, found.line, pluralForms(language, first), place);
  };
  return { minutes: formsOf("minutes", 0), hours: formsOf("hours", fewestHours) };
}

function readForms(
  node: Node,
  line: number,
  needed: ReadonlySet<PluralForm>,
  place: Place,
): ReadonlyMap<PluralForm, Parsed> {
  const forms = new Map<PluralForm, Parsed>();
  const seen = new Set<string>();
  for (const [name, value, at] of membersOf(node, "plural forms", place)) {
    seen.add(name);
    if (!isPluralForm(name)) place.report(at, `${name} is no plural form.`);
    const wording = readWording(value, expirySamples, place);
    if (isPluralForm(name) && wording !== undefined) forms.set(name, wording);
  }
  const missing = [...needed].filter((form) => !seen.has(form));
  if (missing.length > 0) place.report(line, `The language counts with ${missing.join(", ")} too.`);
  return forms;
}

function membersOf(node: Node, what: string, place: Place): (readonly [string, Node, number])[] {
  if (isMap(node)) {
    return node.items.map((pair) => [
      isScalar(pair.key) ? String(pair.key.value) : "",
      pair.value,
      place.lineOf(pair.key),
    ]);
  }
  place.report(place.lineOf(node), `Names with texts are wanted for ${what}.`);
  return [];
}

function isBlock(node: Scalar): boolean {
  return node.type === "BLOCK_FOLDED" || node.type === "BLOCK_LITERAL";
}
