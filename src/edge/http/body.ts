// How is a request body read without trusting its size? Whole, within a bound, before and after decompression.

import { promisify } from "node:util";
import { gunzip } from "node:zlib";
import type { HttpRequest } from "./exchange.ts";
import { chunksOf } from "./unread.ts";

export type Body =
  | { readonly kind: "read"; readonly bytes: Uint8Array }
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
  const sent = await collect(request, maxBytes);
  if (sent.kind !== "read" || encoding === "identity" || sent.bytes.byteLength === 0) return sent;
  return decompress(sent.bytes, maxBytes);
}

async function collect(request: HttpRequest, maxBytes: number): Promise<Body> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  try {
    for await (const chunk of chunksOf(request)) {
      size += chunk.byteLength;
      if (size > maxBytes) return { kind: "too_large" };
      chunks.push(chunk);
    }
  } catch {
    return { kind: "cut_short" };
  }
  return { kind: "read", bytes: chunks.length === 1 ? (chunks[0] as Uint8Array) : Buffer.concat(chunks, size) };
}

async function decompress(bytes: Uint8Array, maxBytes: number): Promise<Body> {
  try {
    return { kind: "read", bytes: await unzip(bytes, { maxOutputLength: maxBytes }) };
  } catch (cause) {
    const tooLarge = (cause as NodeJS.ErrnoException).code === "ERR_BUFFER_TOO_LARGE";
    return tooLarge ? { kind: "too_large" } : { kind: "malformed" };
  }
}
