// Where does the outbox's suite run? Every place that deliveries can rest in, with the restart that it has to survive.

import { randomUUID } from "node:crypto";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { Redis } from "ioredis";

import type { OutboxHome } from "../../src/delivery/outbox/open-outbox.ts";
import { openDatabase } from "../../src/sqlite/database.ts";
import { startRedis, startRedisCluster } from "./start-redis.ts";

export type OutboxPlace = {
  /** One of its own, empty, for each test. */
  home(): OutboxHome;
  /** Kills what keeps the data, and starts it again on what is left. Homes are as before. */
  restart(home: OutboxHome): Promise<OutboxHome>;
  /** Every byte that can be read of a home. */
  dump(home: OutboxHome): Promise<string>;
  close(): Promise<void>;
};

export const outboxPlaces: Readonly<Record<string, () => Promise<OutboxPlace>>> = {
  "Redis that keeps its data on the disk": onRedis,
  "a Redis Cluster": onCluster,
  "a file": onFile,
};

async function onRedis(): Promise<OutboxPlace> {
  const directory = await mkdtemp(join(tmpdir(), "rekey-redis-"));
  let server = await startRedis({ appendonly: true, directory });
  return {
    home: () => ({ kind: "redis", url: server.url, prefix: `rekey:{outbox-${randomUUID()}}` }),
    async restart(home) {
      await server.stop();
      server = await startRedis({ appendonly: true, directory, port: server.port });
      return home;
    },
    dump: () => dumpOfRedis([server.port]),
    async close() {
      await server.stop();
      await rm(directory, { recursive: true, force: true });
    },
  };
}

/** Its data are in memory only: what is restarted is what Redis knows of the scripts. */
async function onCluster(): Promise<OutboxPlace> {
  const cluster = await startRedisCluster();
  return {
    home: () => ({ kind: "redis", url: cluster.url, prefix: `rekey:{outbox-${randomUUID()}}` }),
    async restart(home) {
      for (const port of cluster.ports) {
        const node = new Redis({ host: "127.0.0.1", port });
        await node.script("FLUSH");
        await node.quit();
      }
      return home;
    },
    dump: () => dumpOfRedis(cluster.ports),
    close: () => cluster.stop(),
  };
}

async function onFile(): Promise<OutboxPlace> {
  const directory = await mkdtemp(join(tmpdir(), "rekey-file-"));
  const path = () => join(directory, `${randomUUID()}.db`);
  const opened = new Map<OutboxHome, string>();

  function openAt(file: string): OutboxHome {
    const home = { kind: "embedded", database: openDatabase(file) } as const;
    opened.set(home, file);
    return home;
  }
  function closeOne(home: OutboxHome): string {
    const file = opened.get(home) ?? "";
    if (home.kind === "embedded") home.database.close();
    opened.delete(home);
    return file;
  }
  return {
    home: () => openAt(path()),
    restart: async (home) => openAt(closeOne(home)),
    /** The file and its write-ahead log, as a thief of the disk finds them. */
    async dump(home) {
      const file = opened.get(home) ?? "";
      const names = (await readdir(directory)).filter((name) => join(directory, name).startsWith(file));
      const parts = await Promise.all(names.map((name) => readFile(join(directory, name), "latin1")));
      return parts.join("\n");
    },
    async close() {
      for (const home of opened.keys()) closeOne(home);
      await rm(directory, { recursive: true, force: true });
    },
  };
}

async function dumpOfRedis(ports: readonly number[]): Promise<string> {
  const parts: string[] = [];
  for (const port of ports) {
    const client = new Redis({ host: "127.0.0.1", port });
    // Otherwise a dump hides what it repeats.
    await client.config("SET", "rdbcompression", "no");
    for (const key of await client.keys("*")) {
      parts.push(key, (await client.dumpBuffer(key))?.toString("latin1") ?? "");
    }
    await client.quit();
  }
  return parts.join("\n");
}
