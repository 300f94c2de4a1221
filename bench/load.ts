// Who makes the load? A process of its own, that takes one job after the other from its parent and tells what it saw.

import type { Milliseconds } from "../src/units.ts";
import { type Pattern, runPattern } from "./patterns.ts";
import { openWay, type WayName } from "./ways.ts";

export type Job = {
  readonly way: WayName;
  readonly address: string;
  readonly apiKey: string;
  readonly users: readonly string[];
  readonly pattern: Pattern;
  /** Of how many calls the codes are told. */
  readonly samples: number;
};

export type LoadReport = {
  readonly calls: number;
  readonly elapsedMs: Milliseconds;
  readonly p50Ms: Milliseconds;
  readonly p99Ms: Milliseconds;
  /** How late the generator was; 0 for a closed pattern. */
  readonly lagP99Ms: Milliseconds;
  /** Why calls failed, each reason once. */
  readonly failures: readonly string[];
  readonly samples: readonly { readonly userId: string; readonly code: string }[];
};

process.on("message", (job: Job) => {
  work(job).then(
    (report) => process.send?.(report),
    (error: unknown) => {
      process.stderr.write(`${String(error)}\n`);
      process.exit(1);
    },
  );
});

async function work(job: Job): Promise<LoadReport> {
  const way = await openWay(job.way, job.address, job.apiKey);
  const seen = await runPattern(way, job.users, job.pattern);
  way.close();
  const failures = new Set<string>();
  const samples: { userId: string; code: string }[] = [];
  for (const { userId, answer } of seen.answers) {
    if (answer.kind === "failed") failures.add(answer.why);
    else if (samples.length < job.samples) samples.push({ userId, code: way.codeOf(answer.body) });
  }
  return {
    calls: seen.answers.length,
    elapsedMs: seen.elapsedMs,
    p50Ms: percentile(seen.latenciesMs, 0.5),
    p99Ms: percentile(seen.latenciesMs, 0.99),
    lagP99Ms: percentile(seen.lagsMs, 0.99),
    failures: [...failures],
    samples,
  };
}

function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((one, other) => one - other);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
}
