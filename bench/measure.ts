// How is one server measured once? Fresh process, warm-up, saturation, codes redeemed, steady rate; truth told with it.

import { setTimeout as pause } from "node:timers/promises";

import type { Milliseconds } from "../src/units.ts";
import type { Job, LoadReport } from "./load.ts";
import type { LoadProcess } from "./load-process.ts";
import type { Pattern } from "./patterns.ts";
import type { Pinning } from "./pinning.ts";
import { cpuTimeMs, residentMegabytes } from "./process-figures.ts";
import type { ProductHome } from "./product-home.ts";
import { redeemSample } from "./redeem-sample.ts";
import type { RedisFigures, RedisWatch } from "./redis-figures.ts";
import { saturation, steadyRate, userIds, warmUp } from "./scenario.ts";
import { startServer } from "./start-server.ts";
import type { Subject } from "./subjects.ts";

export type Figures = {
  readonly startMs: Milliseconds;
  readonly cpuMicrosecondsPerCall: number;
  readonly callsPerSecond: number;
  readonly p50Ms: Milliseconds;
  readonly p99Ms: Milliseconds;
  readonly steady: {
    readonly cpuMicrosecondsPerCall: number;
    readonly p50Ms: Milliseconds;
    readonly p99Ms: Milliseconds;
    readonly lagP99Ms: Milliseconds;
  };
  readonly residentMegabytes: number;
  /** Absent where codes rest in the file. */
  readonly redis?: {
    readonly scriptCallsPerCall: number;
    readonly scriptMicroseconds: number;
    readonly bytesPerCode: number;
  };
  /** What was not as it should be. Figures with problems are worth nothing. */
  readonly problems: readonly string[];
};

export type Bench = {
  readonly warmUpCalls: number;
  readonly pinning: Pinning;
  readonly load: LoadProcess;
  readonly redisUrl: string;
  readonly redis: RedisWatch;
  readonly homes: Readonly<Record<Subject["store"] | "uncounted", ProductHome>>;
  readonly nodeOptions: readonly string[];
};

/** How many codes are redeemed, twice each. */
const sampleSize = 5;

export async function measure(bench: Bench, subject: Subject): Promise<Figures> {
  const { redis } = bench;
  const { configFile, apiKey } = bench.homes[subject.isUncounted === true ? "uncounted" : subject.store];
  await redis.reset();
  const server = await startServer(bench.pinning, {
    program: subject.program,
    environment: { REKEY_CONFIG_FILE: configFile, BENCH_REDIS_URL: bench.redisUrl },
    nodeOptions: bench.nodeOptions,
  });
  const job = { way: subject.way, address: server.address, apiKey, users: userIds };
  const run = (pattern: Pattern, samples = 0) => runCounted(bench.load, server.pid, { ...job, pattern, samples });
  try {
    const warm = await run(closed({ ...warmUp, calls: bench.warmUpCalls }));
    await redis.reset();
    const busy = await run(closed({ calls: subject.calls, atLeastMs: 0 }), sampleSize);
    const counted = await redis.read();
    const redeemed = subject.isProduct ? await redeemSample(server.address, apiKey, busy.samples) : [];
    const steady = await run({ kind: "open", ...steadyRate });
    return {
      startMs: server.startMs,
      cpuMicrosecondsPerCall: busy.cpuMicrosecondsPerCall,
      callsPerSecond: (busy.calls * 1000) / busy.elapsedMs,
      p50Ms: busy.p50Ms,
      p99Ms: busy.p99Ms,
      steady: {
        cpuMicrosecondsPerCall: steady.cpuMicrosecondsPerCall,
        p50Ms: steady.p50Ms,
        p99Ms: steady.p99Ms,
        lagP99Ms: steady.lagP99Ms,
      },
      residentMegabytes: residentMegabytes(server.pid),
      ...(subject.store === "redis" && {
        redis: {
          scriptCallsPerCall: (counted.commands["evalsha"] ?? 0) / busy.calls,
          scriptMicroseconds: counted.scriptMicroseconds,
          bytesPerCode: counted.addedBytes / subject.calls,
        },
      }),
      problems: [
        ...[warm, busy, steady].flatMap(({ failures }) => failures.map((why) => `a call failed: ${why}`)),
        ...redeemed,
        ...(subject.store === "redis" ? redisProblems(counted, busy.calls, subject.charges) : []),
      ],
    };
  } finally {
    await server.stop();
  }
}

type Counted = LoadReport & { readonly cpuMicrosecondsPerCall: number };

async function runCounted(load: LoadProcess, pid: number, job: Job): Promise<Counted> {
  const before = cpuTimeMs(pid);
  const report = await load.run(job);
  // What the last calls left behind is theirs: audit lines, garbage.
  await pause(100);
  return { ...report, cpuMicrosecondsPerCall: ((cpuTimeMs(pid) - before) * 1000) / report.calls };
}

function closed(bounds: { readonly calls: number; readonly atLeastMs: Milliseconds }): Pattern {
  return { kind: "closed", lanes: saturation.lanes, ...bounds };
}

/** One round trip, one script, and in it one look and one write for each of the counters and the account. */
function redisProblems({ commands, keys }: RedisFigures, calls: number, charges: number | undefined): string[] {
  if (charges === undefined) return keys < calls ? [`${keys} keys after ${calls} calls`] : [];
  const expected: Readonly<Record<string, number>> = { evalsha: calls, mget: calls, set: calls * (1 + charges) };
  const names = new Set([...Object.keys(commands), ...Object.keys(expected)]);
  const wrong = [...names].filter((name) => (commands[name] ?? 0) !== (expected[name] ?? 0));
  const problems = wrong.map((name) => `Redis ran ${name} ${commands[name] ?? 0} times in ${calls} calls`);
  const codes = keys - charges;
  if (codes !== userIds.length) problems.push(`${codes} codes are live after calls for ${userIds.length} users`);
  return problems;
}
