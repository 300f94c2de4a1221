// What does the page load besides itself? Files of a few kinds, each with its type and a tag by which browsers keep it.

import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { extname, join } from "node:path";

import { type HttpRequest, type HttpResponse, reply } from "../http/exchange.ts";

export type Asset = { readonly type: string; readonly bytes: Uint8Array; readonly tag: string };

const types: Readonly<Record<string, string>> = {
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".svg": "image/svg+xml",
};

export function makeAsset(type: string, content: string | Uint8Array): Asset {
  const bytes = Buffer.from(content);
  const digest = createHash("sha256").update(bytes).digest("base64url");
  // 132 bits tell two versions apart.
  return { type, bytes, tag: `"${digest.slice(0, 22)}"` };
}

/** What the page's build has put into a directory, by name. Read once, at the start. */
export function readAssets(directory: string): ReadonlyMap<string, Asset> {
  return new Map(
    readdirSync(directory).flatMap((name): [string, Asset][] => {
      const type = types[extname(name)];
      return type === undefined ? [] : [[name, makeAsset(type, readFileSync(join(directory, name)))]];
    }),
  );
}

/** Spec: RFC 9110 §13.1.2 and §15.4.5. */
export function sendAsset(
  asset: Asset,
  headers: Readonly<Record<string, string>>,
  request: HttpRequest,
  response: HttpResponse,
): void {
  const known = (request.headers["if-none-match"] ?? "").split(",").map((tag) => tag.trim().replace(/^W\//, ""));
  if (known.includes(asset.tag)) reply(response, 304, { ...headers, etag: asset.tag });
  else reply(response, 200, { ...headers, etag: asset.tag, "content-type": asset.type }, asset.bytes);
}
