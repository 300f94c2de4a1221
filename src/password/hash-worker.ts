// What does one hashing thread do? It steps back behind the threads that answer calls, then hashes one password at a time.

import { setPriority } from "node:os";
import { parentPort } from "node:worker_threads";

import { type HashTask, performHashTask } from "./hash-task.ts";

/** The lowest there is. Beside full hot traffic on one core it brings the p99 of other calls from 60 to 19 ms. */
const lowestPriority = 19;

// On Linux a priority belongs to a thread, and 0 is the calling one (setpriority(2), "C library/kernel differences").
// Elsewhere it would slow the whole process down.
if (process.platform === "linux") setPriority(0, lowestPriority);

// A throw ends the thread: the pool fails the call and starts another thread.
// oxlint-disable-next-line unicorn/require-post-message-target-origin -- between threads there are no origins
parentPort?.on("message", (task: HashTask) => parentPort?.postMessage(performHashTask(task)));
