// What does an endpoint's secret sign with? Reads `whsec_…` (HMAC-SHA-256) and `whsk_…` (Ed25519).
//
// Spec: Standard Webhooks 1.0.0, signature scheme.

import { createPrivateKey, createPublicKey, type KeyObject } from "node:crypto";

export type SigningKey =
  /** `secret` in its whole form, as the library takes it. */
  { readonly kind: "hmac"; readonly secret: string } | { readonly kind: "ed25519"; readonly key: KeyObject };

/** For whoever configures it. */
export const secretForm =
  "whsec_ and 24 to 64 random bytes in base64, or whsk_ and an Ed25519 private key (32 or 64 bytes) in base64";

const fewestBytes = 24;
const mostBytes = 64;
const seedBytes = 32;

/** What stands before the seed in a private key's DER. Spec: RFC 8410 §7. */
const ed25519Header = Buffer.from("302e020100300506032b657004220420", "hex");

/** Undefined for what cannot sign. */
export function readSigningKey(secret: string): SigningKey | undefined {
  const [, kind, text = ""] = /^(whsec|whsk)_(.*)$/.exec(secret) ?? [];
  const bytes = Buffer.from(text, "base64");
  // Buffer reads over what is no base64; others would refuse it.
  if (kind === undefined || bytes.toString("base64") !== text) return undefined;
  if (kind === "whsk") return ed25519Key(bytes);
  return bytes.length >= fewestBytes && bytes.length <= mostBytes ? { kind: "hmac", secret } : undefined;
}

/** Of the 32 bytes that it is drawn from. */
export function ed25519PrivateKey(seed: Uint8Array): KeyObject {
  return createPrivateKey({ key: Buffer.concat([ed25519Header, seed]), format: "der", type: "pkcs8" });
}

/** The seed alone, or followed by its public key, as many libraries write it. */
function ed25519Key(bytes: Buffer): SigningKey | undefined {
  if (bytes.length !== seedBytes && bytes.length !== 2 * seedBytes) return undefined;
  const seed = bytes.subarray(0, seedBytes);
  const key = ed25519PrivateKey(seed);
  const stated = bytes.subarray(seedBytes).toString("base64url");
  return stated === "" || stated === createPublicKey(key).export({ format: "jwk" }).x
    ? { kind: "ed25519", key }
    : undefined;
}
