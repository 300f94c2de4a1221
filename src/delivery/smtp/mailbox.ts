// Is this one mailbox, and how is it written on the wire? Nothing else is ever handed to a parser of addresses.
//
// Incident: C5 (lists), C8 (quoted local parts, groups, comments); Guard: ASVS 5.0 1.5.3.

import { domainToASCII, domainToUnicode } from "node:url";

/** In octets. Spec: RFC 5321 §4.5.3.1. */
const longestLocalPart = 64;
const longestAddress = 254;

/**
 * One mailbox and nothing else: no quotes, no comment, no group, no list, no route over "%" or "!". The directory takes
 * the same. Spec: RFC 5321 §4.1.2 (dot-string) with the letters of RFC 6531.
 */
const atom = String.raw`[\p{L}\p{M}\p{N}#$&'*+/=?^_\x60{|}~-]+`;
const label = String.raw`[\p{L}\p{M}\p{N}-]+`;
const mailbox = new RegExp(String.raw`^(?<local>${atom}(?:\.${atom})*)@(?<domain>${label}(?:\.${label})+)$`, "u");

/** The last label starts with a letter, so that no IP address is a domain. Spec: RFC 1123 §2.1. */
const asciiDomain = /^(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z](?:[a-z0-9-]{0,61}[a-z0-9])?$/;

/**
 * The local part as it was stored, to the letter; the domain as DNS knows it, or in its own letters where the local part
 * needs SMTPUTF8 in any case (RFC 6531). Undefined for what is not exactly one plain mailbox.
 */
export function wireMailbox(address: string): string | undefined {
  if (Buffer.byteLength(address) > longestAddress) return undefined;
  const { local, domain } = mailbox.exec(address)?.groups ?? {};
  // Again for the NFKC form: a full-width comma or an enclosed digit hides signs that the first look does not see.
  if (local === undefined || domain === undefined || !mailbox.test(address.normalize("NFKC"))) return undefined;
  const ascii = domainToASCII(domain);
  if (Buffer.byteLength(local) > longestLocalPart || !asciiDomain.test(ascii)) return undefined;
  const isAscii = /^\p{ASCII}+$/u.test(local);
  return `${local}@${isAscii ? ascii : domainToUnicode(ascii)}`;
}
