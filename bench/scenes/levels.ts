// How long does a call take when the server is a quarter, half, and three quarters busy? Calls at their own rate.

import { second } from "../../src/units.ts";
import { saturation, userIds } from "../scenario.ts";
import { startServer } from "../start-server.ts";
import { type Scene, sound } from "./scene.ts";

const shares = { "a quarter": 0.25, half: 0.5, "three quarters": 0.75 } as const;

export const levels: Scene = {
  title: "The hot call at shares of saturation, open loop",
  columns: [
    { title: "calls/s", digits: 0 },
    { title: "p50 ms", digits: 2 },
    { title: "p99 ms", digits: 1 },
    { title: "p99 ms by which the generator was late", digits: 1 },
  ],
  async round({ pinning, load, home, nodeOptions, program, redis }) {
    await redis.reset();
    const environment = { REKEY_CONFIG_FILE: home.configFile };
    const server = await startServer(pinning, { program, environment, nodeOptions });
    const to = {
      way: "grpc-frames",
      address: server.address,
      apiKey: home.apiKey,
      users: userIds,
      samples: 0,
    } as const;
    const closed = { kind: "closed", lanes: saturation.lanes, atLeastMs: 0 } as const;
    const rows: Record<string, readonly number[]> = {};
    try {
      sound(await load.run({ ...to, pattern: { ...closed, calls: 20_000 } }));
      const full = sound(await load.run({ ...to, pattern: { ...closed, calls: 10_000 } }));
      const fullRate = (full.calls * 1000) / full.elapsedMs;
      for (const [name, share] of Object.entries(shares)) {
        const perSecond = fullRate * share;
        const seen = sound(await load.run({ ...to, pattern: { kind: "open", perSecond, durationMs: 4 * second } }));
        rows[name] = [perSecond, seen.p50Ms, seen.p99Ms, seen.lagP99Ms];
      }
      return { ...rows, "as fast as they are answered": [fullRate, full.p50Ms, full.p99Ms] };
    } finally {
      await server.stop();
    }
  },
};
