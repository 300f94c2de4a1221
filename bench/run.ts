// How is everything measured, side by side in one go? Rounds over all servers, to and fro, and then a table.
// npm run bench -- [--rounds N] [--warm-up N] [--only A,C] [--node-option=--max-semi-space-size=32] [--profile]
// Every server has the options of Node that `npm start` has, or those of --node-option instead.

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { cpus, loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";

import { minute } from "../src/units.ts";
import { startRedis } from "../test/support/start-redis.ts";
import { asStarted } from "./as-started.ts";
import { startLoad } from "./load-process.ts";
import { type Bench, type Figures, measure } from "./measure.ts";
import { pinCores } from "./pinning.ts";
import { makeProductHome } from "./product-home.ts";
import { watchRedis } from "./redis-figures.ts";
import { markdown, type Round } from "./report.ts";
import { warmUp } from "./scenario.ts";
import { subjects } from "./subjects.ts";
import { makeTimeLeft } from "./time-left.ts";

/** No round begins that would likely end later. */
const longestRunMs = 5.5 * minute;

const { values } = parseArgs({
  options: {
    rounds: { type: "string", default: "5" },
    "warm-up": { type: "string", default: String(warmUp.calls) },
    only: { type: "string" },
    "node-option": { type: "string", multiple: true },
    profile: { type: "boolean", default: false },
  },
});
const chosen = subjects.filter(({ letter, isDefault = true }) => values.only?.split(",").includes(letter) ?? isDefault);
const results = join(import.meta.dirname, "results");
mkdirSync(results, { recursive: true });

const isTimeLeft = makeTimeLeft(longestRunMs);
const pinning = pinCores();
const loadAtStart = loadavg();
const home = mkdtempSync(join(tmpdir(), "rekey-bench-"));
const metrics = { port: 0 };
const server = await startRedis();
const redis = await watchRedis(server.url);
const bench: Bench = {
  warmUpCalls: Number(values["warm-up"]),
  pinning,
  load: startLoad(),
  redisUrl: server.url,
  redis,
  homes: {
    redis: await makeProductHome(join(home, "redis"), { redis: { url: server.url }, metrics }),
    embedded: await makeProductHome(join(home, "embedded"), { metrics }),
    uncounted: await makeProductHome(join(home, "uncounted"), { redis: { url: server.url } }),
  },
  nodeOptions: [
    ...(values["node-option"] ?? asStarted().nodeOptions),
    ...(values.profile ? ["--cpu-prof", `--cpu-prof-dir=${results}`] : []),
  ],
};
const rounds: Round[] = [];
try {
  while (rounds.length < Number(values.rounds) && isTimeLeft(rounds.length)) rounds.push(await runRound(rounds.length));
} finally {
  bench.load.close();
  redis.close();
  await server.stop();
  rmSync(home, { recursive: true, force: true });
}

const machine = {
  node: process.version,
  redis: redis.version,
  processor: cpus()[0]?.model ?? "unknown",
  cores: cpus().length,
  isPinned: pinning.isPinned,
  nodeOptions: bench.nodeOptions.filter((option) => !option.startsWith("--cpu-prof")),
  loadAtStart,
  loadAtEnd: loadavg(),
};
const when = new Date().toISOString();
writeFileSync(
  join(results, `${when.replaceAll(":", "-")}.json`),
  JSON.stringify({ when, machine, rounds }, undefined, 2),
);
const pinned = pinning.isPinned ? "server on core 0, the rest on core 1" : "not pinned";
process.stdout.write(`
Node ${machine.node}, Redis ${machine.redis}, ${machine.cores} × ${machine.processor}, ${pinned}.
Median (least to most) of ${rounds.length} rounds; load average ${loadAtStart[0]?.toFixed(2)} before the first.

${markdown(chosen, rounds)}
`);

/** Odd rounds go backwards, so that no server always follows the same other. */
async function runRound(number: number): Promise<Round> {
  const figures: Record<string, Figures> = {};
  for (const subject of number % 2 === 0 ? chosen : chosen.toReversed()) {
    const measured = await measure(bench, subject);
    figures[subject.letter] = measured;
    process.stderr.write(
      `round ${number + 1} ${subject.letter}: ${measured.cpuMicrosecondsPerCall.toFixed(0)} µs CPU per call\n`,
    );
    for (const problem of measured.problems) {
      process.stderr.write(`  NOT TRUE: ${problem}\n`);
      process.exitCode = 1;
    }
  }
  return figures;
}
