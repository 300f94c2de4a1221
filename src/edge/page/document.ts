// What surrounds a screen? The document: language, styles, the brand, where help is, and a choice of languages.

import { directionOf } from "../../delivery/templates/find-language.ts";
import type { PageSettings } from "../../page/settings.ts";
import { hidden } from "./form-parts.ts";
import { apart, jsonBlock, type Markup, markup } from "./markup.ts";
import { screen } from "./screens.ts";
import type { Visit, Words } from "./visit.ts";

/** `withScript`: the script takes the first screen over. A screen that answers a form is a page by itself. */
export function pageDocument(visit: Visit, content: Markup, { withScript }: { readonly withScript: boolean }): string {
  const { page, texts } = visit;
  const logo = logoUrlOf(visit);
  const head = markup`${styles}
<link rel="stylesheet" href="${visit.address("/recover/brand.css")}">
<link rel="icon" href="${logo ?? "/recover/icon.svg"}">
${withScript ? script : undefined}`;
  const help = page.contact === "" ? undefined : markup`<p>${apart(texts.shared.help, { contact: page.contact })}</p>`;
  const body = markup`<header class="brand">${logo === undefined ? nameOf(visit) : markup`<img class="logo" src="${logo}" alt="${page.name}">`}</header>
<main id="app">
${content}
</main>
<footer class="foot">
${help}
${languageChoice(visit)}
</footer>
${withScript ? jsonBlock("settings", settingsOf(visit)) : undefined}`;
  return documentOf(visit, page.name, head, body);
}

/** For a host that no open realm has: says so, and nothing of anybody. */
export function closedDocument(words: Words): string {
  const { title, text } = words.texts.ends.closed;
  const body = markup`<main id="app">
${screen(title, markup`<p class="lead">${text}</p>`)}
</main>`;
  return documentOf(words, "", styles, body);
}

const styles = markup`<link rel="stylesheet" href="/recover/recover.css">`;
const script = markup`<script type="module" src="/recover/recover.js"></script>`;

function documentOf({ texts, language, direction }: Words, brand: string, head: Markup, body: Markup): string {
  const title = brand === "" ? texts.shared.title : `${texts.shared.title} · ${brand}`;
  return markup`<!doctype html>
<html lang="${language}" dir="${direction}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="robots" content="noindex">
<title>${title}</title>
${head}
</head>
<body>
${body}
</body>
</html>
`.html;
}

function nameOf({ page }: Visit): Markup | undefined {
  return page.name === "" ? undefined : markup`<span class="brand-name">${page.name}</span>`;
}

function logoUrlOf(visit: Visit): string | undefined {
  return visit.page.logo && visit.address("/recover/logo");
}

/** Buttons of a form, folded up: works without script, and leaves out nothing that the address says. */
function languageChoice(visit: Visit): Markup {
  const kept = [...visit.query].filter(([name]) => name !== "lang");
  const languages = languagesOf(visit);
  const buttons = languages.map(({ tag, name }) => {
    const current = tag === visit.language ? markup` aria-current="true"` : undefined;
    return markup`<button name="lang" value="${tag}" lang="${tag}" dir="${directionOf(tag)}"${current}>${name}</button>\n`;
  });
  const own = languages.find(({ tag }) => tag === visit.language)?.name ?? "";
  return markup`<details class="language-choice">
<summary>${visit.texts.shared.language}: ${own}</summary>
<form class="languages" method="get" action="/recover">
${kept.map(([name, value]) => hidden(name, value))}
${buttons}</form>
</details>`;
}

function settingsOf(visit: Visit): PageSettings {
  const { page, texts, language, direction } = visit;
  const { realmId, name, contact } = page;
  const logoUrl = logoUrlOf(visit);
  const brand = { name, contact, ...(logoUrl !== undefined && { logoUrl }) };
  return { realmId, language, direction, languages: languagesOf(visit), brand, texts };
}

/** Each by its own name. */
function languagesOf({ page }: Visit): PageSettings["languages"] {
  return [...page.texts.keys()].map((tag) => {
    const name = new Intl.DisplayNames([tag], { type: "language" }).of(tag) ?? tag;
    const [first = "", ...rest] = name;
    return { tag, name: first.toLocaleUpperCase(tag) + rest.join("") };
  });
}
