// How does a text get into HTML? Escaped, always: a template holds markup, and its values cannot bring any.
// Guard: ASVS 5.0 1.2.1.

/** HTML that was made here. */
export type Markup = { readonly html: string };

type Value = string | Markup | readonly Markup[] | undefined;

/** Values may stand in text, and in attributes between double quotes. An absent one is nothing. */
export function markup(template: TemplateStringsArray, ...values: readonly Value[]): Markup {
  return { html: template.reduce((text, piece, index) => text + inHtml(values[index - 1]) + piece) };
}

/** A text whose places are filled in by what has a writing direction of its own: addresses, numbers. */
export function apart(text: string, values: Readonly<Record<string, string>>): Markup {
  const parts = text.split(/\{([a-zA-Z]+)\}/);
  return markup`${parts.map((part, index) => (index % 2 === 0 ? markup`${part}` : markup`<bdi>${values[part]}</bdi>`))}`;
}

function inHtml(value: Value): string {
  if (value === undefined) return "";
  if (typeof value === "string") return escaped(value);
  return "html" in value ? value.html : value.map(({ html }) => html).join("");
}

function escaped(text: string): string {
  return text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;")
    .replaceAll("'", "&#39;");
}

/** For a block of data. No sign in it ends the block or begins a comment; JSON reads the escape as the same sign. */
export function jsonBlock(id: string, content: object): Markup {
  const json = JSON.stringify(content).replaceAll("<", "\\u003c");
  return { html: `<script type="application/json" id="${id}">${json}</script>` };
}
