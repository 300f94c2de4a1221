// How does a test get a program that npm does not carry? From the PATH, else from the system's package manager.

import { execFileSync } from "node:child_process";

/** Answers the program's name; `packages` are those of Debian. Throws a sentence where there is no way to get it. */
export function needProgram(
  program: string,
  { packages, isThere = () => canRun(program) }: { packages: readonly string[]; isThere?: () => boolean },
): string {
  if (!isThere() && process.getuid?.() === 0 && canRun("apt-get")) {
    execFileSync("apt-get", ["update"], { stdio: "ignore" });
    execFileSync("apt-get", ["install", "-y", "--no-install-recommends", ...packages], { stdio: "ignore" });
  }
  if (isThere()) return program;
  throw new Error(
    `These tests need ${program} on the PATH: install it, for example with apt-get install ${packages.join(" ")}.`,
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
