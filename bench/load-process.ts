// How is the load generator told what to do? As a child process, one job at a time, each within a bound.

import { fork } from "node:child_process";

import { minute } from "../src/units.ts";
import type { Job, LoadReport } from "./load.ts";

export type LoadProcess = { run(job: Job): Promise<LoadReport>; close(): void };

/** No job takes this long, unless something hangs. */
const jobTimeoutMs = minute;

export function startLoad(): LoadProcess {
  const child = fork(new URL("load.ts", import.meta.url), { serialization: "advanced" });
  return {
    run: (job) =>
      new Promise((resolve, reject) => {
        const timer = setTimeout(() => child.kill("SIGKILL"), jobTimeoutMs);
        const onExit = () => reject(new Error("the load generator ended before its job did"));
        child.once("exit", onExit);
        child.once("message", (report) => {
          clearTimeout(timer);
          child.off("exit", onExit);
          resolve(report as LoadReport);
        });
        child.send(job);
      }),
    close: () => void child.kill(),
  };
}
