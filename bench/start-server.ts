// How is a server started for one measurement? As a fresh process on its core, until it says where it listens.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";

import { second, type Milliseconds } from "../src/units.ts";
import type { Pinning } from "./pinning.ts";

export type StartedServer = {
  readonly pid: number;
  readonly address: string;
  readonly startMs: Milliseconds;
  stop(): Promise<void>;
};

const stopTimeoutMs: Milliseconds = 10 * second;
/** The grain of `startMs`. */
const lookEveryMs: Milliseconds = 2;

export async function startServer(
  pinning: Pinning,
  how: {
    readonly program: string;
    readonly environment: Readonly<Record<string, string>>;
    /** For Node itself. */
    readonly nodeOptions: readonly string[];
  },
): Promise<StartedServer> {
  const begun = performance.now();
  const [command, ...args] = pinning.serverCommand(process.execPath, [...how.nodeOptions, how.program]);
  // Its log goes to a file, as an operator's does.
  const directory = mkdtempSync(join(tmpdir(), "rekey-bench-log-"));
  const log = join(directory, "server.log");
  const output = openSync(log, "a");
  const child = spawn(command, args, {
    env: { PATH: process.env["PATH"], ...how.environment },
    stdio: ["ignore", output, "inherit"],
  });
  closeSync(output);
  const gone = once(child, "exit");
  const address = await listeningAddress(log, () => child.exitCode !== null);
  const startMs = performance.now() - begun;
  return {
    pid: child.pid ?? 0,
    address,
    startMs,
    async stop() {
      child.kill("SIGTERM");
      const timer = setTimeout(() => child.kill("SIGKILL"), stopTimeoutMs);
      await gone;
      clearTimeout(timer);
      rmSync(directory, { recursive: true });
    },
  };
}

async function listeningAddress(log: string, isGone: () => boolean): Promise<string> {
  for (;;) {
    const wasGone = isGone();
    const lines = readFileSync(log, "utf8");
    const line = lines.split("\n").find((each) => each.includes('"msg":"listening"') && each.endsWith("}"));
    if (line !== undefined) return (JSON.parse(line) as { address: string }).address;
    if (wasGone) throw new Error(`the server ended before it listened:\n${lines}`);
    await pause(lookEveryMs);
  }
}
