// Which ready hashes do we understand, and what do they say?

import { limits } from "./hash-limits.ts";

export type ParsedHash =
  | {
      readonly algorithm: "argon2id";
      readonly memoryKib: number;
      readonly passes: number;
      readonly lanes: number;
      readonly salt: Uint8Array;
      readonly digest: Uint8Array;
    }
  | { readonly algorithm: "bcrypt"; readonly cost: number; readonly text: string }
  | {
      readonly algorithm: "scrypt";
      readonly logN: number;
      readonly blockSize: number;
      readonly parallel: number;
      readonly salt: Uint8Array;
      readonly digest: Uint8Array;
    }
  | {
      readonly algorithm: "pbkdf2";
      readonly hmac: "sha256" | "sha512";
      readonly iterations: number;
      readonly salt: Uint8Array;
      readonly digest: Uint8Array;
    };

/** The descriptions are for whoever brought the hash; they never repeat any of it. */
export type HashReading =
  | { readonly kind: "parsed"; readonly hash: ParsedHash }
  | { readonly kind: "unsupported"; readonly description: string }
  | { readonly kind: "too_costly"; readonly description: string };

/** Longer than any hash within the bounds below. In characters. */
const longestText = 300;

/** RFC 9106 §3.1 asks for 8 bytes of salt at least. Less than 16 bytes of digest would let guesses through by chance. */
const saltBytes = { least: 8, most: 64 };
const digestBytes = { least: 16, most: 64 };

type Reader = { readonly pattern: RegExp; readonly read: (fields: Readonly<Record<string, string>>) => HashReading };

/** A number as the PHC string format writes it: no sign, no leading zero. Ten digits are enough for every limit. */
const number = String.raw`[1-9]\d{0,9}`;
const saltAndDigest = String.raw`\$(?<salt>[A-Za-z0-9+/.]+)\$(?<digest>[A-Za-z0-9+/.]+)`;

const readers: readonly Reader[] = [
  // Spec: RFC 9106, PHC string format. Version 16 had a weakness and is refused.
  {
    pattern: RegExp(
      String.raw`^\$argon2id\$v=19\$m=(?<m>${number}),t=(?<t>${number}),p=(?<p>${number})${saltAndDigest}$`,
    ),
    read: readArgon2id,
  },
  // 2a, 2b and 2y are one algorithm for valid UTF-8. 2x repeats an old bug of PHP and is refused.
  {
    pattern: /^\$2[aby]\$(?<cost>\d\d)\$[./A-Za-z0-9]{21}[.Oeu][./A-Za-z0-9]{30}[.CGKOSWaeimquy26]$/,
    read: readBcrypt,
  },
  // Spec: RFC 7914, written as passlib does.
  {
    pattern: RegExp(String.raw`^\$scrypt\$ln=(?<ln>${number}),r=(?<r>${number}),p=(?<p>${number})${saltAndDigest}$`),
    read: readScrypt,
  },
  // Spec: RFC 8018. In the PHC form ("i=", perhaps with the length of the digest) and as passlib writes it.
  {
    pattern: RegExp(
      String.raw`^\$pbkdf2-(?<hmac>sha256|sha512)\$(?:i=)?(?<i>${number})(?:,l=(?<length>${number}))?${saltAndDigest}$`,
    ),
    read: readPbkdf2,
  },
];

/** Reads a hash and judges its cost; does none of its work. */
export function parseHash(text: string): HashReading {
  if (text.length <= longestText) {
    for (const { pattern, read } of readers) {
      const match = pattern.exec(text);
      if (match !== null) return read({ ...match.groups, text });
    }
  }
  return unsupported("Expected a PHC string of argon2id (v=19), scrypt, pbkdf2-sha256 or pbkdf2-sha512, or bcrypt.");
}

