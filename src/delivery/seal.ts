// How does a payload rest? Sealed with AES-256-GCM, bound to its delivery, under a key that no store has.

import { createCipheriv, createDecipheriv, createSecretKey, hkdfSync, type KeyObject, randomBytes } from "node:crypto";

/** A key of the ring. `id` is 1 to 255, and never given to another key. */
export type RingKey = { readonly id: number; readonly key: KeyObject };

export type SealPayload = (deliveryId: string, payload: Uint8Array) => Uint8Array;

export type UnsealOutcome =
  | { readonly kind: "opened"; readonly payload: Uint8Array }
  /** Sealed under a key that this process does not have: retired, or newer than its configuration. */
  | { readonly kind: "unknown_key"; readonly keyId: number }
  /** Changed, cut, or moved here from another delivery. */
  | { readonly kind: "broken" };

export type UnsealPayload = (deliveryId: string, sealed: Uint8Array) => UnsealOutcome;

const algorithm = "aes-256-gcm";
const keyBytes = 32;
/** Spec: NIST SP 800-38D §8.2.2 and §8.3: random nonces of 96 bits serve 2^32 payloads under one key. */
const nonceBytes = 12;
const tagBytes = 16;
/** Key id, nonce, tag; then what was sealed. */
const headBytes = 1 + nonceBytes + tagBytes;

/**
 * What is sealed; each has keys of its own, so that nothing sealed for one use opens for another. A recovery's `id`,
 * `token` and `veto` travel: strangers hold them.
 */
export type SealUse = "delivery payload" | "recovery id" | "recovery token" | "recovery veto";

/** The first key seals, every key opens: a new key goes to the front, an old one leaves when its deliveries have ended. */
export function makeSeal(
  keys: readonly RingKey[],
  use: SealUse = "delivery payload",
): { readonly seal: SealPayload; readonly unseal: UnsealPayload } {
  const derived = new Map(keys.map(({ id, key }) => [id, deriveKey(key, use)]));
  const [first] = keys;
  const firstKey = first && derived.get(first.id);
  if (first === undefined || firstKey === undefined) throw new TypeError("a seal needs at least one key");
  if (derived.size !== keys.length) throw new TypeError("two keys of a seal have the same id");
  if (keys.some(({ id }) => !Number.isInteger(id) || id < 1 || id > 255)) throw new TypeError("a key id is 1 to 255");

  return {
    seal(deliveryId, payload) {
      const nonce = randomBytes(nonceBytes);
      const cipher = createCipheriv(algorithm, firstKey, nonce, { authTagLength: tagBytes });
      cipher.setAAD(Buffer.from(deliveryId));
      const hidden = Buffer.concat([cipher.update(payload), cipher.final()]);
      return Buffer.concat([Uint8Array.of(first.id), nonce, cipher.getAuthTag(), hidden]);
    },
    unseal(deliveryId, sealed) {
      const [keyId = 0] = sealed;
      if (sealed.length < headBytes) return { kind: "broken" };
      const key = derived.get(keyId);
      if (key === undefined) return { kind: "unknown_key", keyId };
      const decipher = createDecipheriv(algorithm, key, sealed.subarray(1, 1 + nonceBytes), {
        authTagLength: tagBytes,
      });
      decipher.setAAD(Buffer.from(deliveryId));
      decipher.setAuthTag(sealed.subarray(1 + nonceBytes, headBytes));
      try {
        return {
          kind: "opened",
          payload: Buffer.concat([decipher.update(sealed.subarray(headBytes)), decipher.final()]),
        };
      } catch {
        return { kind: "broken" };
      }
    },
  };
}

/** The ring's own keys make digests of codes: what seals is derived, so that neither use tells anything of the other. */
function deriveKey(key: KeyObject, use: SealUse): KeyObject {
  return createSecretKey(Buffer.from(hkdfSync("sha256", key, "", `rekey ${use} 1`, keyBytes)));
}
