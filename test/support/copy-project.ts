// How does a test change the project's code? In a copy of what a start needs, with the same packages.

import { cpSync, mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const root = join(import.meta.dirname, "../..");
const parts = ["src", "gen", "scripts", "package.json", "package-lock.json"];

export type ProjectCopy = { readonly directory: string; remove(): void };

/** `from` may be a copy too: everything in it is copied, a bundle as well. */
export function copyProject(from?: string): ProjectCopy {
  const directory = mkdtempSync(join(tmpdir(), "rekey-copy-"));
  if (from === undefined) {
    for (const part of parts) cpSync(join(root, part), join(directory, part), { recursive: true });
    symlinkSync(join(root, "node_modules"), join(directory, "node_modules"));
  } else {
    cpSync(from, directory, { recursive: true, preserveTimestamps: true });
  }
  return { directory, remove: () => rmSync(directory, { recursive: true, force: true }) };
}
