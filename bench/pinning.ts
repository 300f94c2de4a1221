// Which core does what? The server has core 0 for itself; Redis, the load and whoever measures share core 1.

import { execFileSync } from "node:child_process";
import { availableParallelism } from "node:os";

export type Pinning = {
  readonly isPinned: boolean;
  /** The command line that starts a server where it belongs. */
  serverCommand(program: string, args: readonly string[]): readonly [string, ...string[]];
};

/** Moves this process to core 1, and with it every child that is not started by `serverCommand`. */
export function pinCores(): Pinning {
  if (availableParallelism() < 2 || !pin(process.pid, 1)) {
    return { isPinned: false, serverCommand: (program, args) => [program, ...args] };
  }
  return { isPinned: true, serverCommand: (program, args) => ["taskset", "--cpu-list", "0", program, ...args] };
}

function pin(pid: number, core: number): boolean {
  try {
    execFileSync("taskset", ["--all-tasks", "--cpu-list", "--pid", String(core), String(pid)], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}
