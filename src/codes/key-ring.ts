// How do names and secrets become digests? By HMAC-SHA-256 under a key that no store has.

import { createHmac, type KeyObject } from "node:crypto";

import type { SecretDigest, SecretKind } from "./code-store.ts";

export type KeyRing = {
  /** For the names of users, callers and addresses. Another one makes every code and counter unknown. */
  readonly names: KeyObject;
  /** For secrets. The first is active; codes that were made under the others still work. */
  readonly codes: readonly [CodeKey, ...CodeKey[]];
};

/** `id` is 1 to 255, kept beside each digest, and never given to another key. */
export type CodeKey = { readonly id: number; readonly key: KeyObject };

/** What a secret belongs to. Guard: ASVS 5.0 6.6.2; Incidents: C15, C23. */
export type Owner = { readonly realmId: string; readonly purpose: string; readonly userId: string };

/** 128 bits: nobody finds a second name or secret with the same digest. */
const digestBytes = 16;

/** The name under which a store keeps what belongs to `owner`. */
export function subjectDigest({ names }: KeyRing, { realmId, purpose, userId }: Owner): string {
  return digest(names, ["rekey subject", realmId, purpose, userId]);
}

/** The name of the counter of a party: `party` says what `name` is, for example "address". */
export function counterDigest({ names }: KeyRing, realmId: string, party: string, name: string): string {
  return digest(names, ["rekey counter", realmId, party, name]);
}

/** A secret's digest under one key. It is bound to its owner and kind: moved elsewhere in a store it matches nothing. */
export function secretDigest({ id, key }: CodeKey, owner: Owner, kind: SecretKind, secret: string): SecretDigest {
  const { realmId, purpose, userId } = owner;
  return { keyId: id, digest: digest(key, ["rekey secret", realmId, purpose, userId, kind, secret]) };
}

/** Each part stands behind its length in bytes, so that no two lists of parts make the same text. */
function digest(key: KeyObject, parts: readonly string[]): string {
  let text = "";
  for (const part of parts) text += `${Buffer.byteLength(part)}:${part}`;
  // As a text of its bytes, which costs a third less than a buffer that the garbage collector has to watch.
  const bytes = createHmac("sha256", key).update(text).digest("binary");
  return Buffer.from(bytes, "latin1").toString("base64url", 0, digestBytes);
}
