// How is each value said in a language? Cleaned of what is not text, the date written out.

import type { TemplateValues } from "./template.ts";

/** All that a text may name; empty is what the message has none of. */
export type SaidValues = Readonly<Record<string, string>>;

/**
 * Line ends and other control characters, line and paragraph separators, and what overrides the direction of writing:
 * each becomes a space, so that no value ends a header or a line, or turns the text beside it around.
 * Guard: ASVS 5.0 1.3.11.
 */
const notText = /[\p{Cc}\p{Zl}\p{Zp}\u202A-\u202E\u2066-\u2069]/gu;

/** What may stand in a right-to-left sentence although it is written from left to right. */
const isolatedNames = new Set(["display_name", "login_name", "brand_name", "request_number", "from_address"]);

/** Sentences, said before: how long the code lives, and how long the link. */
export type SaidExpiries = { readonly expiry: string; readonly link_expiry: string };

export function sayValues(values: TemplateValues, expiries: SaidExpiries, language: string): SaidValues {
  const { lifetime_minutes: _code, link_lifetime_minutes: _link, happened_at, ...texts } = values;
  const cleaned = Object.entries(texts).map(([name, text]) => [name, clean(text)]);
  return { ...Object.fromEntries(cleaned), happened_at: sayDate(happened_at, language), ...expiries };
}

/**
 * For running text from right to left: without isolation "7F3K-2M" would be shown as "F3K-2M7". A link is not touched.
 * Source: UAX #9, rules W2 and X5c.
 */
export function isolate(values: SaidValues): SaidValues {
  const firstStrongIsolate = "\u2068";
  const popDirectionalIsolate = "\u2069";
  const isolated = Object.entries(values).map(([name, text]) => [
    name,
    isolatedNames.has(name) && text !== "" ? firstStrongIsolate + text + popDirectionalIsolate : text,
  ]);
  return Object.fromEntries(isolated) as SaidValues;
}

function clean(text: string): string {
  return text.toWellFormed().replaceAll(notText, " ").trim();
}

/** With Latin digits everywhere, as in codes and counts. Nobody knows the reader's zone: it is UTC, and says so. */
function sayDate(date: Date, language: string): string {
  const format = new Intl.DateTimeFormat(`${language}-u-nu-latn`, {
    dateStyle: "long",
    timeStyle: "short",
    timeZone: "UTC",
  });
  return `${format.format(date)} UTC`;
}
