import { argon2Sync } from "node:crypto";

import { afterEach, describe, expect, test } from "vitest";

import { defaultArgon2 } from "../../src/password/argon2-settings.ts";
import { parseHash } from "../../src/password/hash-formats.ts";
import type { Hasher } from "../../src/password/hasher.ts";
import { openThreadHasher } from "../../src/password/thread-hasher.ts";
import type { ThreadHasherSettings } from "../../src/password/thread-hasher.ts";

const open: Hasher[] = [];

function openHasher(settings: Partial<ThreadHasherSettings> = {}): Hasher {
  const hasher = openThreadHasher({ ...defaultArgon2, threads: 1, waiting: 100, ...settings });
  open.push(hasher);
  return hasher;
}

afterEach(async () => {
  await Promise.all(open.splice(0).map((hasher) => hasher.close()));
});

async function hashOf(hasher: Hasher, password: string): Promise<string> {
  const outcome = await hasher.hash(password);
  if (outcome.kind !== "hashed") throw new Error(outcome.kind);
  return outcome.hash;
}

const phrase = "correct horse battery staple";

describe("our own hashes", () => {
  // Guard: ASVS 5.0 11.4.2. Spec: RFC 9106 §4
  test("are argon2id with the cost asked for, a fresh salt of 16 bytes and a digest of 32", async () => {
    const hasher = openHasher();
    const [first, second] = await Promise.all([hashOf(hasher, phrase), hashOf(hasher, phrase)]);
    expect(first).not.toBe(second);
    const reading = parseHash(first);
    expect(reading).toMatchObject({
      kind: "parsed",
      hash: { algorithm: "argon2id", memoryKib: 19_456, passes: 2, lanes: 1 },
    });
    if (reading.kind !== "parsed" || reading.hash.algorithm !== "argon2id") throw new Error(reading.kind);
    expect(reading.hash.salt).toHaveLength(16);
    const independent = argon2Sync("argon2id", {
      message: phrase,
      nonce: reading.hash.salt,
      memory: 19_456,
      passes: 2,
      parallelism: 1,
      tagLength: 32,
    });
    expect(Buffer.from(reading.hash.digest)).toEqual(independent);
  });

  test("match their password and no other", async () => {
    const hasher = openHasher();
    const hash = await hashOf(hasher, phrase);
    expect(await hasher.verify(phrase, hash)).toEqual({ kind: "match" });
    for (const other of [`${phrase} `, ` ${phrase}`, phrase.toUpperCase(), phrase.slice(0, -1), ""]) {
      expect(await hasher.verify(other, hash)).toEqual({ kind: "mismatch" });
    }
  });

  // Guard: ASVS 5.0 6.2.8
  test("take every byte: two passwords of 200 bytes that differ in the last one", async () => {
    const hasher = openHasher();
    const stem = "x".repeat(199);
    const hash = await hashOf(hasher, `${stem}a`);
    expect(await hasher.verify(`${stem}a`, hash)).toEqual({ kind: "match" });
    expect(await hasher.verify(`${stem}b`, hash)).toEqual({ kind: "mismatch" });
  });

  // Guard: NIST SP 800-63B-4 3.1.1.2
  test("are of the NFKC form, so that every keyboard's way to write it matches", async () => {
    const hasher = openHasher();
    const hash = await hashOf(hasher, "\u00c5ngstr\u00f6m on foot");
    expect(await hasher.verify("A\u030angstro\u0308m on foot", hash)).toEqual({ kind: "match" });
    expect(await hasher.verify("\u212bngstr\u00f6m on foot", hash)).toEqual({ kind: "match" });
  });

  // Incident: C29
  test("are never made of a megabyte", async () => {
    const hasher = openHasher();
    const hash = await hashOf(hasher, phrase);
    await expect(hasher.hash("x".repeat(1_000_000))).rejects.toThrow(RangeError);
    expect(await hasher.verify("x".repeat(1_000_000), hash)).toEqual({ kind: "mismatch" });
  });

  // Guard: ASVS 5.0 11.4.2
  test("are not made below the floor", () => {
    expect(() => openThreadHasher({ memoryKib: 19_455, passes: 2, lanes: 1, waiting: 0 })).toThrow(RangeError);
  });
});

