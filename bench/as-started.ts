// What does `npm start` start, and with which options of Node? Read from where it stands.

import { readFileSync } from "node:fs";
import { join } from "node:path";

const root = join(import.meta.dirname, "..");

export function asStarted(): { readonly nodeOptions: readonly string[]; readonly program: string } {
  const { scripts } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as { scripts: { start: string } };
  const words = scripts.start.split(" ").slice(1);
  return { nodeOptions: words.slice(0, -1), program: join(root, words.at(-1) ?? "") };
}
