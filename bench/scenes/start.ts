// How long does a start take until the first call is answered, and what does the process hold when it is idle?

import { execFileSync } from "node:child_process";
import { mkdtempSync } from "node:fs";
import { join, relative } from "node:path";
import { setTimeout as pause } from "node:timers/promises";

import { second } from "../../src/units.ts";
import { copyProject } from "../../test/support/copy-project.ts";
import { cpuTimeMs, residentMegabytes } from "../process-figures.ts";
import { userIds } from "../scenario.ts";
import { startServer } from "../start-server.ts";
import { type Rows, type Scene, type SceneBench, sound } from "./scene.ts";

const root = join(import.meta.dirname, "../..");

/** Longer than the product takes to give back what only its start needed. */
const settleMs = 3 * second;

export const start: Scene = {
  title: "Start, with Redis, demo off",
  columns: [
    { title: "ms to listening", digits: 0 },
    { title: "ms to the first answer", digits: 0 },
    { title: "CPU ms until then", digits: 0 },
    { title: "resident MB, idle", digits: 0 },
  ],
  async round(bench) {
    // The code in a place of its own, with and without a bundle.
    const copy = copyProject();
    try {
      const program = join(copy.directory, relative(root, bench.program));
      const fromSources = await startTwice(bench, program, "from the sources");
      execFileSync(process.execPath, [join(copy.directory, "scripts/build-bundle.ts")]);
      return { ...(await startTwice(bench, program, "bundled")), ...fromSources };
    } finally {
      copy.remove();
    }
  },
};

/** With a compile cache of its own, which the first one fills. */
async function startTwice(bench: SceneBench, program: string, how: string): Promise<Rows> {
  const cache = mkdtempSync(join(bench.directory, "compiled-"));
  return {
    [`${how}: the first start of an installation`]: await startOnce(bench, program, cache),
    [`${how}: every later one`]: await startOnce(bench, program, cache),
  };
}

async function startOnce(bench: SceneBench, program: string, cache: string): Promise<readonly number[]> {
  const begun = performance.now();
  const server = await startServer(bench.pinning, {
    program,
    environment: { REKEY_CONFIG_FILE: bench.home.configFile, NODE_COMPILE_CACHE: cache },
    nodeOptions: bench.nodeOptions,
  });
  try {
    const pattern = { kind: "closed", lanes: 1, calls: 1, atLeastMs: 0 } as const;
    const { address } = server;
    const job = { way: "grpc", address, apiKey: bench.home.apiKey, users: userIds, samples: 0, pattern } as const;
    sound(await bench.load.run(job));
    const firstAnswerMs = performance.now() - begun;
    const cpuMs = cpuTimeMs(server.pid);
    await pause(settleMs);
    return [server.startMs, firstAnswerMs, cpuMs, residentMegabytes(server.pid)];
  } finally {
    await server.stop();
  }
}