describe("hashes made elsewhere", () => {
  test.each([
    [
      "argon2id, reference implementation",
      "password",
      "$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc",
    ],
    ["argon2id of four lanes, OpenSSL", phrase, "$argon2id$v=19$m=256,t=3,p=4$AAECAwQFBgc$3S9KitXHzawW8WIwbKQ0OA"],
    ["bcrypt 2b, libxcrypt", phrase, "$2b$05$abcdefghijklmnopqrstuuFiPhXf1sVd3pCCRO.uVh34H/qI/ZsuS"],
    ["bcrypt 2y, libxcrypt", phrase, "$2y$04$......................DunJ0NhOinbZprl1sCtuSWfJkZJJgCO"],
    ["bcrypt of 72 bytes, libxcrypt", "x".repeat(72), "$2b$04$abcdefghijklmnopqrstuubzadhGtS2zEF.gu0yd0opP6cVzb.e0i"],
    [
      "scrypt, passlib",
      "password",
      "$scrypt$ln=16,r=8,p=1$aM15713r3Xsvxbi31lqr1Q$nFNh2CVHVjNldFVKDHDlm4CbdRSCdEBsjjJxD+iCs5E",
    ],
    [
      "scrypt of three lanes, hashlib",
      phrase,
      "$scrypt$ln=10,r=4,p=3$AAECAwQFBgcICQoLDA0ODw$Jr2+K1GZpKub2lAUZ7slrN0LVHU6RbKurkgLTysHeWpYMnoqYs2BFl5Qhs1RNky4zCgLlatnk6hdcHTERjksJQ",
    ],
    [
      "pbkdf2-sha256, passlib",
      "password",
      "$pbkdf2-sha256$6400$0ZrzXitFSGltTQnBWOsdAw$Y11AchqV4b0sUisdZd0Xr97KWoymNE0LNNrnEgY4H9M",
    ],
    [
      "pbkdf2-sha256, hashlib",
      phrase,
      "$pbkdf2-sha256$i=29000$AAECAwQFBgcICQoLDA0ODw$m/kLywdyNwK9GV2kWntRGvZzmeiVsuqehNWlLst2eWY",
    ],
    [
      "pbkdf2-sha256 with points for plus signs, hashlib",
      phrase,
      "$pbkdf2-sha256$29000$lmrygRAmBwP4wFd.t72.Fg$opXWF.EYm9H5kwnhwvIlgQPVD5Jre4viAwXdaYGGupI",
    ],
    [
      "pbkdf2-sha512, hashlib",
      phrase,
      "$pbkdf2-sha512$25000$AAECAwQFBgcICQoLDA0ODw$SD45rjg2efG3ODIHQeklcrq1rgpKrbMw16UwshxvBWLgNENeDWMvNiO.Lj6BUMRx4V/sPJndUTpKWVbG79Akig",
    ],
  ])("%s: the password matches and another does not", async (_, password, hash) => {
    const hasher = openHasher();
    expect(await hasher.verify(password, hash)).toEqual({ kind: "match" });
    expect(await hasher.verify(`${password.slice(0, -1)}!`, hash)).toEqual({ kind: "mismatch" });
  });

  test("the password as it was typed counts, where whoever made the hash did not normalize", async () => {
    const raw = "$2b$04$abcdefghijklmnopqrstuuVLswzYp2OWkS1QYELsi9.vBsl01.kTe";
    const hasher = openHasher();
    expect(await hasher.verify("\u212bngstr\u00f6m on foot", raw)).toEqual({ kind: "match" });
    expect(await hasher.verify("\u00c5ngstr\u00f6m on foot", raw)).toEqual({ kind: "mismatch" });
  });

  // Incident: C29
  test("bcrypt matches no password beyond 72 bytes, which it would cut", async () => {
    const hasher = openHasher();
    const hash = "$2b$04$abcdefghijklmnopqrstuubzadhGtS2zEF.gu0yd0opP6cVzb.e0i";
    expect(await hasher.verify("x".repeat(73), hash)).toEqual({ kind: "mismatch" });
    expect(await hasher.verify(`${"x".repeat(72)}12345678`, hash)).toEqual({ kind: "mismatch" });
    expect(await hasher.verify("\u00e4".repeat(37), hash)).toEqual({ kind: "mismatch" });
  });

  test.each([
    "$argon2id$v=19$m=8,t=1,p=1$AAECAwQFBgcICQoLDA0ODw$gYJZtjEAJqjg26xdLmknq8/bB7MiWPrE9hsYuA+SkIU",
    "$scrypt$ln=1,r=32,p=16$AAECAwQFBgcICQoLDA0ODw$gYJZtjEAJqjg26xdLmknq8/bB7MiWPrE9hsYuA+SkIU",
    "$scrypt$ln=15,r=1,p=16$AAECAwQFBgcICQoLDA0ODw$gYJZtjEAJqjg26xdLmknq8/bB7MiWPrE9hsYuA+SkIU",
    "$scrypt$ln=18,r=8,p=1$AAECAwQFBgcICQoLDA0ODw$gYJZtjEAJqjg26xdLmknq8/bB7MiWPrE9hsYuA+SkIU",
    "$pbkdf2-sha512$1$AAECAwQFBgcICQoLDA0ODw$gYJZtjEAJqjg26xdLmknq8/bB7MiWPrE9hsYuA+SkIU",
  ])("whatever is parsed can also be verified, at the edges of the limits too: %s", async (hash) => {
    expect(parseHash(hash).kind).toBe("parsed");
    expect(await openHasher().verify(phrase, hash)).toEqual({ kind: "mismatch" });
  });

  // Incident: C28
  test("a hash that was never accepted is a fault, and no work", async () => {
    const hasher = openHasher();
    await expect(hasher.verify(phrase, "$2b$31$abcdefghijklmnopqrstuuFiPhXf1sVd3pCCRO.uVh34H/qI/ZsuS")).rejects.toThrow(
      RangeError,
    );
  });
});
