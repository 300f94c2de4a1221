// How does a test get a program that npm does not carry? From the PATH, else from the system's package manager.

import { execFileSync } from "node:child_process";

export type Need = {
  /** Those of Debian. */
  readonly packages: readonly string[];
  /** What has to be there, for people; the program's name if absent. */
  readonly what?: string;
  readonly isThere?: () => boolean;
};

/** Answers the program's name. Throws a sentence where there is no way to get it. */
export function needProgram(
  program: string,
  { packages, what = program, isThere = () => canRun(program) }: Need,
): string {
  if (!isThere() && process.getuid?.() === 0 && canRun("apt-get")) {
    execFileSync("apt-get", ["update"], { stdio: "ignore" });
    execFileSync("apt-get", ["install", "-y", "--no-install-recommends", ...packages], { stdio: "ignore" });
  }
  if (isThere()) return program;
  throw new Error(
    `These tests need ${what} on the PATH: install it, for example with apt-get install ${packages.join(" ")}.`,
  );
}

export function canRun(program: string, args: readonly string[] = ["--version"]): boolean {
  try {
    execFileSync(program, args, { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}
