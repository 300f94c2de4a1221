// Are these two names, addresses or numbers the same? The form in which identifiers of one realm are compared.

import { domainToASCII } from "node:url";

/**
 * Two identifiers are the same when their canonical forms are. The form is only for comparing: mail and messages go to
 * the address as it was stored, never to one that somebody typed. Undefined for what is not one plain identifier.
 * Incident: C5, C6, C8.
 */
export type Canonical = (text: string) => string | undefined;

/** In code points; Zitadel and our own protocol take up to 200. */
const longestUserName = 200;
/** In octets. Spec: RFC 5321 §4.5.3.1. */
const longestLocalPart = 64;
const longestAddress = 254;

/** What nobody sees: controls, unassigned, zero width, soft hyphen, variation selectors, turned writing directions. */
const invisible = /[\p{C}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/u;

/**
 * One mailbox and nothing else: no quoted local part, no comment, no group, no list, no route over "%" or "!".
 * Spec: RFC 5321 §4.1.2 (dot-string) with the letters of RFC 6531.
 */
const atom = String.raw`[\p{L}\p{M}\p{N}#$&'*+/=?^_\x60{|}~-]+`;
const label = String.raw`[\p{L}\p{M}\p{N}-]+`;
const mailbox = new RegExp(String.raw`^(?<local>${atom}(?:\.${atom})*)@(?<domain>${label}(?:\.${label})+)$`, "u");

/** The last label starts with a letter, so that no IP address is a domain. Spec: RFC 1123 §2.1. */
const asciiDomain = /^(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z](?:[a-z0-9-]{0,61}[a-z0-9])?$/;

/** Spec: ITU-T E.164, at most 15 digits. The shortest numbers in use abroad have 7. */
const e164 = /^\+[1-9][0-9]{6,14}$/;

export const canonicalUserName: Canonical = (text) => {
  const isPlain = text.length <= 2 * longestUserName && Array.from(text).length <= longestUserName;
  if (!isPlain || invisible.test(text) || text === "" || text.trim() !== text) return undefined;
  return fold(text);
};

export const canonicalEmail: Canonical = (address) => {
  if (Buffer.byteLength(address) > longestAddress || !mailbox.test(address)) return undefined;
  // Again for the NFKC form: a full-width comma or an enclosed digit hides signs that the first look does not see.
  const { local, domain } = mailbox.exec(address.normalize("NFKC"))?.groups ?? {};
  if (local === undefined || domain === undefined || Buffer.byteLength(local) > longestLocalPart) return undefined;
  const ascii = domainToASCII(domain);
  return asciiDomain.test(ascii) ? `${fold(local)}@${ascii}` : undefined;
};

/** Takes spaces, hyphens and points between the digits; the canonical form is E.164. */
export const canonicalPhone: Canonical = (number) => {
  const digits = number.slice(0, 40).replaceAll(/[ .-]/g, "");
  return number.length <= 40 && e164.test(digits) ? digits : undefined;
};

/**
 * By what a typed identifier is counted, whatever it turns out to be: every way to write one number or address is one.
 * What is no identifier of any kind stands for itself. Incident: C30.
 */
export function identifierKey(text: string): string {
  return canonicalPhone(text) ?? canonicalEmail(text) ?? canonicalUserName(text) ?? text;
}

/** What is wrong with it, in one sentence. */
export function userNameProblem(text: string): string | undefined {
  if (canonicalUserName(text) !== undefined) return undefined;
  return `Expected 1 to ${longestUserName} visible characters, with no space at either end.`;
}

export function emailProblem(address: string): string | undefined {
  if (canonicalEmail(address) !== undefined) return undefined;
  return "Expected one plain address, such as ann@example.org.";
}

export function phoneProblem(number: string): string | undefined {
  if (canonicalPhone(number) !== undefined) return undefined;
  return "Expected a number with + and the country code, such as +41446681800.";
}

/**
 * How texts are compared where case does not count.
 *
 * Compatible forms and cases are one: full-width letters, the Kelvin sign, the long s. A letter that only has the same
 * capital stays another one: nothing is ever turned to upper case, so that the dotless i does not meet i.
 * Spec: Unicode NFKC and the locale-independent lower case; the final sigma is a sigma. Incident: C6.
 */
export function fold(text: string): string {
  return text.normalize("NFKC").toLowerCase().replaceAll("\u03c2", "\u03c3").normalize("NFKC");
}
