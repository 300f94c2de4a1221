// Do we speak gRPC, gRPC-Web and Connect as their makers mean it? Connect's own conformance suite runs against our listener.

import { join } from "node:path";
import { describe, expect, it } from "vitest";

import { cachedTool } from "../support/cached-tool.ts";
import { needProgram } from "../support/need-program.ts";
import { mustRun, runCommand } from "../support/run-command.ts";

const source = "connectrpc.com/conformance/cmd/connectconformance@v1.0.7";
const configuration = join(import.meta.dirname, "../fixtures/conformance.yaml");
const server = join(import.meta.dirname, "../support/conformance-server.ts");

/** Building the runner takes a minute or two, once; a run takes half a minute. */
const timeoutMs = 600_000;

/**
 * A case that failed, and the indented lines that say what came in place of what. Under "Timeouts" the runner's client has
 * the deadline that it sends: where that passes between the head and the body of our 504, it takes the body for broken JSON
 * ("unexpected end of JSON input"). We send both in one write; what it makes of that is its own time.
 */
const failure = /^FAILED: .*(?:\n\t.*)*/gm;

describe("every case of the suite passes", () => {
  it.each(["fast", "ordinary"])(
    "where plain unary calls take the %s way",
    async (way) => {
      const runner = join(await builtRunner(), "connectconformance");
      const options = ["--mode", "server", "--conf", configuration, "--parallel", "4", "--max-servers", "2"];
      const { code, stdout, stderr } = await runCommand(runner, ...options, "--", process.execPath, server, way);
      const failed = stdout.match(failure) ?? [];
      expect({ failed, stderr }).toEqual({ failed: [], stderr: "" });
      expect(stdout).toMatch(/^[45]\d{3} passed, 0 failed$/m);
      expect(code).toBe(0);
    },
    timeoutMs,
  );
});

async function builtRunner(): Promise<string> {
  const go = needProgram("go");
  return await cachedTool("conformance", source, async (directory) => {
    await mustRun("env", `GOBIN=${directory}`, go, "install", source);
  });
}
