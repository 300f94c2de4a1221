// How does a test get a program that npm does not carry? From the PATH, else from the system's package manager.

import { execFileSync, spawnSync } from "node:child_process";

type Need = {
  /** Those of Debian. */
  readonly packages: readonly string[];
  /** What has to be there, for people. */
  readonly what: string;
  readonly isThere: () => boolean;
};

/** The pinned Python packages are built for 3.9 and newer. */
const pythonFits = "import ensurepip, sys, venv; sys.exit(sys.version_info < (3, 9))";
/** From 1.21 on, Go fetches the newer one that a program asks for. */
const oldestGo = 21;

const needs = {
  "redis-server": plain("redis-server"),
  chromium: plain("chromium"),
  curl: plain("curl"),
  python3: {
    packages: ["python3", "python3-venv", "python3-pip"],
    what: "python3 of 3.9 or newer, with venv and pip,",
    isThere: () => canRun("python3", ["-c", pythonFits]),
  },
  go: { packages: ["golang-go"], what: `go of 1.${oldestGo} or newer`, isThere: () => minorOfGo() >= oldestGo },
} satisfies Record<string, Need>;

/** Answers the program's name. Throws a sentence where there is no way to get it. */
export function needProgram(program: keyof typeof needs): string {
  const { packages, what, isThere } = needs[program];
  if (!isThere() && process.getuid?.() === 0 && canRun("apt-get")) {
    execFileSync("apt-get", ["update"], { stdio: "ignore" });
    execFileSync("apt-get", ["install", "-y", "--no-install-recommends", ...packages], { stdio: "ignore" });
  }
  if (isThere()) return program;
  throw new Error(
    `These tests need ${what} on the PATH: install it, for example with apt-get install ${packages.join(" ")}.`,
  );
}

/** Runs once before all tests, so that no two of them install at the same time. */
export default function needPrograms(): void {
  for (const program of Object.keys(needs) as (keyof typeof needs)[]) {
    try {
      needProgram(program);
    } catch {
      // The tests that need it fail with the sentence; the others run.
    }
  }
}

export function canRun(program: string, args: readonly string[] = ["--version"]): boolean {
  try {
    execFileSync(program, args, { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}

function plain(program: string): Need {
  return { packages: [program], what: program, isThere: () => canRun(program) };
}

/** -1 where there is no Go. */
function minorOfGo(): number {
  const { stdout } = spawnSync("go", ["version"], { encoding: "utf8" });
  return Number(/go1\.(\d+)/.exec(stdout)?.[1] ?? -1);
}
