// How does a test get a Python with gRPC? A virtual environment with pinned packages, made once.

import { readFileSync } from "node:fs";
import { join } from "node:path";

import { cachedTool } from "./cached-tool.ts";
import { needProgram } from "./need-program.ts";
import { mustRun } from "./run-command.ts";

/** Answers the path of an interpreter that has what the file of requirements names. */
export async function pythonWith(requirements: string): Promise<string> {
  const python = needProgram("python3");
  const made = await cachedTool("python", readFileSync(requirements, "utf8"), async (directory) => {
    await mustRun(python, "-m", "venv", directory);
    const install = ["-m", "pip", "install", "--quiet", "--no-input", "--disable-pip-version-check"];
    await mustRun(join(directory, "bin/python"), ...install, "--requirement", requirements);
  });
  return join(made, "bin/python");
}
