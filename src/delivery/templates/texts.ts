// What can be said in one message, in one language? The names of its texts, and how one is chosen and said.

import { type Parsed, plainText, render } from "./liquid-engine.ts";
import { type PluralForm, pluralForm } from "./plural.ts";
import type { SaidExpiries, SaidValues } from "./said-values.ts";
import type { TemplateValues } from "./template.ts";

/** Wordings, the preferred one first: the first whose values are all there is said; if none is, the text is left out. */
export type Text = readonly Parsed[];

export const singleNames = [
  "subject",
  "preheader",
  "heading",
  "greeting",
  "button",
  "link_hint",
  "code_label",
  "not_you",
  "veto",
  "help",
] as const;
export const listNames = ["paragraphs", "details", "sms"] as const;
/** What no message is without. */
export const requiredNames = ["subject", "heading", "paragraphs", "sms"] as const;

/** How long the code lives, by the unit that it is counted in and the plural form of the count. */
export const expiryUnits = ["minutes", "hours"] as const;
export type Expiry = Readonly<Record<(typeof expiryUnits)[number], ReadonlyMap<PluralForm, Parsed>>>;

export type Texts = Readonly<Partial<Record<(typeof singleNames)[number], Text>>> &
  Readonly<Partial<Record<(typeof listNames)[number], readonly Text[]>>> & { readonly expiry?: Expiry };

export type SaidTexts = Readonly<Record<(typeof singleNames)[number], string>> &
  Readonly<Record<(typeof listNames)[number], readonly string[]>>;

/** Hours are counted from two on, and only whole ones. */
export const fewestHours = 2;

export function sayExpiries(
  expiry: Expiry | undefined,
  language: string,
  lifetimes: Pick<TemplateValues, "lifetime_minutes" | "link_lifetime_minutes">,
): SaidExpiries {
  return {
    expiry: sayExpiry(expiry, language, lifetimes.lifetime_minutes),
    link_expiry: sayExpiry(expiry, language, lifetimes.link_lifetime_minutes),
  };
}

function sayExpiry(expiry: Expiry | undefined, language: string, minutes: number): string {
  if (expiry === undefined) return "";
  const inHours = minutes >= fewestHours * 60 && minutes % 60 === 0;
  const count = inHours ? minutes / 60 : minutes;
  const forms = expiry[inHours ? "hours" : "minutes"];
  const wording = forms.get(pluralForm(language, count)) ?? forms.get("other");
  if (wording === undefined) throw new Error(`${language} has no form for ${count}`);
  return render(plainText, wording, { count }).trim();
}

export function say(text: Text | undefined, values: SaidValues): string {
  const wording = text?.find(({ names }) => names.every((name) => values[name] !== ""));
  return wording === undefined ? "" : render(plainText, wording, values).trim();
}

export function sayAll(texts: readonly Text[] | undefined, values: SaidValues): readonly string[] {
  return (texts ?? []).map((text) => say(text, values)).filter((said) => said !== "");
}

export function sayTextMessage(texts: Texts, values: SaidValues): string {
  return sayAll(texts.sms, values).join(" ");
}

export function sayTexts(texts: Texts, values: SaidValues): SaidTexts {
  const single = singleNames.map((name) => [name, say(texts[name], values)]);
  const lists = listNames.map((name) => [name, sayAll(texts[name], values)]);
  return Object.fromEntries([...single, ...lists]) as SaidTexts;
}
