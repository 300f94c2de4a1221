// Under which keys are challenges signed? Under keys derived from the ring, so that they change with it.

import { hkdfSync, type KeyObject } from "node:crypto";

/** A key of the ring. The first of a list is active; what was signed under the others still counts. */
export type RingKey = { readonly id: number; readonly key: KeyObject };

/** As the library names them: for challenges, and for the keys that solve them. */
export type Secrets = { readonly hmacSignatureSecret: string; readonly hmacKeySignatureSecret: string };

export type SigningKeys = {
  readonly active: { readonly id: number; readonly secrets: Secrets };
  byId(id: number): Secrets | undefined;
};

const keyBytes = 32;

export function signingKeys(ring: readonly [RingKey, ...RingKey[]]): SigningKeys {
  const [{ id, key }] = ring;
  const all = new Map(ring.map((each) => [each.id, derive(each.key)]));
  return { active: { id, secrets: derive(key) }, byId: (wanted) => all.get(wanted) };
}

/** The ring's own keys make digests of codes: what signs is derived, so that neither use tells anything of the other. */
function derive(key: KeyObject): Secrets {
  const secret = (use: string) => Buffer.from(hkdfSync("sha256", key, "", `rekey ${use} 1`, keyBytes)).toString("hex");
  return {
    hmacSignatureSecret: secret("proof of work challenge"),
    hmacKeySignatureSecret: secret("proof of work solution"),
  };
}
