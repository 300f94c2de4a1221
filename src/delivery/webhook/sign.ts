// How does a receiver know that a webhook is ours? By a signature of each of the endpoint's secrets over id, time and body.
//
// Spec: Standard Webhooks 1.0.0, webhook headers.

import { sign } from "node:crypto";

import { Webhook } from "standardwebhooks";

import { second, type Instant } from "../../units.ts";
import { readSigningKey } from "./signing-key.ts";

export type SignedHeaders = {
  readonly "webhook-id": string;
  readonly "webhook-timestamp": string;
  readonly "webhook-signature": string;
};

/** What is signed: exactly the bytes that are sent. */
type Signed = {
  /** The same over all attempts. Without a full stop. */
  readonly id: string;
  /** Of this attempt: receivers refuse an old one. */
  readonly at: Instant;
  readonly body: Buffer;
};

export function signWebhook(signed: Signed, secrets: readonly string[]): SignedHeaders {
  return {
    "webhook-id": signed.id,
    "webhook-timestamp": String(inSeconds(signed.at)),
    "webhook-signature": secrets.map((secret) => signature(signed, secret)).join(" "),
  };
}

function signature({ id, at, body }: Signed, secret: string): string {
  const key = readSigningKey(secret);
  switch (key?.kind) {
    case "hmac":
      return new Webhook(key.secret).sign(id, new Date(at), body);
    case "ed25519": {
      const text = Buffer.concat([Buffer.from(`${id}.${inSeconds(at)}.`), body]);
      return `v1a,${sign(null, text, key.key).toString("base64")}`;
    }
    case undefined:
      throw new Error("a secret of the endpoint cannot sign");
  }
}

function inSeconds(at: Instant): number {
  return Math.floor(at / second);
}
