// A hashing thread that dies of one password: by a throw, or by ending without a word.

import { parentPort } from "node:worker_threads";

import { type HashTask, performHashTask } from "../../src/password/hash-task.ts";

parentPort?.on("message", (task: HashTask) => {
  if (task.kind === "hash" && task.password === "throw") throw new Error("died of this password");
  if (task.kind === "hash" && task.password === "exit") process.exit(0);
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- between threads there are no origins
  parentPort?.postMessage(performHashTask(task));
});
