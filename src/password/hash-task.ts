// How is one password hashed, or compared with a hash? The heavy work, to be done on a thread of its own.

import { pbkdf2Sync, scryptSync, timingSafeEqual } from "node:crypto";

import { hashRawSync, hashSync } from "@node-rs/argon2";
import { verifySync as verifyBcrypt } from "@node-rs/bcrypt";

import type { Argon2Settings } from "./argon2-settings.ts";
import type { ParsedHash } from "./hash-formats.ts";
import { limits } from "./hash-limits.ts";
import type { Busy, HashOutcome, VerifyOutcome } from "./hasher.ts";

export type HashTask =
  | { readonly kind: "hash"; readonly password: string; readonly settings: Argon2Settings }
  /** The forms of one password, any of which may match. */
  | { readonly kind: "verify"; readonly forms: readonly string[]; readonly hash: ParsedHash };

export type HashTaskOutcome = Exclude<HashOutcome | VerifyOutcome, Busy>;

/** bcrypt cuts what is longer, without a word. Two passwords that differ only behind the cut must not both match. Incident: C29. */
const bcryptMostBytes = 72;

/** scrypt takes less than 1 MiB beside its blocks: 128·r·(p + 2) bytes. */
const scryptMemory = limits.scrypt.bytes + 1024 * 1024;

export function performHashTask(task: HashTask): HashTaskOutcome {
  if (task.kind === "hash") return { kind: "hashed", hash: hashArgon2id(task.password, task.settings) };
  return task.forms.some((form) => matches(form, task.hash)) ? { kind: "match" } : { kind: "mismatch" };
}

/** Argon2id v=19 with 16 random bytes of salt and a digest of 32. Spec: RFC 9106 §4. */
function hashArgon2id(password: string, { memoryKib, passes, lanes }: Argon2Settings): string {
  return hashSync(password, { memoryCost: memoryKib, timeCost: passes, parallelism: lanes, outputLen: 32 });
}

function matches(password: string, hash: ParsedHash): boolean {
  if (hash.algorithm === "bcrypt") {
    return Buffer.byteLength(password) <= bcryptMostBytes && verifyBcrypt(password, hash.text);
  }
  return timingSafeEqual(digestOf(password, hash), hash.digest);
}

function digestOf(password: string, hash: Exclude<ParsedHash, { algorithm: "bcrypt" }>): Uint8Array {
  const { salt } = hash;
  const outputLen = hash.digest.length;
  if (hash.algorithm === "argon2id") {
    const { memoryKib: memoryCost, passes: timeCost, lanes: parallelism } = hash;
    return hashRawSync(password, { salt, memoryCost, timeCost, parallelism, outputLen });
  }
  if (hash.algorithm === "scrypt") {
    const { logN, blockSize: r, parallel: p } = hash;
    return scryptSync(password, salt, outputLen, { N: 2 ** logN, r, p, maxmem: scryptMemory });
  }
  return pbkdf2Sync(password, salt, hash.iterations, outputLen, hash.hmac);
}
