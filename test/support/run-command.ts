// How does a test run a program and read its answer? Without a terminal, and with the project's own programs on the PATH.

import { execFile, type ExecFileException } from "node:child_process";
import { delimiter, join } from "node:path";

export type Ran = { readonly code: number | null; readonly stdout: string; readonly stderr: string };

const programs = join(import.meta.dirname, "../../node_modules/.bin");
const mostOutputBytes = 16 * 1024 * 1024;

/** A program that does not run is a failure; one that ends with another code than 0 is an answer. */
export async function runCommand(program: string, ...args: readonly string[]): Promise<Ran> {
  const environment = { ...process.env, PATH: programs + delimiter + process.env["PATH"] };
  return await new Promise((resolve, reject) => {
    const settle = (failure: ExecFileException | null, stdout: string, stderr: string) => {
      if (failure === null) resolve({ code: 0, stdout, stderr });
      else if (typeof failure.code === "number") resolve({ code: failure.code, stdout, stderr });
      else reject(failure);
    };
    execFile(program, args, { env: environment, maxBuffer: mostOutputBytes }, settle);
  });
}

/** As a user pastes it. */
export async function runPasted(command: string): Promise<Ran> {
  return await runCommand("sh", "-c", command);
}

/** For what has to work: anything but 0 is a failure that says what the program said. */
export async function mustRun(program: string, ...args: readonly string[]): Promise<string> {
  const { code, stdout, stderr } = await runCommand(program, ...args);
  if (code !== 0) throw new Error(`${program} ${args.join(" ")} ended with ${code}:\n${stdout}${stderr}`);
  return stdout;
}
