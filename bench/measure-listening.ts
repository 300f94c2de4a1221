// What does a call cost when somebody might be told of it? The product with delivery configured, and without.

import { setTimeout as pause } from "node:timers/promises";

import { Redis } from "ioredis";

import { second } from "../src/units.ts";
import type { LoadProcess } from "./load-process.ts";
import type { Pattern } from "./patterns.ts";
import type { Pinning } from "./pinning.ts";
import { cpuTimeMs } from "./process-figures.ts";
import type { ProductHome } from "./product-home.ts";
import { saturation, userIds, warmUp } from "./scenario.ts";
import { startServer } from "./start-server.ts";
import { subjects } from "./subjects.ts";

/** Events that have not arrived by then are stuck. */
const drainTimeoutMs = 30 * second;

export type ListeningFigures = {
  /** Until the last event of these calls was delivered. */
  readonly cpuMicrosecondsPerCall: number;
  readonly callsPerSecond: number;
  /** How many deliveries there were for each call. */
  readonly deliveriesPerCall: number;
  readonly problems: readonly string[];
};

export async function measureListening(
  bench: { readonly pinning: Pinning; readonly load: LoadProcess; readonly redisUrl: string },
  how: {
    readonly home: ProductHome;
    readonly calls: number;
    readonly deliveriesPerCall: 0 | 1;
    readonly environment: Readonly<Record<string, string>>;
  },
): Promise<ListeningFigures> {
  const { home, calls, deliveriesPerCall } = how;
  const redis = new Redis(bench.redisUrl);
  await redis.flushall("SYNC");
  const server = await startServer(bench.pinning, {
    program: subjects[0]?.program ?? "",
    environment: { REKEY_CONFIG_FILE: home.configFile, ...how.environment },
    nodeOptions: [],
  });
  const delivered = async () => await redis.zcard("rekey:{outbox}:deliveries:completed");
  const job = { way: "grpc", address: server.address, apiKey: home.apiKey, users: userIds, samples: 0 } as const;
  const run = async (bounds: { calls: number; atLeastMs: number }) => {
    const pattern: Pattern = { kind: "closed", lanes: saturation.lanes, ...bounds };
    const before = await delivered();
    const report = await bench.load.run({ ...job, pattern });
    const drainEnd = performance.now() + drainTimeoutMs;
    const isDrained = async () => (await delivered()) >= before + report.calls * deliveriesPerCall;
    while (!(await isDrained()) && performance.now() < drainEnd) await pause(20);
    // What the last calls left behind is theirs: audit lines, garbage.
    await pause(100);
    return { ...report, delivered: (await delivered()) - before };
  };
  try {
    const warm = await run(warmUp);
    const before = cpuTimeMs(server.pid);
    const busy = await run({ calls, atLeastMs: 0 });
    const failures = [...warm.failures, ...busy.failures].map((why) => `a call failed: ${why}`);
    const wrong = busy.delivered === busy.calls * deliveriesPerCall ? [] : [`${busy.delivered} deliveries`];
    return {
      cpuMicrosecondsPerCall: ((cpuTimeMs(server.pid) - before) * 1000) / busy.calls,
      callsPerSecond: (busy.calls * 1000) / busy.elapsedMs,
      deliveriesPerCall: busy.delivered / busy.calls,
      problems: [...failures, ...wrong],
    };
  } finally {
    await server.stop();
    redis.disconnect();
  }
}
