// Where may a link point, and what does it say? URL templates, checked when they come in and filled in when sent.
//
// The host comes from the realm's list only. No header of any request is ever read here.
// Incident: C1 to C4 (host-header poisoning), C18 (script in a target); Guard: ASVS 5.0 1.2.2.

import { Refusal } from "./refusal.ts";

export type LinkName = "UserID" | "BareUserID" | "Code" | "OrgID" | "LoginName" | "Token" | "RequestNumber";

/** What a link of the public recovery may name; it has to name the token. */
export const recoveryLinkNames = ["Token", "RequestNumber"] as const satisfies readonly LinkName[];

/** The same for a token that does not say whose it is. `BareUserID` is the id without its hyphens. */
export const bareTokenLinkNames = [...recoveryLinkNames, "UserID", "BareUserID"] as const satisfies readonly LinkName[];

export type LinkRules = {
  /** The names that a template may use. */
  readonly names: readonly LinkName[];
  /** Whether `{{.Code}}` has to occur. */
  readonly codeRequired: boolean;
  /** Host names, with the port where it is not the scheme's own; a loopback name without a port allows every port. */
  readonly hosts: readonly string[];
};

/** A template that was checked: text and names by turns, text first and last. */
export type LinkTemplate = { readonly texts: readonly string[]; readonly names: readonly LinkName[] };

const placeholder = /\{\{\s*\.([A-Za-z][A-Za-z0-9]*)\s*\}\}/g;
const loopbackHosts = new Set(["localhost", "127.0.0.1", "[::1]"]);

/** Checks a template against the realm's rules; refuses with `url_template_invalid` and the reason. */
export function parseLinkTemplate(template: string, rules: LinkRules): LinkTemplate {
  const texts: string[] = [];
  const names: LinkName[] = [];
  let end = 0;
  for (const match of template.matchAll(placeholder)) {
    const name = rules.names.find((known) => known === match[1]);
    if (name === undefined) {
      const known = rules.names.map((each) => `{{.${each}}}`).join(", ");
      refuse("unknown_name", `{{.${match[1]}}} is not known; use ${known}`);
    }
    texts.push(template.slice(end, match.index));
    names.push(name);
    end = match.index + match[0].length;
  }
  texts.push(template.slice(end));
  if (texts.some((text) => text.includes("{{") || text.includes("}}"))) {
    refuse("syntax", "placeholders are written {{.Name}}");
  }
  if (rules.codeRequired && !names.includes("Code")) refuse("no_code", "the template has to contain {{.Code}}");
  refuseForeignTarget(texts, rules.hosts);
  return { texts, names };
}

/** Fills in a template; every value is URL-encoded. */
export function renderLink(template: LinkTemplate, values: Readonly<Partial<Record<LinkName, string>>>): string {
  return template.texts.reduce((link, text, index) => {
    const name = template.names[index - 1];
    return link + (name === undefined ? "" : encodeURIComponent(values[name] ?? "")) + text;
  });
}

function refuseForeignTarget(texts: readonly string[], hosts: readonly string[]): void {
  // The part before the first placeholder has to hold the whole origin, so that no value can shape it.
  const start = texts[0] ?? "";
  const whole = texts.length === 1 ? `${start}/` : start;
  // Control characters, spaces and back-slashes are read differently by different browsers.
  // oxlint-disable-next-line no-control-regex -- to refuse them is the point
  if (/[\u0000-\u0020\u007f\\]/.test(texts.join("")))
    refuse("target_not_allowed", "only plain URL characters may occur");
  if (!/^https?:\/\/[^/?#@]+[/?#]/.test(whole)) {
    refuse(
      "target_not_allowed",
      "it has to start with https:// and a host, without a user name or a placeholder in them",
    );
  }
  if (!URL.canParse(texts.join("x"))) refuse("target_not_allowed", "it is not a URL");
  const url = new URL(texts.join("x"));
  const isLoopback = loopbackHosts.has(url.hostname);
  if (url.protocol !== "https:" && !isLoopback) refuse("target_not_allowed", "the scheme has to be https");
  if (hosts.includes(url.host) || (isLoopback && hosts.includes(url.hostname))) return;
  refuse("target_not_allowed", `the host ${url.host} is not on the realm's list of link hosts`);
}

function refuse(problem: "syntax" | "unknown_name" | "no_code" | "target_not_allowed", description: string): never {
  throw new Refusal({ reason: "url_template_invalid", problem, description });
}
