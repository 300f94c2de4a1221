// How does a test get a Python with gRPC? A virtual environment with pinned packages, made once.

import { readFileSync } from "node:fs";
import { join } from "node:path";

import { cachedTool } from "./cached-tool.ts";
import { canRun, needProgram } from "./need-program.ts";
import { mustRun } from "./run-command.ts";

/** The pinned packages are built for Python 3.9 and newer. */
const fits = "import ensurepip, sys, venv; sys.exit(sys.version_info < (3, 9))";

/** Answers the path of an interpreter that has what the file of requirements names. */
export async function pythonWith(requirements: string): Promise<string> {
  const python = needProgram("python3", {
    packages: ["python3", "python3-venv", "python3-pip"],
    what: "python3 of 3.9 or newer, with venv and pip,",
    isThere: () => canRun("python3", ["-c", fits]),
  });
  const made = await cachedTool("python", readFileSync(requirements, "utf8"), async (directory) => {
    await mustRun(python, "-m", "venv", directory);
    const install = ["-m", "pip", "install", "--quiet", "--no-input", "--disable-pip-version-check"];
    await mustRun(join(directory, "bin/python"), ...install, "--requirement", requirements);
  });
  return join(made, "bin/python");
}
