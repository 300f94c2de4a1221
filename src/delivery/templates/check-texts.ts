// Can a message be made of these texts, whatever it has and lacks? Asked at start, so that no recipient finds out.

import { sampleValues } from "./preview.ts";
import { sayValues } from "./said-values.ts";
import type { Report } from "./template-problem.ts";
import { requiredNames, say, sayAll, sayExpiries, sayTextMessage, type Texts } from "./texts.ts";

const sample = sampleValues("password_reset");
const empty = Object.fromEntries(
  Object.entries(sample)
    .filter(([, value]) => typeof value === "string")
    .map(([name]) => [name, ""]),
);

/** `texts` as they are used: a realm's own over the built-in ones. Everything is told about the first line. */
export function checkTexts(texts: Texts, language: string, report: Report): void {
  const missing = requiredNames.filter((name) => texts[name] === undefined);
  for (const name of missing) report(1, `${name} is missing.`);
  if (missing.length > 0) return;

  const bare = sayValues({ ...sample, ...empty }, sayExpiries(texts.expiry, language, sample), language);
  const needsPlainWording = [
    ...(["subject", "heading"] as const).filter((name) => say(texts[name], bare) === ""),
    ...(["paragraphs"] as const).filter((name) => sayAll(texts[name], bare).length === 0),
  ];
  for (const name of needsPlainWording) report(1, `${name} needs a wording without values: any of them may be empty.`);

  const namedInSms = new Set((texts.sms ?? []).flat().flatMap(({ names }) => names));
  for (const name of ["code", "link"] as const) {
    const message = sayTextMessage(texts, { ...bare, [name]: sample[name] });
    const isSaid = namedInSms.has(name) ? message.includes(sample[name]) : message !== "";
    if (!isSaid) report(1, `sms needs a wording for a message that has a ${name} and nothing else.`);
  }
}
