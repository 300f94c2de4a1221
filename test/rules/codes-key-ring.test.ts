// Are names and secrets digested as written down, and bound to what they belong to?

import { createHash } from "node:crypto";

import { describe, expect, test } from "vitest";

import { counterDigest, secretDigest, subjectDigest } from "../../src/codes/key-ring.ts";
import { makeKeyRing } from "../support/make-key-ring.ts";

const ring = makeKeyRing(7, 3);
const owner = { realmId: "demo", purpose: "password_reset", userId: "ann" };

function sha256(...parts: readonly Uint8Array[]): Buffer {
  return createHash("sha256").update(Buffer.concat(parts)).digest();
}

/** Spec: RFC 2104, from the hash alone. */
function hmac(key: Buffer, message: Buffer): Buffer {
  const block = Buffer.concat([key, Buffer.alloc(64 - key.length)]);
  const padded = (pad: number) => block.map((byte) => byte ^ pad);
  return sha256(padded(0x5c), sha256(padded(0x36), message));
}

function expected(keyByte: number, message: string): string {
  return hmac(Buffer.alloc(32, keyByte), Buffer.from(message)).subarray(0, 16).toString("base64url");
}

describe("digests are the first 16 bytes of HMAC-SHA-256", () => {
  test("the test's own HMAC is right", () => {
    // Spec: RFC 4231 §4.3.
    expect(hmac(Buffer.from("Jefe"), Buffer.from("what do ya want for nothing?")).toString("hex")).toBe(
      "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843",
    );
  });

  test("of a subject, under the key of names", () => {
    const message = "13:rekey subject4:demo14:password_reset3:ann";
    expect(subjectDigest(ring, owner)).toBe(expected(0, message));
  });

  test("of a counter, under the key of names", () => {
    const message = "13:rekey counter4:demo7:address9:192.0.2.1";
    expect(counterDigest(ring, "demo", "address", "192.0.2.1")).toBe(expected(0, message));
  });

  test("of a secret, under its own key, whose id stands beside it", () => {
    const message = "12:rekey secret4:demo14:password_reset3:ann4:code8:7K3Q9WXD";
    const [first, second] = ring.codes;
    expect(secretDigest(first, owner, "code", "7K3Q9WXD")).toEqual({ keyId: 7, digest: expected(7, message) });
    expect(second && secretDigest(second, owner, "code", "7K3Q9WXD")).toEqual({
      keyId: 3,
      digest: expected(3, message),
    });
  });

  test("of text beyond ASCII, by its bytes", () => {
    const message = "13:rekey subject4:demo14:password_reset8:Zoë🔑";
    expect(subjectDigest(ring, { ...owner, userId: "Zoë🔑" })).toBe(expected(0, message));
  });
});

// Guard: ASVS 5.0 6.6.2. Incidents: C15, C23.
test("no other owner, kind or secret has the same digest", () => {
  const [key] = ring.codes;
  const digests = [
    secretDigest(key, owner, "code", "secret"),
    secretDigest(key, owner, "token", "secret"),
    secretDigest(key, owner, "code", "secreT"),
    secretDigest(key, { ...owner, realmId: "shop" }, "code", "secret"),
    secretDigest(key, { ...owner, purpose: "email_verification" }, "code", "secret"),
    secretDigest(key, { ...owner, userId: "bob" }, "code", "secret"),
    // The same letters, cut elsewhere.
    secretDigest(key, { ...owner, realmId: "demop", purpose: "assword_reset" }, "code", "secret"),
    secretDigest(key, { ...owner, userId: "ann4:code6:secret" }, "code", ""),
  ].map(({ digest }) => digest);
  expect(new Set(digests).size).toBe(digests.length);
});
