// What rests in a Redis? All of it, as text that can be searched.

import { Redis } from "ioredis";

export async function dumpRedis(url: string): Promise<string> {
  const client = new Redis(url);
  // Otherwise a dump hides what it repeats.
  await client.config("SET", "rdbcompression", "no");
  const keys = await client.keys("*");
  const values = await Promise.all(keys.map(async (key) => (await client.dumpBuffer(key))?.toString("latin1")));
  await client.quit();
  return keys.map((key, at) => `${key} ${values[at]}`).join("\n");
}
