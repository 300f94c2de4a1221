// How does a test get grpcurl, a client made with gRPC's own library for Go? Built from its source, once.

import { cachedTool } from "./cached-tool.ts";
import { needProgram } from "./need-program.ts";
import { mustRun } from "./run-command.ts";

const source = "github.com/fullstorydev/grpcurl/cmd/grpcurl@v1.9.4";

/** Answers the directory that it is in. */
export async function builtGrpcurl(): Promise<string> {
  const go = needProgram("go");
  return await cachedTool("grpcurl", source, async (directory) => {
    await mustRun("env", `GOBIN=${directory}`, go, "install", source);
  });
}
