// Where does a tool rest that is made once? In a directory of the cache, named after what it was made from.

import { createHash } from "node:crypto";
import { mkdirSync, renameSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";

const cache = join(import.meta.dirname, "../../node_modules/.cache");

/**
 * Answers the directory that `make` filled. It is made under another name and then renamed, so that one that was
 * interrupted is never taken for whole; of two that make at once, the first is kept.
 */
export async function cachedTool(
  name: string,
  source: string,
  make: (directory: string) => Promise<void>,
): Promise<string> {
  const digest = createHash("sha256").update(source).digest("hex").slice(0, 12);
  const directory = join(cache, `rekey-${name}-${digest}`);
  if (isThere(directory)) return directory;
  const draft = `${directory}.${process.pid}`;
  rmSync(draft, { recursive: true, force: true });
  mkdirSync(draft, { recursive: true });
  await make(draft);
  try {
    renameSync(draft, directory);
  } catch (cause) {
    if (!isThere(directory)) throw cause;
    rmSync(draft, { recursive: true, force: true });
  }
  return directory;
}

function isThere(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false }) !== undefined;
}
