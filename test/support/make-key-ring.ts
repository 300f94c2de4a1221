// Which keys do tests use? Fixed ones that nobody else has a use for.

import { createSecretKey } from "node:crypto";

import type { CodeKey, KeyRing } from "../../src/codes/key-ring.ts";

/** Key `id` is 32 bytes of that number; names are under 32 bytes of 0. */
export function makeKeyRing(first: number, ...others: readonly number[]): KeyRing {
  return { names: createSecretKey(Buffer.alloc(32, 0)), codes: [codeKey(first), ...others.map(codeKey)] };
}

function codeKey(id: number): CodeKey {
  return { id, key: createSecretKey(Buffer.alloc(32, id)) };
}
