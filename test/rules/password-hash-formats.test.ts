import { describe, expect, test } from "vitest";

import { parseHash } from "../../src/password/hash-formats.ts";

const salt = "AAECAwQFBgcICQoLDA0ODw";
const digest = "gYJZtjEAJqjg26xdLmknq8/bB7MiWPrE9hsYuA+SkIU";
const bcrypt = (cost: string, version = "2b") =>
  `$${version}$${cost}$abcdefghijklmnopqrstuuFiPhXf1sVd3pCCRO.uVh34H/qI/ZsuS`;

const kind = (text: string) => parseHash(text).kind;

describe("what is understood", () => {
  test("argon2id tells its cost, salt and digest", () => {
    expect(parseHash(`$argon2id$v=19$m=19456,t=2,p=1$${salt}$${digest}`)).toEqual({
      kind: "parsed",
      hash: {
        algorithm: "argon2id",
        memoryKib: 19_456,
        passes: 2,
        lanes: 1,
        salt: Buffer.from(salt, "base64"),
        digest: Buffer.from(digest, "base64"),
      },
    });
  });

  test.each(["2a", "2b", "2y"])("bcrypt of version %s tells its cost", (version) => {
    const text = bcrypt("12", version);
    expect(parseHash(text)).toEqual({ kind: "parsed", hash: { algorithm: "bcrypt", cost: 12, text } });
  });

  test("scrypt tells N by its logarithm", () => {
    expect(parseHash(`$scrypt$ln=17,r=8,p=1$${salt}$${digest}`)).toMatchObject({
      kind: "parsed",
      hash: { algorithm: "scrypt", logN: 17, blockSize: 8, parallel: 1 },
    });
  });

  test.each([
    `$pbkdf2-sha256$i=600000$${salt}$${digest}`,
    `$pbkdf2-sha256$i=600000,l=32$${salt}$${digest}`,
    `$pbkdf2-sha256$600000$${salt}$${digest.replace("+", ".")}`,
  ])("pbkdf2 is read in the PHC form and as passlib writes it: %s", (text) => {
    expect(parseHash(text)).toEqual({
      kind: "parsed",
      hash: {
        algorithm: "pbkdf2",
        hmac: "sha256",
        iterations: 600_000,
        salt: Buffer.from(salt, "base64"),
        digest: Buffer.from(digest, "base64"),
      },
    });
  });
});

describe("what is not understood", () => {
  test.each([
    ["nothing", ""],
    ["a password", "correct horse battery staple"],
    ["another algorithm", "$1$saltsalt$qjXMvbEw8oaL.CzflDtaK/"],
    ["argon2i", `$argon2i$v=19$m=19456,t=2,p=1$${salt}$${digest}`],
    ["argon2d", `$argon2d$v=19$m=19456,t=2,p=1$${salt}$${digest}`],
    ["argon2id without a version, which is 16", `$argon2id$m=19456,t=2,p=1$${salt}$${digest}`],
    ["argon2id of version 16", `$argon2id$v=16$m=19456,t=2,p=1$${salt}$${digest}`],
    ["parameters in another order", `$argon2id$v=19$t=2,m=19456,p=1$${salt}$${digest}`],
    ["one parameter more", `$argon2id$v=19$m=19456,t=2,p=1,keyid=AA$${salt}$${digest}`],
    ["a leading zero", `$argon2id$v=19$m=019456,t=2,p=1$${salt}$${digest}`],
    ["zero passes", `$argon2id$v=19$m=19456,t=0,p=1$${salt}$${digest}`],
    ["a sign", `$argon2id$v=19$m=19456,t=+2,p=1$${salt}$${digest}`],
    ["less memory than the lanes need", `$argon2id$v=19$m=31,t=2,p=4$${salt}$${digest}`],
    ["padded Base64", `$argon2id$v=19$m=19456,t=2,p=1$${salt}==$${digest}=`],
    ["Base64 with stray bits", `$argon2id$v=19$m=19456,t=2,p=1$AAECAwQFBgcICQoLDA0ODx$${digest}`],
    ["a salt of seven bytes", `$argon2id$v=19$m=19456,t=2,p=1$AAECAwQFBg$${digest}`],
    ["a digest of one byte, which one guess in 256 would meet", `$argon2id$v=19$m=19456,t=2,p=1$${salt}$AA`],
    ["a digest of 65 bytes", `$pbkdf2-sha512$i=210000$${salt}$${"A".repeat(87)}`],
    ["a line break behind the end", `$argon2id$v=19$m=19456,t=2,p=1$${salt}$${digest}\n`],
    ["bcrypt 2x, which repeats an old bug", bcrypt("12", "2x")],
    ["bcrypt of cost 3", bcrypt("03")],
    ["bcrypt of cost 32", bcrypt("32")],
    ["bcrypt cut short", bcrypt("12").slice(0, -1)],
    ["bcrypt with stray bits in the salt", bcrypt("12").replace("uuFi", "uvFi")],
    ["bcrypt with stray bits in the digest", bcrypt("12").replace(/S$/, "T")],
    ["scrypt with N beyond what its block size allows", `$scrypt$ln=16,r=1,p=1$${salt}$${digest}`],
    ["pbkdf2 with SHA-1", `$pbkdf2$29000$${salt}$${digest}`],
    ["pbkdf2 that lies about its length", `$pbkdf2-sha256$i=600000,l=16$${salt}$${digest}`],
    ["ten thousand characters", `$pbkdf2-sha256$i=600000$${"A".repeat(10_000)}$${digest}`],
  ])("%s is refused", (_, text) => {
    expect(kind(text)).toBe("unsupported");
  });

  test("the description repeats nothing of the hash", () => {
    const reading = parseHash(`$argon2i$v=19$m=19456,t=2,p=1$${salt}$${digest}`);
    expect(JSON.stringify(reading)).not.toContain(digest.slice(0, 6));
  });
});

