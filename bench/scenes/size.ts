// Does a call cost more when there are many? Ten thousand users with live codes, and a hundred times as many.

import { join } from "node:path";

import { startRedis } from "../../test/support/start-redis.ts";
import { cpuTimeMs, residentMegabytes } from "../process-figures.ts";
import { makeProductHome } from "../product-home.ts";
import { watchRedis } from "../redis-figures.ts";
import { saturation, userIdsUpTo } from "../scenario.ts";
import { type StartedServer, startServer } from "../start-server.ts";
import { type Scene, type SceneBench, sound } from "./scene.ts";

const few = 10_000;
/** So that no job of the generator is long. */
const sliceCalls = 50_000;
/** Until the code is compiled; and enough that one garbage collection more or less says little. */
const [warmUpCalls, measuredCalls] = [40_000, 20_000];

type Crowd = {
  readonly residentMb: number;
  readonly bytesPerCode: number;
  measure(): Promise<{ readonly cpuMicroseconds: number; readonly scriptMicroseconds: number }>;
  close(): Promise<void>;
};

/** `most`: users of the large crowd, and calls that its first process answers. */
export function size(most: number): Scene {
  let crowds: readonly Crowd[] = [];
  return {
    title: `The hot call among ${few} and among ${most} users, each with a live code`,
    columns: [
      { title: "CPU µs per call", digits: 0 },
      { title: "µs in Redis per script", digits: 1 },
      { title: "bytes in Redis per live code", digits: 0 },
      { title: "resident MB after giving each a code", digits: 0 },
    ],
    async round(bench) {
      if (crowds.length === 0) crowds = [await gather(bench, few), await gather(bench, most)];
      const rows: number[][] = [];
      for (const { measure, bytesPerCode, residentMb } of crowds) {
        const { cpuMicroseconds, scriptMicroseconds } = await measure();
        rows.push([cpuMicroseconds, scriptMicroseconds, bytesPerCode, residentMb]);
      }
      const [small = [], large = []] = rows;
      const ratio = large.map((value, at) => value / (small[at] ?? 0));
      return { [`among ${few}`]: small, [`among ${most}`]: large, "the large ÷ the small": ratio.slice(0, 2) };
    },
    async close() {
      for (const crowd of crowds) await crowd.close();
    },
  };
}

/** So many users, and a Redis of their own that holds a live code of each: made once, measured in every round. */
async function gather({ pinning, load, directory, nodeOptions, program }: SceneBench, count: number): Promise<Crowd> {
  const users = userIdsUpTo(count);
  const redis = await startRedis();
  const watch = await watchRedis(redis.url);
  const home = await makeProductHome(join(directory, `users-${count}`), { redis: { url: redis.url } }, {}, users);
  const start = () =>
    startServer(pinning, { program, environment: { REKEY_CONFIG_FILE: home.configFile }, nodeOptions });
  const call = async ({ address }: StartedServer, called: readonly string[]) => {
    const pattern = { kind: "closed", lanes: saturation.lanes, calls: called.length, atLeastMs: 0 } as const;
    sound(await load.run({ way: "grpc", address, apiKey: home.apiKey, samples: 0, users: called, pattern }));
  };
  const chance = (calls: number) =>
    Array.from({ length: calls }, () => users[Math.floor(Math.random() * users.length)] ?? "");

  await watch.reset();
  const filler = await start();
  for (let at = 0; at < count; at += sliceCalls) await call(filler, users.slice(at, at + sliceCalls));
  const residentMb = residentMegabytes(filler.pid);
  await filler.stop();
  const { addedBytes } = await watch.read();

  return {
    residentMb,
    bytesPerCode: addedBytes / count,
    // The same history for both crowds: a fresh process, and as many calls before.
    async measure() {
      const server = await start();
      try {
        await call(server, chance(warmUpCalls));
        await watch.recount();
        const before = cpuTimeMs(server.pid);
        await call(server, chance(measuredCalls));
        const cpuMicroseconds = ((cpuTimeMs(server.pid) - before) * 1000) / measuredCalls;
        return { cpuMicroseconds, scriptMicroseconds: (await watch.read()).scriptMicroseconds };
      } finally {
        await server.stop();
      }
    },
    async close() {
      watch.close();
      await redis.stop();
    },
  };
}
