// How does a test get grpcurl, a client made with gRPC's own library for Go? Built from its source, once.

import { spawnSync } from "node:child_process";

import { cachedTool } from "./cached-tool.ts";
import { needProgram } from "./need-program.ts";
import { mustRun } from "./run-command.ts";

const source = "github.com/fullstorydev/grpcurl/cmd/grpcurl@v1.9.4";

/** From 1.21 on, Go fetches the newer one that a program asks for. */
const oldestGo = 21;

/** Answers the directory that it is in. */
export async function builtGrpcurl(): Promise<string> {
  const go = needProgram("go", {
    packages: ["golang-go"],
    what: `go of 1.${oldestGo} or newer`,
    isThere: () => minorOfGo() >= oldestGo,
  });
  return await cachedTool("grpcurl", source, async (directory) => {
    await mustRun("env", `GOBIN=${directory}`, go, "install", source);
  });
}

/** -1 where there is no Go. */
function minorOfGo(): number {
  const { stdout } = spawnSync("go", ["version"], { encoding: "utf8" });
  return Number(/go1\.(\d+)/.exec(stdout)?.[1] ?? -1);
}
