// How is a server started for one measurement? As a fresh process on its core, until it says where it listens.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";

import { second, type Milliseconds } from "../src/units.ts";
import type { Pinning } from "./pinning.ts";

export type StartedServer = {
  readonly pid: number;
  readonly address: string;
  readonly startMs: Milliseconds;
  stop(): Promise<void>;
};

const stopTimeoutMs: Milliseconds = 10 * second;

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
  const child = spawn(command, args, {
    env: { PATH: process.env["PATH"], ...how.environment },
    stdio: ["ignore", "pipe", "inherit"],
  });
  const gone = once(child, "exit");
  const address = await listeningAddress(child.stdout);
  const startMs = performance.now() - begun;
  // Its log goes nowhere, but is read: a full pipe would hold it up.
  child.stdout.resume();
  return {
    pid: child.pid ?? 0,
    address,
    startMs,
    async stop() {
      child.kill("SIGTERM");
      const timer = setTimeout(() => child.kill("SIGKILL"), stopTimeoutMs);
      await gone;
      clearTimeout(timer);
    },
  };
}

async function listeningAddress(output: NodeJS.ReadableStream): Promise<string> {
  const lines: string[] = [];
  for await (const line of createInterface({ input: output })) {
    lines.push(line);
    if (line.includes('"msg":"listening"')) return (JSON.parse(line) as { address: string }).address;
  }
  throw new Error(`the server ended before it listened:\n${lines.join("\n")}`);
}
