// Does a call cost more when there are many? Ten thousand users with live codes, and a hundred times as many.

import { join } from "node:path";

import { cpuTimeMs, residentMegabytes } from "../process-figures.ts";
import { makeProductHome, type ProductHome } from "../product-home.ts";
import { saturation, userIdsUpTo } from "../scenario.ts";
import { startServer } from "../start-server.ts";
import { type Scene, type SceneBench, sound } from "./scene.ts";

const measuredCalls = 10_000;
/** So that no job of the generator is long. */
const sliceCalls = 50_000;

/** `most`: users of the large one, and calls that its first process answers. */
export function size(most: number): Scene {
  const homes = new Map<number, Promise<ProductHome>>();
  return {
    title: `The hot call among ${measuredCalls} and among ${most} users, each with a live code`,
    columns: [
      { title: "CPU µs per call", digits: 0 },
      { title: "µs in Redis per script", digits: 1 },
      { title: "bytes in Redis per live code", digits: 0 },
      { title: "resident MB after giving each a code", digits: 0 },
    ],
    async round(bench) {
      const [small, large] = [await measureAmong(measuredCalls), await measureAmong(most)];
      const ratio = large.map((value, at) => value / (small[at] ?? 0));
      const among = (users: number) => `among ${users}`;
      return { [among(measuredCalls)]: small, [among(most)]: large, "the large ÷ the small": ratio.slice(0, 2) };

      async function measureAmong(users: number): Promise<readonly number[]> {
        const settings = { redis: { url: bench.redisUrl } };
        const make = () => makeProductHome(join(bench.directory, `users-${users}`), settings, {}, userIdsUpTo(users));
        const home = homes.get(users) ?? make();
        homes.set(users, home);
        return await measure(bench, await home, userIdsUpTo(users));
      }
    },
  };
}

async function measure(bench: SceneBench, home: ProductHome, users: readonly string[]): Promise<readonly number[]> {
  const { pinning, load, redis, nodeOptions, program } = bench;
  const environment = { REKEY_CONFIG_FILE: home.configFile };
  const start = () => startServer(pinning, { program, environment, nodeOptions });
  const closed = { kind: "closed", lanes: saturation.lanes, atLeastMs: 0 } as const;
  const call = async (address: string, called: readonly string[]) => {
    const job = { way: "grpc", address, apiKey: home.apiKey, samples: 0, users: called } as const;
    sound(await load.run({ ...job, pattern: { ...closed, calls: called.length } }));
  };

  await redis.reset();
  const filler = await start();
  for (let at = 0; at < users.length; at += sliceCalls) await call(filler.address, users.slice(at, at + sliceCalls));
  const residentMb = residentMegabytes(filler.pid);
  await filler.stop();
  const { addedBytes } = await redis.read();

  // The same process history for both sizes: fresh, and as many calls before.
  const server = await start();
  try {
    const step = users.length / measuredCalls;
    const spread = (offset: number) =>
      Array.from({ length: measuredCalls }, (_, at) => users[Math.floor((at + offset) * step)] ?? "");
    await call(server.address, spread(0));
    await redis.recount();
    const before = cpuTimeMs(server.pid);
    await call(server.address, spread(0.5));
    const cpuMicroseconds = ((cpuTimeMs(server.pid) - before) * 1000) / measuredCalls;
    const { scriptMicroseconds } = await redis.read();
    return [cpuMicroseconds, scriptMicroseconds, addedBytes / users.length, residentMb];
  } finally {
    await server.stop();
  }
}
