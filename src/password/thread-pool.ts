// Who does the heavy work, and who has to wait for it? A few threads, and a line of bounded length before them.

import { Worker } from "node:worker_threads";

import type { Milliseconds } from "../units.ts";

export type ThreadPool<Task, Result> = {
  /** Undefined when the line is full: nothing was done. Rejects when the thread that works on it dies. */
  run(task: Task): Promise<Result> | undefined;
  /** How many wait, and how many are worked on, at this moment. */
  load(): { readonly waiting: number; readonly running: number };
  /** How long one more task would have to wait, from the mean of late. */
  expectedWaitMs(): Milliseconds;
  /** Ends all threads. What has not been done by then is rejected. */
  close(): Promise<void>;
};

type Job<Task, Result> = {
  readonly task: Task;
  readonly resolve: (result: Result) => void;
  readonly reject: (cause: unknown) => void;
};

/** How much one measured duration moves the mean. */
const smoothing = 1 / 16;

/**
 * `file` is a module that answers each message of its parent with one message. A thread is started when there is work
 * and no idle one, and no more than `threads`; at most `waiting` tasks wait. Idle threads do not keep the process alive.
 */
export function openThreadPool<Task, Result>(options: {
  readonly file: URL;
  readonly threads: number;
  readonly waiting: number;
}): ThreadPool<Task, Result> {
  const line: Job<Task, Result>[] = [];
  const idle = new Set<Worker>();
  const working = new Map<Worker, Job<Task, Result> & { readonly startedAt: number }>();
  let meanMs: Milliseconds = 0;
  let isClosed = false;

  /** Gives waiting jobs to threads for as long as there are both. */
  function assign(): void {
    while (line.length > 0 && working.size < options.threads) {
      const job = line.shift()!;
      try {
        give(job);
      } catch (cause) {
        job.reject(cause);
      }
    }
  }

  function give(job: Job<Task, Result>): void {
    const [worker = start()] = idle;
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- between threads there are no origins
    worker.postMessage(job.task);
    worker.ref();
    idle.delete(worker);
    working.set(worker, { ...job, startedAt: performance.now() });
  }

  function start(): Worker {
    const worker = new Worker(options.file);
    worker.on("message", (result: Result) => finish(worker, result));
    worker.on("error", (cause) => lose(worker, cause));
    worker.on("exit", () => lose(worker, new Error("the thread ended before its work was done")));
    return worker;
  }

  function finish(worker: Worker, result: Result): void {
    const job = working.get(worker);
    if (job === undefined) return;
    const tookMs = performance.now() - job.startedAt;
    meanMs += meanMs === 0 ? tookMs : (tookMs - meanMs) * smoothing;
    working.delete(worker);
    idle.add(worker);
    worker.unref();
    job.resolve(result);
    assign();
  }

  /** A thread is gone. Its job fails; the next job gets a new thread. */
  function lose(worker: Worker, cause: unknown): void {
    idle.delete(worker);
    working.get(worker)?.reject(cause);
    working.delete(worker);
    assign();
  }

  return {
    run(task) {
      if (isClosed) return Promise.reject(new Error("the thread pool is closed"));
      if (working.size === options.threads && line.length >= options.waiting) return undefined;
      return new Promise((resolve, reject) => {
        line.push({ task, resolve, reject });
        assign();
      });
    },

    load: () => ({ waiting: line.length, running: working.size }),

    expectedWaitMs: () => (meanMs * (line.length + working.size)) / options.threads,

    async close() {
      isClosed = true;
      for (const job of line.splice(0)) job.reject(new Error("the thread pool is closed"));
      await Promise.all([...idle, ...working.keys()].map((worker) => worker.terminate()));
    },
  };
}
