// Do callers notice that passwords are hashed beside them? The hot call at its own rate, alone and beside Argon2id.

import { second } from "../../src/units.ts";
import { startLoad } from "../load-process.ts";
import { userIds, warmUp } from "../scenario.ts";
import { startServer } from "../start-server.ts";
import { type Scene, sound } from "./scene.ts";

/** Far from saturation: what is measured is the wait, not the line. */
const calls = { kind: "open", perSecond: 200, durationMs: 8 * second } as const;
/** So many callers set passwords, each the next as soon as the last is done. */
const hashingLanes = 4;
/** Those whose passwords are set get no codes. */
const hashed = userIds.slice(0, 1000);
const called = userIds.slice(1000);

export const hashing: Scene = {
  title: "The hot call beside Argon2id, everything of the server on one core",
  columns: [
    { title: "p50 ms", digits: 2 },
    { title: "p99 ms", digits: 2 },
    { title: "hashes/s", digits: 0 },
  ],
  async round({ pinning, load, home, nodeOptions, program, redis }) {
    await redis.reset();
    const environment = { REKEY_CONFIG_FILE: home.configFile };
    const server = await startServer(pinning, { program, environment, nodeOptions });
    const hasher = startLoad();
    const to = { address: server.address, apiKey: home.apiKey, samples: 0 };
    const hot = { ...to, way: "grpc-frames", users: called } as const;
    const hash = (atLeastMs: number) => {
      const pattern = { kind: "closed", lanes: hashingLanes, calls: 1, atLeastMs } as const;
      return hasher.run({ ...to, way: "set-password", users: hashed, pattern });
    };
    try {
      sound(await load.run({ ...hot, pattern: { kind: "closed", lanes: 16, ...warmUp } }));
      sound(await hash(second));
      const alone = sound(await load.run({ ...hot, pattern: calls }));
      const [beside, made] = await Promise.all([load.run({ ...hot, pattern: calls }), hash(calls.durationMs)]);
      const [p50, p99] = [sound(beside).p50Ms, beside.p99Ms];
      return {
        "no hash": [alone.p50Ms, alone.p99Ms, 0],
        "hashes without pause": [p50, p99, (sound(made).calls * 1000) / made.elapsedMs],
        "the one ÷ the other": [p50 / alone.p50Ms, p99 / alone.p99Ms],
      };
    } finally {
      hasher.close();
      await server.stop();
    }
  },
};
