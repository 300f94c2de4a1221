// What did a run cost Redis? Commands by name, memory and keys, between `reset` and `read`.

import { Redis } from "ioredis";

export type RedisFigures = {
  /** How often each command ran since the reset, without those of this file. */
  readonly commands: Readonly<Record<string, number>>;
  /** Time inside Redis per script call. */
  readonly scriptMicroseconds: number;
  readonly keys: number;
  /** What the keys take, tables included. */
  readonly addedBytes: number;
};

export type RedisWatch = {
  readonly version: string;
  /** Empties the database and starts to count. */
  reset(): Promise<void>;
  /** Starts to count, and leaves what is there. */
  recount(): Promise<void>;
  read(): Promise<RedisFigures>;
  close(): void;
};

/** Commands of this file, and of a client that connects. */
const own = new Set(["info", "config", "config|resetstat", "dbsize", "flushall", "client", "client|setinfo", "hello"]);

export async function watchRedis(url: string): Promise<RedisWatch> {
  const client = new Redis(url);
  const usedMemory = async () => Number(fieldOf(await client.info("memory"), "used_memory"));
  const version = fieldOf(await client.info("server"), "redis_version");
  let before = 0;
  return {
    version,
    async reset() {
      await client.flushall("SYNC");
      before = await usedMemory();
      await client.config("RESETSTAT");
    },
    recount: async () => void (await client.config("RESETSTAT")),
    async read() {
      const statistics = await client.info("commandstats");
      const rows = [...statistics.matchAll(/^cmdstat_([^:]+):calls=(\d+),.*?usec_per_call=([\d.]+)/gm)];
      const counted = rows.filter(([, name = ""]) => !own.has(name));
      return {
        commands: Object.fromEntries(counted.map(([, name, calls]) => [name, Number(calls)])),
        scriptMicroseconds: Number(rows.find(([, name]) => name === "evalsha")?.[3] ?? 0),
        keys: await client.dbsize(),
        addedBytes: (await usedMemory()) - before,
      };
    },
    close: () => client.disconnect(),
  };
}

function fieldOf(info: string, name: string): string {
  return new RegExp(`^${name}:(.*?)\\r?$`, "m").exec(info)?.[1] ?? "";
}
