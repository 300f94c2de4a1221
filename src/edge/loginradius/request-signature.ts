// Was a request signed with a secret of the app? HMAC-SHA-256 over its expiry, its address and its body.
//
// Vendor: LoginRadius, "API request signing". Its clients differ in how they write the time and the address: each form
// that a working client was seen to send is tried.

import { createHmac, timingSafeEqual } from "node:crypto";

import { hour, minute, type Instant } from "../../units.ts";
import type { VendorCode } from "./vendor-error.ts";

export type SignedRequest = {
  /** The headers X-Request-Expires and digest, as sent. */
  readonly expires: string | null;
  readonly digest: string | null;
  /** Host and target, as sent: "login.example.com/identity/v2/…?apiKey=…". */
  readonly address: string;
  readonly body: Uint8Array;
};

/** Clients write an hour ahead; a clock may be wrong by some minutes. */
const longestExpiry = hour + 5 * minute;

/** What is wrong with the signature, or nothing. */
export function signatureProblem(
  { expires, digest, address, body }: SignedRequest,
  secrets: readonly string[],
  now: Instant,
): VendorCode | undefined {
  if (digest === null) return 1207;
  if (expires === null) return 1210;
  const expiresAt = instantOf(expires);
  if (expiresAt === undefined) return 1211;
  if (expiresAt <= now || expiresAt > now + longestExpiry) return 1212;
  const given = Buffer.from(/^SHA-256=(.+)$/i.exec(digest.trim())?.[1] ?? "", "base64");
  const texts = addressForms(address).map((form) => `${expires}:${encoded(form)}`.toLowerCase());
  const isSigned = secrets.some((secret) => texts.some((text) => matches(given, secret, text, body)));
  return isSigned ? undefined : 1208;
}

function matches(given: Buffer, secret: string, text: string, body: Uint8Array): boolean {
  const hmac = createHmac("sha256", Buffer.from(secret, "latin1")).update(text);
  if (body.length > 0) hmac.update(":").update(body);
  const expected = hmac.digest();
  return given.length === expected.length && timingSafeEqual(given, expected);
}

/** Whoever signed knows the scheme; we are behind a proxy, or not. Some decode the address first. */
function addressForms(address: string): readonly string[] {
  const decoded = URL.canParse(`https://${address}`) ? decodedOf(address) : address;
  const forms = decoded === address ? [address] : [address, decoded];
  return forms.flatMap((form) => [`https://${form}`, `http://${form}`]);
}

function decodedOf(address: string): string {
  try {
    return decodeURIComponent(address);
  } catch {
    return address;
  }
}

/** Spec: RFC 3986 §2.3, what Python and .NET leave as it is. */
function encoded(text: string): string {
  return encodeURIComponent(text).replace(/[!'()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16)}`);
}

/** "2026-11-23 01:05:09", unpadded too, or with AM and PM. In UTC. */
const timeForm = /^(\d{4})-(\d{1,2})-(\d{1,2})[ T](\d{1,2}):(\d{1,2}):(\d{1,2})(?: ?([AP]M))?Z?$/i;

function instantOf(text: string): Instant | undefined {
  const parts = timeForm.exec(text.trim());
  if (parts === null) return undefined;
  const [year = 0, month = 1, day = 1, hours = 0, minutes = 0, seconds = 0] = parts.slice(1, 7).map(Number);
  const half = parts[7]?.toUpperCase();
  const hourOfDay = half === undefined ? hours : (hours % 12) + (half === "PM" ? 12 : 0);
  return Date.UTC(year, month - 1, day, hourOfDay, minutes, seconds);
}
