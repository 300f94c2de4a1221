// How does a browser know which site a code in a text message is for? By the last line: "@host #code".
//
// Spec: WICG "Origin-bound one-time codes delivered via SMS" §3 (message format). A browser that finds the line offers
// the code on that site only, so that a look-alike site is not offered it.

/** What is longer is not typed but followed as a link: there is nothing to fill in. */
const longestTypedCode = 20;

/** A token of the spec is anything but white space; hosts and codes of ours are narrower. */
const host = /^(?=.{1,253}$)[a-z0-9-]+(\.[a-z0-9-]+)*$/;
const code = /^[A-Za-z0-9_-]+$/;

/** `text` with the line at its end; unchanged where the line stands already, or where nothing is to be bound. */
export function bindToDomain(text: string, bound: { readonly host: string; readonly code: string }): string {
  const isTyped = bound.code.length <= longestTypedCode && code.test(bound.code);
  if (!isTyped || !host.test(bound.host)) return text;
  const line = `@${bound.host} #${bound.code}`;
  const lines = text.trimEnd().split(/\r\n|\r|\n/);
  return lines.at(-1) === line ? text.trimEnd() : `${text.trimEnd()}\n\n${line}`;
}
