// Is this file a logo that the page can show? Read and judged once, at the start.

import { readFileSync } from "node:fs";

import { type Asset, makeAsset } from "./asset.ts";

/** Own bound: every visitor loads it, many of them on a phone. In bytes. */
const largest = 200_000;

/** Which realm's logo cannot be shown, and why. */
export class BrokenLogo extends Error {
  override readonly name = "BrokenLogo";
  readonly realmId: string;

  constructor(realmId: string, problem: string) {
    super(problem);
    this.realmId = realmId;
  }
}

/** Throws `BrokenLogo`. */
export function readLogo(realmId: string, path: string): Asset {
  const bytes = read(realmId, path);
  if (bytes.length > largest) throw new BrokenLogo(realmId, `It has ${bytes.length} bytes; ${largest} are the most.`);
  const type = typeOf(bytes);
  if (type === undefined) throw new BrokenLogo(realmId, "It is no SVG, PNG or WebP.");
  return makeAsset(type, bytes);
}

function read(realmId: string, path: string): Buffer {
  try {
    return readFileSync(path);
  } catch (error) {
    throw new BrokenLogo(realmId, `The file cannot be read (${(error as NodeJS.ErrnoException).code}).`);
  }
}

/** By what is in it, not by its name. Guard: ASVS 5.0 5.2.2. */
function typeOf(bytes: Buffer): string | undefined {
  // Spec: PNG (third edition) §5.2.
  if (bytes.subarray(0, 8).equals(Buffer.from("\x89PNG\r\n\x1a\n", "latin1"))) return "image/png";
  // Spec: WebP container, RIFF header.
  if (bytes.toString("latin1", 0, 4) === "RIFF" && bytes.toString("latin1", 8, 12) === "WEBP") return "image/webp";
  return /^\uFEFF?\s*(<\?xml[^>]*>\s*)?(<!--.*?-->\s*)*(<!DOCTYPE svg[^>]*>\s*)?<svg[\s>]/s.test(bytes.toString())
    ? "image/svg+xml"
    : undefined;
}
