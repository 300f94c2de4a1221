// What else is there to know besides the cost of one call? Scenes of the product alone, in rounds, and a table for each.
// npm run bench:scenes -- [--only start,hashing,levels,size] [--rounds N] [--users N]

import { mkdtempSync, rmSync } from "node:fs";
import { cpus, loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";

import { startRedis } from "../../test/support/start-redis.ts";
import { asStarted } from "../as-started.ts";
import { startLoad } from "../load-process.ts";
import { pinCores } from "../pinning.ts";
import { makeProductHome } from "../product-home.ts";
import { watchRedis } from "../redis-figures.ts";
import { spread, table } from "../report.ts";
import { hashing } from "./hashing.ts";
import { levels } from "./levels.ts";
import type { Rows, Scene, SceneBench } from "./scene.ts";
import { size } from "./size.ts";
import { start } from "./start.ts";

const { values } = parseArgs({
  options: {
    only: { type: "string", default: "start,hashing,levels" },
    rounds: { type: "string", default: "3" },
    users: { type: "string", default: "1000000" },
  },
});
const scenes: Readonly<Record<string, Scene>> = { start, hashing, levels, size: size(Number(values.users)) };

const pinning = pinCores();
const loadAtStart = loadavg();
const directory = mkdtempSync(join(tmpdir(), "rekey-bench-"));
const server = await startRedis();
const redis = await watchRedis(server.url);
const bench: SceneBench = {
  pinning,
  load: startLoad(),
  redis,
  home: await makeProductHome(join(directory, "home"), { redis: { url: server.url } }),
  directory,
  redisUrl: server.url,
  ...asStarted(),
};
try {
  process.stdout.write(
    `\nNode ${process.version}, Redis ${redis.version}, ${cpus().length} × ${cpus()[0]?.model}, ${
      pinning.isPinned ? "server on core 0, the rest on core 1" : "not pinned"
    }; load average ${loadAtStart[0]?.toFixed(2)} at the start. Median (least to most) of ${values.rounds} rounds.\n`,
  );
  for (const name of values.only.split(",")) {
    const scene = scenes[name];
    if (scene === undefined) throw new Error(`there is no scene ${name}; there are ${Object.keys(scenes).join(", ")}`);
    const rounds: Rows[] = [];
    while (rounds.length < Number(values.rounds)) rounds.push(await scene.round(bench));
    process.stdout.write(`\n**${scene.title}**\n\n${markdown(scene, rounds)}\n`);
  }
} finally {
  for (const scene of Object.values(scenes)) await scene.close?.();
  bench.load.close();
  redis.close();
  await server.stop();
  rmSync(directory, { recursive: true, force: true });
}

function markdown({ columns }: Scene, rounds: readonly Rows[]): string {
  const cell = (row: string, at: number, digits: number) =>
    spread(
      rounds.map((round) => round[row]?.[at]),
      row.includes("÷") ? 2 : digits,
    );
  const rows = Object.keys(rounds[0] ?? {}).map((row) => [
    row,
    ...columns.map(({ digits }, at) => cell(row, at, digits)),
  ]);
  return table(["", ...columns.map(({ title }) => title)], rows);
}
