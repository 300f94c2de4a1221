import { readdirSync, readFileSync } from "node:fs";
import { getPriority } from "node:os";

import { afterEach, expect, test, vi } from "vitest";

import { defaultArgon2 } from "../../src/password/argon2-settings.ts";
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

const phrase = "correct horse battery staple";

test("the line is bounded: one more is told to come again, and those in the line are served", async () => {
  const hasher = openHasher({ threads: 1, waiting: 2 });
  const calls = [1, 2, 3, 4, 5].map(() => hasher.hash(phrase));
  const outcomes = await Promise.all(calls);
  expect(outcomes.map((outcome) => outcome.kind)).toEqual(["hashed", "hashed", "hashed", "busy", "busy"]);
  expect(outcomes[3]).toEqual({ kind: "busy", retryAfterMs: expect.any(Number) });
  expect(outcomes[3]?.kind === "busy" && outcomes[3].retryAfterMs).toBeGreaterThanOrEqual(1000);
  expect((await hasher.hash(phrase)).kind).toBe("hashed");
});

test("verifying stands in the same line", async () => {
  const hasher = openHasher({ threads: 1, waiting: 0 });
  const first = hasher.hash(phrase);
  expect((await hasher.verify(phrase, "$2b$05$abcdefghijklmnopqrstuuFiPhXf1sVd3pCCRO.uVh34H/qI/ZsuS")).kind).toBe(
    "busy",
  );
  expect((await first).kind).toBe("hashed");
});

test("the thread that asks keeps turning while others hash", async () => {
  const hasher = openHasher();
  let turns = 0;
  const turn = (): void => {
    turns += 1;
    immediate = setImmediate(turn);
  };
  let immediate = setImmediate(turn);
  await Promise.all(Array.from({ length: 10 }, () => hasher.hash(phrase)));
  clearImmediate(immediate);
  // Ten hashes on this thread would leave it one turn for each at most.
  expect(turns).toBeGreaterThan(20);
});

test.each(["throw", "exit"])("a thread that dies (%s) fails its call, and the next calls are served", async (death) => {
  const worker = new URL("../support/mortal-hash-worker.ts", import.meta.url);
  const hasher = openHasher({ threads: 1, waiting: 10, worker });
  const calls = [phrase, death, phrase, death, phrase].map((password) => hasher.hash(password));
  const outcomes = await Promise.allSettled(calls);
  expect(outcomes.map((outcome) => outcome.status)).toEqual([
    "fulfilled",
    "rejected",
    "fulfilled",
    "rejected",
    "fulfilled",
  ]);
});

test("a thread that can not even start fails every call and hangs none", async () => {
  const worker = new URL("../support/unloadable-worker.ts", import.meta.url);
  const hasher = openHasher({ threads: 2, waiting: 10, worker });
  const outcomes = await Promise.allSettled(Array.from({ length: 6 }, () => hasher.hash(phrase)));
  expect(new Set(outcomes.map((outcome) => outcome.status))).toEqual(new Set(["rejected"]));
});

test("threads take the lowest priority, the process does not, and closing ends them", async () => {
  await vi.waitFor(() => expect(threadsOfLowestPriority()).toBe(0));
  const ownPriority = getPriority();
  const hasher = openHasher({ threads: 2 });
  await Promise.all([hasher.hash(phrase), hasher.hash(phrase), hasher.hash(phrase)]);
  expect(threadsOfLowestPriority()).toBe(2);
  expect(getPriority()).toBe(ownPriority);
  await hasher.close();
  // The kernel forgets a thread a moment after it has ended.
  await vi.waitFor(() => expect(threadsOfLowestPriority()).toBe(0));
});

test("closing fails what is not done, and every call after it", async () => {
  const hasher = openHasher({ threads: 1 });
  const calls = Promise.allSettled([hasher.hash(phrase), hasher.hash(phrase)]);
  await hasher.close();
  expect((await calls).map((outcome) => outcome.status)).toEqual(["rejected", "rejected"]);
  await expect(hasher.hash(phrase)).rejects.toThrow("closed");
});

/** Threads of this process whose nice value is 19: field 19 of /proc/<pid>/task/<tid>/stat. Spec: proc_pid_stat(5) */
function threadsOfLowestPriority(): number {
  return readdirSync("/proc/self/task").filter((thread) => {
    const stat = statOf(thread);
    return stat.slice(stat.lastIndexOf(")") + 2).split(" ")[16] === "19";
  }).length;
}

/** Empty when the thread has gone since it was listed. */
function statOf(thread: string): string {
  try {
    return readFileSync(`/proc/self/task/${thread}/stat`, "latin1");
  } catch {
    return "";
  }
}
