// How is a request body read without trusting its size? Whole, within a bound, before and after decompression.

import { promisify } from "node:util";
import { gunzip } from "node:zlib";
import type { HttpRequest } from "./exchange.ts";
import { readWhole } from "./read-whole.ts";

export type Body =
  | { readonly kind: "read"; readonly bytes: Buffer }
  /** Answer 413. */
  | { readonly kind: "too_large" }
  /** Answer 415. */
  | { readonly kind: "unknown_encoding"; readonly encoding: string }
  /** Answer 400: not what its Content-Encoding says. */
  | { readonly kind: "malformed" }
  /** The client went away: nobody hears an answer. */
  | { readonly kind: "cut_short" };

/** The only Content-Encoding taken beside identity: what every HTTP client can send. */
export const acceptedEncoding = "gzip";

const unzip = promisify(gunzip);

export async function readBody(request: HttpRequest, maxBytes: number): Promise<Body> {
  const encoding = (request.headers["content-encoding"] ?? "identity").trim().toLowerCase();
  if (encoding !== "identity" && encoding !== acceptedEncoding) return { kind: "unknown_encoding", encoding };
  if (Number(request.headers["content-length"] ?? 0) > maxBytes) return { kind: "too_large" };
  const sent = await readWhole(request, maxBytes);
  if (sent.kind === "gone") return { kind: "cut_short" };
  if (sent.kind === "too_large") return { kind: "too_large" };
  const { bytes } = sent;
  return encoding === "identity" || bytes.byteLength === 0 ? { kind: "read", bytes } : decompress(bytes, maxBytes);
}

async function decompress(bytes: Uint8Array, maxBytes: number): Promise<Body> {
  try {
    return { kind: "read", bytes: await unzip(bytes, { maxOutputLength: maxBytes }) };
  } catch (cause) {
    const tooLarge = (cause as NodeJS.ErrnoException).code === "ERR_BUFFER_TOO_LARGE";
    return tooLarge ? { kind: "too_large" } : { kind: "malformed" };
  }
}
