// Whose API key is this? The form of a key, and how a caller is found by it.

import { hash, randomBytes } from "node:crypto";

import type { Caller } from "./caller.ts";

/** Finds the caller of a key; `undefined` for a key that is not one. */
export type IdentifyCaller = (apiKey: string) => Caller | undefined;

/** `rk_<name>_<43 symbols>`: 256 random bits, with a prefix that secret scanners can look for. */
const keyForm = /^rk_[a-z0-9-]{1,64}_[A-Za-z0-9_-]{43}$/;

/** Makes a new key. It is shown once; only its digest is kept. `name` is 1 to 64 of a-z, 0-9 and "-". */
export function makeApiKey(name: string): string {
  return `rk_${name}_${randomBytes(32).toString("base64url")}`;
}

/** What is kept of a key, as base64url of SHA-256. A key has 256 random bits, so no salt or slow hash is needed. */
export function digestApiKey(apiKey: string): string {
  return hash("sha256", apiKey, "base64url");
}

/**
 * Callers by the digest of their key. The look-up is by digest, so how long it takes says nothing about a key: whoever
 * could steer a digest could as well reverse it.
 */
export function identifyByDigest(callers: ReadonlyMap<string, Caller>): IdentifyCaller {
  return (apiKey) => (keyForm.test(apiKey) ? callers.get(digestApiKey(apiKey)) : undefined);
}
