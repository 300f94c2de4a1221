// Is there a bundle, and is it made from the very files that are here? A few files in place of hundreds, which start faster.
//
// JavaScript, as `start`, which asks. `scripts/build-bundle.ts` makes the bundle. It is a cache: what was made from anything
// else than what is here is never started.

import { createHash } from "node:crypto";
import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

const root = join(import.meta.dirname, "../");

/** Beside `src`: what reads files beside its source finds them from there too. */
export const bundleDirectory = join(root, "dist");
export const bundleEntry = "rekey.js";
/** The list of `MadeFrom`. Written last: without it there is no bundle. */
export const madeFromFile = "made-from.json";

/** @typedef {{ readonly path: string, readonly size: number, readonly changedMs: number, readonly digest: string }} MadeFrom */

/** @returns {string | undefined} what to import */
export function findBundle() {
  try {
    /** @type {readonly MadeFrom[]} */
    const files = JSON.parse(readFileSync(join(bundleDirectory, madeFromFile), "utf8"));
    if (files.every(isUnchanged)) return pathToFileURL(join(bundleDirectory, bundleEntry)).href;
  } catch {
    // It was never made, or a file that it was made from is gone.
  }
  return undefined;
}

/**
 * @param {string} path from the root
 * @returns {MadeFrom}
 */
export function describeFile(path) {
  const { size, ctimeMs } = statSync(root + path);
  return { path, size, changedMs: ctimeMs, digest: digestOf(readFileSync(root + path)) };
}

/** @param {string | Buffer} contents */
export function digestOf(contents) {
  return createHash("sha256").update(contents).digest("base64");
}

/**
 * Contents decide. They are read where the file's record was changed, whose time nobody can set back: 30 ms for all files,
 * which the image of a container costs once more than the checkout where it was built.
 * @param {MadeFrom} file
 */
function isUnchanged({ path, size, changedMs, digest }) {
  const now = statSync(root + path);
  if (now.ctimeMs === changedMs && now.size === size) return true;
  return digestOf(readFileSync(root + path)) === digest;
}