describe("what costs too much", () => {
  // Incident: C28
  test.each([
    ["4 GiB of argon2id", `$argon2id$v=19$m=4194304,t=3,p=1$${salt}$${digest}`],
    ["the most memory that can be written", `$argon2id$v=19$m=9999999999,t=1,p=1$${salt}$${digest}`],
    ["a million passes of argon2id", `$argon2id$v=19$m=19456,t=1000000,p=1$${salt}$${digest}`],
    ["argon2id with 255 lanes", `$argon2id$v=19$m=19456,t=2,p=255$${salt}$${digest}`],
    ["bcrypt of cost 31", bcrypt("31")],
    ["scrypt with N = 2^30", `$scrypt$ln=30,r=8,p=1$${salt}$${digest}`],
    ["scrypt with huge blocks", `$scrypt$ln=1,r=1048576,p=1$${salt}$${digest}`],
    ["scrypt with many blocks", `$scrypt$ln=10,r=8,p=100000$${salt}$${digest}`],
    ["a billion iterations of pbkdf2", `$pbkdf2-sha256$i=1000000000$${salt}$${digest}`],
  ])("%s is refused before any work", (_, text) => {
    expect(kind(text)).toBe("too_costly");
  });

  test.each([
    [
      "argon2id",
      `$argon2id$v=19$m=262144,t=10,p=8$${salt}$${digest}`,
      `$argon2id$v=19$m=262145,t=10,p=8$${salt}$${digest}`,
    ],
    [
      "argon2id",
      `$argon2id$v=19$m=262144,t=10,p=8$${salt}$${digest}`,
      `$argon2id$v=19$m=262144,t=11,p=8$${salt}$${digest}`,
    ],
    [
      "argon2id",
      `$argon2id$v=19$m=262144,t=10,p=8$${salt}$${digest}`,
      `$argon2id$v=19$m=262144,t=10,p=9$${salt}$${digest}`,
    ],
    ["bcrypt", bcrypt("15"), bcrypt("16")],
    ["scrypt", `$scrypt$ln=18,r=8,p=1$${salt}$${digest}`, `$scrypt$ln=18,r=8,p=2$${salt}$${digest}`],
    ["scrypt", `$scrypt$ln=18,r=8,p=1$${salt}$${digest}`, `$scrypt$ln=19,r=4,p=1$${salt}$${digest}`],
    ["pbkdf2", `$pbkdf2-sha256$2000000$${salt}$${digest}`, `$pbkdf2-sha256$2000001$${salt}$${digest}`],
  ])("the limit of %s is exact: %s", (_, dearest, beyond) => {
    expect(kind(dearest)).toBe("parsed");
    expect(kind(beyond)).toBe("too_costly");
  });
});
