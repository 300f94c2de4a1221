// How does a test get the whole service? A process of its own, as a user starts it, on a free loopback port.

import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import type { DemoFacts } from "../../src/demo/demo-facts.ts";

export type StartedService = {
  readonly facts: DemoFacts;
  readonly dataDir: string;
  readonly pid: number;
  /** All that it has printed so far, both streams. */
  output(): string;
  /** Waits until it has printed this. */
  printed(text: string): Promise<void>;
  /** Sends the signal and waits until the process is gone; `dataDir` stays. Answers the exit code, if any. */
  stop(signal?: NodeJS.Signals): Promise<number | null>;
  /** Stops it and removes its data. */
  close(): Promise<void>;
};

const root = join(import.meta.dirname, "../..");

/** A service that does not listen by then will not. */
const startTimeoutMs = 30_000;

/**
 * Starts the demo. `environment` adds settings (REKEY_REDIS_URL, …); `dataDir` starts on the data of an earlier one.
 */
export async function startService(
  options: { readonly environment?: Readonly<Record<string, string>>; readonly dataDir?: string } = {},
): Promise<StartedService> {
  const dataDir = options.dataDir ?? mkdtempSync(join(tmpdir(), "rekey-"));
  const child = spawn(process.execPath, ["src/main.ts"], {
    cwd: root,
    env: { PATH: process.env["PATH"], REKEY_DATA_DIR: dataDir, REKEY_LISTEN_PORT: "0", ...options.environment },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  const readers = new Set<() => void>();
  const read = (chunk: Buffer) => {
    output += chunk.toString();
    for (const reader of readers) reader();
  };
  child.stdout.on("data", read);
  child.stderr.on("data", read);
  const gone = new Promise<number | null>((resolve) => child.once("close", (code) => resolve(code)));
  const printed = async (text: string) =>
    await new Promise<void>((resolve, reject) => {
      const look = () => {
        if (!output.includes(text)) return;
        readers.delete(look);
        resolve();
      };
      readers.add(look);
      look();
      void gone.then((code) => reject(new Error(`the service ended with ${code}:\n${output}`)));
    });
  const timer = setTimeout(() => child.kill("SIGKILL"), startTimeoutMs);
  try {
    await printed('"msg":"listening"');
  } catch (cause) {
    if (options.dataDir === undefined) rmSync(dataDir, { recursive: true, force: true });
    throw cause;
  } finally {
    clearTimeout(timer);
  }
  const stop = async (signal: NodeJS.Signals = "SIGTERM") => await stopProcess(child, gone, signal);
  return {
    facts: JSON.parse(readFileSync(join(dataDir, "demo.json"), "utf8")) as DemoFacts,
    dataDir,
    pid: child.pid ?? 0,
    output: () => output,
    printed,
    stop,
    async close() {
      await stop();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

async function stopProcess(child: ChildProcess, gone: Promise<number | null>, signal: NodeJS.Signals) {
  if (child.exitCode === null && child.signalCode === null) child.kill(signal);
  return await gone;
}
