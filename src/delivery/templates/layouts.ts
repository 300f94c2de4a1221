// What does a message look like? One layout in HTML and one in plain text, for all templates and languages.

import { html, parse, type Parsed, plainText, render } from "./liquid-engine.ts";
import { sampleExpiries, sampleValues } from "./preview.ts";
import { type SaidValues, sayValues } from "./said-values.ts";
import type { Report } from "./template-problem.ts";
import { type SaidTexts, sayTexts } from "./texts.ts";

export type Layout = "html" | "text";
export type Layouts = Readonly<Record<Layout, Parsed>>;

/** As realms name their own. */
export const layoutFiles = { html: "layout.html.liquid", text: "layout.text.liquid" } as const;

const engines = { html, text: plainText };

const sampleMessage = {
  texts: sayTexts({}, {}),
  values: sayValues(sampleValues("password_reset"), sampleExpiries, "en"),
  language: "en",
  direction: "ltr",
} as const;

type Message = {
  readonly texts: SaidTexts;
  readonly values: SaidValues;
  readonly language: string;
  readonly direction: "ltr" | "rtl";
};

export function readLayout(layout: Layout, source: string, report: Report): Parsed | undefined {
  const parsed = parse(engines[layout], source, namesIn(sampleMessage), 1, report);
  if (parsed === undefined) return undefined;
  // A layout that forgets the link or the code makes every message useless.
  const written = layOut(layout, parsed, sampleMessage);
  for (const name of ["link", "code"]) {
    if (!written.includes(sampleMessage.values[name] ?? "")) report(1, `It does not show {{ ${name} }}.`);
  }
  return parsed;
}

export function layOut(layout: Layout, parsed: Parsed, message: Message): string {
  // So that a layout may leave texts out without care for the lines around them.
  return render(engines[layout], parsed, namesIn(message))
    .replaceAll(/[^\S\n]+$/gm, "")
    .replaceAll(/\n{3,}/g, "\n\n")
    .trim()
    .concat("\n");
}

/** All that a layout may name. */
function namesIn({ texts, values, language, direction }: Message): Readonly<Record<string, unknown>> {
  return { ...texts, ...values, language, direction };
}
