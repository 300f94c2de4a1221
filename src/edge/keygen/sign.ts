// How does a client know that an answer or a webhook is the account's? By a signature over its target, host, date and body.
//
// Vendor: Keygen, "Signatures"; draft-cavage-http-signatures in all but the names of its headers.

import { createPublicKey, hash, sign, type KeyObject } from "node:crypto";

import type { Instant } from "../../units.ts";

/** What is signed. */
export type Signed = {
  readonly method: string;
  /** Path and query, as they are sent. */
  readonly target: string;
  /** Without a port. */
  readonly host: string;
  readonly at: Instant;
  /** The bytes that are sent; empty where there are none. */
  readonly body: string | Uint8Array;
};

/** Whose signature it is. */
export type Signer = { readonly accountId: string; readonly privateKey: KeyObject };

/** The one algorithm of ours: see the README. */
export const algorithm = "ed25519";

/** Dates and digests twice: what stands in between may rewrite the plain ones. */
export function signatureHeaders(signed: Signed, { accountId, privateKey }: Signer): Readonly<Record<string, string>> {
  const date = new Date(signed.at).toUTCString();
  const digest = `sha-256=${hash("sha256", signed.body, "base64")}`;
  const text = signingString(signed, date, digest);
  const signature = sign(null, Buffer.from(text), privateKey).toString("base64");
  return {
    date,
    digest,
    "keygen-date": date,
    "keygen-digest": digest,
    "keygen-signature":
      `keyid="${accountId}", algorithm="${algorithm}", signature="${signature}", ` +
      'headers="(request-target) host date digest"',
  };
}

function signingString({ method, target, host }: Signed, date: string, digest: string): string {
  const lines = [`(request-target): ${method.toLowerCase()} ${target}`, `host: ${host}`, `date: ${date}`];
  return [...lines, `digest: ${digest}`].join("\n");
}

/** The public key as the vendor hands it out: 32 bytes in hex. */
export function publicKeyOf(privateKey: KeyObject): string {
  const { x = "" } = createPublicKey(privateKey).export({ format: "jwk" });
  return Buffer.from(x, "base64url").toString("hex");
}
