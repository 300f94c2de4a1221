// Under which keys do the demo's codes rest? Keys of its own, made at the first start and kept beside the data.

import { randomBytes } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

import { keepPrivate } from "./demo-facts.ts";

type DemoKeys = {
  readonly names: Uint8Array;
  readonly codes: readonly [{ readonly id: number; readonly secret: Uint8Array }];
};

/** In base64: 32 random bytes each. */
type KeyFile = { readonly names: string; readonly codes: string };

export function demoKeys(dataDir: string): DemoKeys {
  const path = join(dataDir, "demo-keys.json");
  if (!existsSync(path)) keepPrivate(path, { names: newSecret(), codes: newSecret() } satisfies KeyFile);
  const { names, codes } = JSON.parse(readFileSync(path, "utf8")) as KeyFile;
  return { names: Buffer.from(names, "base64"), codes: [{ id: 1, secret: Buffer.from(codes, "base64") }] };
}

function newSecret(): string {
  return randomBytes(32).toString("base64");
}
