// How does a test start the service as a user does? As a process with an environment, until it says where it listens.

import { type ChildProcess, spawn } from "node:child_process";
import { join } from "node:path";

export type StartedProcess = {
  /** Where it listens, as a URL. */
  readonly address: string;
  readonly pid: number;
  /** All that it has printed so far, both streams. */
  output(): string;
  /** Waits until it has printed this. */
  printed(text: string): Promise<void>;
  /** Sends the signal and waits until the process is gone. Answers the exit code, if any. */
  stop(signal?: NodeJS.Signals): Promise<number | null>;
};

const root = join(import.meta.dirname, "../..");

/** A service that does not listen by then will not. */
const startTimeoutMs = 30_000;

/** `program`: what is started instead of the service, and its arguments. */
export async function startProcess(
  environment: Readonly<Record<string, string>>,
  program: readonly string[] = ["src/main.ts"],
): Promise<StartedProcess> {
  const child = spawn(process.execPath, program, {
    cwd: root,
    env: { PATH: process.env["PATH"], ...environment },
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
  } finally {
    clearTimeout(timer);
  }
  return {
    address: addressIn(output),
    pid: child.pid ?? 0,
    output: () => output,
    printed,
    stop: async (signal = "SIGTERM") => await stopProcess(child, gone, signal),
  };
}

function addressIn(output: string): string {
  const line = output.split("\n").find((each) => each.includes('"msg":"listening"')) ?? "{}";
  return (JSON.parse(line) as { address: string }).address;
}

async function stopProcess(child: ChildProcess, gone: Promise<number | null>, signal: NodeJS.Signals) {
  if (child.exitCode === null && child.signalCode === null) child.kill(signal);
  return await gone;
}
