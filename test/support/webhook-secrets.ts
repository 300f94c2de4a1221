// Which secrets do webhooks of a test sign with? Fresh ones, and for Ed25519 the key that a receiver verifies with.

import { generateKeyPairSync, randomBytes, verify, type KeyObject } from "node:crypto";

import type { Received } from "./webhook-receiver.ts";

export function hmacSecret(bytes = 32): string {
  return `whsec_${randomBytes(bytes).toString("base64")}`;
}

export function ed25519Secret(): { readonly secret: string; readonly publicKey: KeyObject } {
  const { privateKey, publicKey } = generateKeyPairSync("ed25519");
  const { d = "" } = privateKey.export({ format: "jwk" });
  return { secret: `whsk_${Buffer.from(d, "base64url").toString("base64")}`, publicKey };
}

/** As a receiver does it that has the public key only. Spec: Standard Webhooks 1.0.0, signature scheme. */
export function isSignedBy(publicKey: KeyObject, { headers, body }: Received): boolean {
  const text = `${headers["webhook-id"]}.${headers["webhook-timestamp"]}.${body}`;
  const signatures = (headers["webhook-signature"] ?? "").split(" ").filter((each) => each.startsWith("v1a,"));
  return signatures.some((each) =>
    verify(null, Buffer.from(text), publicKey, Buffer.from(each.slice("v1a,".length), "base64")),
  );
}
