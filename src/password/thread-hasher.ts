// Where are passwords hashed? On threads of our own, below the priority of everything that answers a call.

import { availableParallelism } from "node:os";

import { type Milliseconds, second } from "../units.ts";
import { type Argon2Settings, argon2Problems } from "./argon2-settings.ts";
import { parseHash } from "./hash-formats.ts";
import type { HashTask, HashTaskOutcome } from "./hash-task.ts";
import type { Busy, Hasher } from "./hasher.ts";
import { openThreadPool } from "./thread-pool.ts";

export type ThreadHasherSettings = Argon2Settings & {
  /** Absent: one core is left to the calls. More threads than cores halve the throughput and multiply the memory. */
  readonly threads?: number;
  /** How many calls may wait for a thread; one more is told to come again. */
  readonly waiting: number;
  /** The module that a thread runs. */
  readonly worker?: URL;
};

/** How full the threads and the line before them are. */
export type HashLoad = { readonly waiting: number; readonly running: number; readonly threads: number };

export type ThreadHasher = Hasher & { load(): HashLoad };

/** A guess at when a full line will be shorter is not worth less than this. */
const shortestRetry: Milliseconds = second;

/**
 * Whoever asks has held the password against a policy; this only bounds the work of a caller who has not, and of
 * normalizing. In UTF-16 code units. Incident: C29.
 */
const longestPassword = 16 * 1024;

export function openThreadHasher(settings: ThreadHasherSettings): ThreadHasher {
  const { memoryKib, passes, lanes, waiting } = settings;
  const threads = settings.threads ?? Math.max(1, availableParallelism() - 1);
  const argon2: Argon2Settings = { memoryKib, passes, lanes };
  const problems = argon2Problems(argon2);
  if (problems.length > 0) throw new RangeError(problems.join(" "));

  const pool = openThreadPool<HashTask, HashTaskOutcome>({
    file: settings.worker ?? new URL("./hash-worker.ts", import.meta.url),
    threads,
    waiting,
  });

  function busy(): Busy {
    return { kind: "busy", retryAfterMs: Math.max(shortestRetry, Math.ceil(pool.expectedWaitMs())) };
  }

  return {
    async hash(password) {
      if (password.length > longestPassword) throw new RangeError("the password is longer than any policy allows");
      const outcome = await pool.run({ kind: "hash", password: password.normalize("NFKC"), settings: argon2 });
      if (outcome === undefined) return busy();
      if (outcome.kind !== "hashed") throw new Error("the hashing thread answered something else");
      return outcome;
    },

    async verify(password, text) {
      const reading = parseHash(text);
      if (reading.kind !== "parsed")
        throw new RangeError(`the stored hash can not be verified: ${reading.description}`);
      if (password.length > longestPassword) return { kind: "mismatch" };
      // Who made an imported hash may not have normalized: the password as it was typed counts too.
      const forms = [...new Set([password.normalize("NFKC"), password])];
      const outcome = await pool.run({ kind: "verify", forms, hash: reading.hash });
      if (outcome === undefined) return busy();
      if (outcome.kind === "hashed") throw new Error("the hashing thread answered something else");
      return outcome;
    },

    load: () => ({ ...pool.load(), threads }),

    close: () => pool.close(),
  };
}
