// Which compressions do we speak? gzip and brotli, at a quality that costs little, and by the client's preference.

import { promisify } from "node:util";
import { brotliCompress, constants } from "node:zlib";
import { compressionBrotli, compressionGzip } from "@connectrpc/connect-node";
import type { Compression } from "@connectrpc/connect/protocol";

const brotli = promisify(brotliCompress);

/** The default, 11, takes 200 times the CPU of 4, and any client may ask for brotli. */
const brotliQuality = 4;

const brotliAtLowCost: Compression = {
  ...compressionBrotli,
  compress: async (bytes) =>
    new Uint8Array(await brotli(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: brotliQuality } })),
};

/** Smaller messages are not worth it. */
export const compressMinBytes = 1024;

export const compressions: readonly Compression[] = [compressionGzip, brotliAtLowCost];

/**
 * Accept-Encoding as connect reads it: plain names, the best first, those with q=0 left out. Connect takes the first name
 * it knows and does not read weights. Spec: RFC 9110 §12.5.3.
 */
export function byPreference(acceptEncoding: string): string {
  if (!acceptEncoding.includes(";")) return acceptEncoding;
  const names = acceptEncoding
    .split(",")
    .map((entry) => weighted(entry))
    .filter(({ weight }) => weight > 0)
    .toSorted((one, other) => other.weight - one.weight)
    .map(({ name }) => name);
  // Nothing left means: do not compress. An empty header would mean: as the request was.
  return names.length === 0 ? "identity" : names.join(", ");
}

function weighted(entry: string): { name: string; weight: number } {
  const [name = "", ...parameters] = entry.split(";").map((part) => part.trim().toLowerCase());
  const q = parameters.find((parameter) => parameter.startsWith("q="));
  const weight = q === undefined ? 1 : Number(q.slice(2));
  return { name, weight: Number.isNaN(weight) ? 0 : weight };
}
