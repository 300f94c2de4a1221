// Is this a form of our own page? Where it came from, what it is written in, how long it is, and what it holds.

import { readBody } from "../http/body.ts";
import type { HttpRequest } from "../http/exchange.ts";

export type Form =
  | { readonly kind: "read"; readonly fields: ReadonlyMap<string, string> }
  /** Answer `status`, and do nothing with it. */
  | { readonly kind: "refused"; readonly status: 400 | 403 | 413 | 415 };

/** Own bound: two sealed texts of at most 4,000 signs and a password of 1,000, each of its signs in 9 bytes. */
const largest = 32_768;

export async function readForm(request: HttpRequest): Promise<Form> {
  if (!isFromHere(request)) return { kind: "refused", status: 403 };
  if (!isForm(request.headers["content-type"])) return { kind: "refused", status: 415 };
  const body = await readBody(request, largest);
  switch (body.kind) {
    case "read": {
      const fields = [...new URLSearchParams(Buffer.from(body.bytes).toString())];
      // Two values of one name: another reader may see the other one. Guard: ASVS 5.0 15.3.7.
      const isOnce = new Set(fields.map(([name]) => name)).size === fields.length;
      return isOnce ? { kind: "read", fields: new Map(fields) } : { kind: "refused", status: 400 };
    }
    case "too_large":
      return { kind: "refused", status: 413 };
    case "unknown_encoding":
      return { kind: "refused", status: 415 };
    case "malformed":
    case "cut_short":
      return { kind: "refused", status: 400 };
  }
}

/**
 * Browsers say it in one of two headers; the second is "null" under our own no-referrer policy, so that it counts only
 * where the first is missing. What sends neither is no browser that another page could make post. There is no cookie or
 * sign-in that another page could use; it could only make its readers ask. Guard: ASVS 5.0 3.5.1.
 */
function isFromHere({ headers }: HttpRequest): boolean {
  const site = headers["sec-fetch-site"];
  if (site !== undefined) return site === "same-origin" || site === "none";
  const { origin } = headers;
  if (origin === undefined) return true;
  return URL.canParse(origin) && new URL(origin).host === String(headers[":authority"] ?? headers.host);
}

/** Multipart is for files; there are none. Guard: ASVS 5.0 3.5.2. */
function isForm(contentType: string | undefined): boolean {
  return /^application\/x-www-form-urlencoded\s*(;|$)/i.test(contentType ?? "");
}
