// How does a text get its values? Places are filled in, and counts choose the form that the language has for them.

import type { Counted } from "./page-texts.ts";

/** A place without a value stays as it is, to be seen. */
export function say(text: string, values: Readonly<Record<string, string>>): string {
  return text.replace(/\{([a-zA-Z]+)\}/g, (place, name: string) => values[name] ?? place);
}

export function sayCount(texts: Counted, count: number, language: string): string {
  const text = texts[new Intl.PluralRules(language).select(count)] ?? texts.other;
  return say(text, { count: new Intl.NumberFormat(language).format(count) });
}
