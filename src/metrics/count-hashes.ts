// Do the threads that hash passwords keep up? How full they are, how long a hash takes, and who was told to come again.

import type { Busy, Hasher } from "../password/hasher.ts";
import type { ThreadHasher } from "../password/thread-hasher.ts";
import { second } from "../units.ts";
import type { Meter } from "./meter.ts";

/** In seconds. */
const buckets = [0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];

/** The same hasher. */
export function countHashes(hasher: ThreadHasher, meter: Meter): ThreadHasher {
  meter.gauge({ name: "rekey_hash_threads", help: "Threads that may hash at once." }, () => hasher.load().threads);
  meter.gauge(
    { name: "rekey_hash_running", help: "Passwords that are hashed or verified at this moment." },
    () => hasher.load().running,
  );
  meter.gauge(
    { name: "rekey_hash_waiting", help: "Passwords that wait for a thread at this moment." },
    () => hasher.load().waiting,
  );
  const durations = meter.histogram(
    { name: "rekey_hash_duration_seconds", help: "What a hash or a verification took, its wait included.", buckets },
    "operation",
  );
  const refused = meter.counter(
    { name: "rekey_hash_refused_total", help: "Passwords that were not taken, as the line was full." },
    "operation",
  );
  const counted = { hash: refused.at("hash").place, verify: refused.at("verify").place };

  async function timed<Outcome extends Busy | { readonly kind: string }>(
    operation: keyof typeof counted & keyof Hasher,
    work: Promise<Outcome>,
  ): Promise<Outcome> {
    const begunAt = performance.now();
    const outcome = await work;
    if (outcome.kind === "busy") counted[operation].count += 1;
    else durations.at(operation).place.add((performance.now() - begunAt) / second);
    return outcome;
  }

  return {
    ...hasher,
    hash: async (password) => await timed("hash", hasher.hash(password)),
    verify: async (password, hash) => await timed("verify", hasher.verify(password, hash)),
  };
}
