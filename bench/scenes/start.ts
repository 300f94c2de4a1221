// How long does a start take until the first call is answered, and what does the process hold when it is idle?

import { mkdtempSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";

import { second } from "../../src/units.ts";
import { cpuTimeMs, residentMegabytes } from "../process-figures.ts";
import { userIds } from "../scenario.ts";
import { startServer } from "../start-server.ts";
import { type Scene, type SceneBench, sound } from "./scene.ts";

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
    const cache = mkdtempSync(join(bench.directory, "compiled-"));
    return {
      "the first start of an installation": await startOnce(bench, cache),
      "every later one": await startOnce(bench, cache),
    };
  },
};

async function startOnce(bench: SceneBench, cache: string): Promise<readonly number[]> {
  const begun = performance.now();
  const server = await startServer(bench.pinning, {
    program: bench.program,
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
