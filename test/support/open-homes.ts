// Where do the contract suites run? Every place that a store can live in, with the restart that it has to survive.

import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { openRedis } from "../../src/redis/connection.ts";
import { openDatabase } from "../../src/sqlite/database.ts";
import { startRedis, startRedisCluster } from "./start-redis.ts";

import type { CodeStoreHome } from "../../src/codes/open-code-store.ts";

/** A place for a store; codes and throttle take the same. */
export type Home = {
  readonly home: CodeStoreHome;
  /** Ends what keeps the data, and starts it again on what is left. */
  restart(): Promise<CodeStoreHome>;
  close(): Promise<void>;
};

export const homes: Readonly<Record<string, () => Promise<Home>>> = {
  "Redis that keeps its data on the disk": openOnRedis,
  "a Redis Cluster": openOnCluster,
  "a file": openOnFile,
};

async function openOnRedis(): Promise<Home> {
  const directory = await mkdtemp(join(tmpdir(), "rekey-redis-"));
  let server = await startRedis({ appendonly: true, directory });
  let redis = await openRedis({ url: server.url });
  return {
    home: { kind: "redis", redis },
    async restart() {
      await redis.close();
      await server.stop();
      server = await startRedis({ appendonly: true, directory });
      redis = await openRedis({ url: server.url });
      return { kind: "redis", redis };
    },
    async close() {
      await redis.close();
      await server.stop();
      await rm(directory, { recursive: true, force: true });
    },
  };
}

/** Its data are in memory only: what is restarted is the client, and every script is forgotten. */
async function openOnCluster(): Promise<Home> {
  const cluster = await startRedisCluster();
  let redis = await openRedis({ url: cluster.url });
  return {
    home: { kind: "redis", redis },
    async restart() {
      await redis.close();
      for (const port of cluster.ports) {
        const node = await openRedis({ url: `redis://127.0.0.1:${port}` });
        await node.client.script("FLUSH");
        await node.close();
      }
      redis = await openRedis({ url: cluster.url });
      return { kind: "redis", redis };
    },
    async close() {
      await redis.close();
      await cluster.stop();
    },
  };
}

async function openOnFile(): Promise<Home> {
  const directory = await mkdtemp(join(tmpdir(), "rekey-file-"));
  const path = join(directory, "rekey.db");
  let database = openDatabase(path);
  return {
    home: { kind: "embedded", database },
    async restart() {
      database.close();
      database = openDatabase(path);
      return { kind: "embedded", database };
    },
    async close() {
      database.close();
      await rm(directory, { recursive: true, force: true });
    },
  };
}