function readArgon2id({ m, t, p, ...rest }: Readonly<Record<string, string>>): HashReading {
  const [memoryKib, passes, lanes] = [Number(m), Number(t), Number(p)];
  const most = limits.argon2;
  if (memoryKib > most.memoryKib || passes > most.passes || lanes > most.lanes) {
    return tooCostly(`argon2id: at most m=${most.memoryKib}, t=${most.passes}, p=${most.lanes}.`);
  }
  // Spec: RFC 9106 §3.1.
  if (memoryKib < 8 * lanes) return unsupported("argon2id: m must be at least 8 times p.");
  const bytes = readBytes(rest);
  if (bytes === undefined) return unsupported(badBytes);
  return { kind: "parsed", hash: { algorithm: "argon2id", memoryKib, passes, lanes, ...bytes } };
}

function readBcrypt({ cost: digits, text = "" }: Readonly<Record<string, string>>): HashReading {
  const cost = Number(digits);
  if (cost < 4 || cost > 31) return unsupported("bcrypt: the cost is 4 to 31.");
  if (cost > limits.bcrypt.cost) return tooCostly(`bcrypt: at most cost ${limits.bcrypt.cost}.`);
  return { kind: "parsed", hash: { algorithm: "bcrypt", cost, text } };
}

function readScrypt({ ln, r, p, ...rest }: Readonly<Record<string, string>>): HashReading {
  const [logN, blockSize, parallel] = [Number(ln), Number(r), Number(p)];
  const most = limits.scrypt;
  const isTooDear = logN > most.logN || blockSize > most.blockSize || parallel > most.parallel;
  if (isTooDear || 128 * 2 ** logN * blockSize * parallel > most.bytes) {
    const each = `ln=${most.logN}, r=${most.blockSize}, p=${most.parallel}`;
    return tooCostly(`scrypt: at most ${each}, and 128·N·r·p at most ${most.bytes} bytes.`);
  }
  // Spec: RFC 7914 §2.
  if (logN >= 16 * blockSize) return unsupported("scrypt: ln must be below 16 times r.");
  const bytes = readBytes(rest);
  if (bytes === undefined) return unsupported(badBytes);
  return { kind: "parsed", hash: { algorithm: "scrypt", logN, blockSize, parallel, ...bytes } };
}

function readPbkdf2({ hmac, i, length, ...rest }: Readonly<Record<string, string>>): HashReading {
  const iterations = Number(i);
  const most = limits.pbkdf2;
  if (iterations > most.iterations) return tooCostly(`pbkdf2: at most ${most.iterations} iterations.`);
  const bytes = readBytes(rest);
  if (bytes === undefined) return unsupported(badBytes);
  if (length !== undefined && Number(length) !== bytes.digest.length) {
    return unsupported("pbkdf2: l is not the length of the digest.");
  }
  return {
    kind: "parsed",
    hash: { algorithm: "pbkdf2", hmac: hmac === "sha512" ? "sha512" : "sha256", iterations, ...bytes },
  };
}

const badBytes =
  `Salt and digest are unpadded Base64 of ${saltBytes.least} to ${saltBytes.most} ` +
  `and ${digestBytes.least} to ${digestBytes.most} bytes.`;

type Range = { readonly least: number; readonly most: number };

function readBytes(fields: Readonly<Record<string, string>>): { salt: Uint8Array; digest: Uint8Array } | undefined {
  const salt = decode(fields["salt"], saltBytes);
  const digest = decode(fields["digest"], digestBytes);
  return salt && digest && { salt, digest };
}

/** Base64 without padding; passlib writes "." for "+". Bits that belong to no byte must be zero. */
function decode(text = "", { least, most }: Range): Uint8Array | undefined {
  const base64 = text.replaceAll(".", "+");
  const bytes = Buffer.from(base64, "base64");
  const isExact = bytes.toString("base64").replace(/=+$/, "") === base64;
  return isExact && bytes.length >= least && bytes.length <= most ? bytes : undefined;
}

function unsupported(description: string): HashReading {
  return { kind: "unsupported", description };
}

function tooCostly(description: string): HashReading {
  return { kind: "too_costly", description };
}
