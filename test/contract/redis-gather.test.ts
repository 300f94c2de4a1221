// Do commands of one turn of the event loop go out together, and does none of them get stuck on the way?

import { once } from "node:events";

import type { Redis } from "ioredis";
import { expect, onTestFinished, test } from "vitest";

import { Outage } from "../../src/outage.ts";
import { openRedis } from "../../src/redis/connection.ts";
import { loadScript, runScript } from "../../src/redis/script.ts";
import { startRedis } from "../support/start-redis.ts";

const script = loadScript(new URL("../../src/codes/redis/revoke-codes.lua", import.meta.url));

async function opened() {
  const server = await startRedis();
  const redis = await openRedis({ url: server.url });
  onTestFinished(async () => {
    await redis.close();
    await server.stop();
  });
  const client = redis.client as Redis;
  const run = () => runScript(redis, script, ["{a}subject"], [1]);
  // Sends the text; from here on the digest is enough.
  await run();
  return { redis, client, run };
}

test("commands of one turn are held back, go out together, and are all answered", async () => {
  const { client, run } = await opened();
  const answers = Array.from({ length: 50 }, run);
  expect(client.stream.writableCorked).toBe(1);
  expect(client.stream.writableLength).toBeGreaterThan(50 * script.sha1.length);
  await Promise.all(answers);
  expect(client.stream.writableCorked).toBe(0);
  await run();
});

test("a connection that is lost in the same turn takes its commands along, and the next one holds nothing back", async () => {
  const { client, run } = await opened();
  const [lost, isReady] = [client.stream, once(client, "ready")];
  const pending = Array.from({ length: 3 }, () => run().catch((cause: unknown) => cause));
  lost.destroy();
  for (const outcome of await Promise.all(pending)) expect(outcome).toBeInstanceOf(Outage);
  await isReady;
  expect(client.stream).not.toBe(lost);
  expect(client.stream.writableCorked).toBe(0);
  await Promise.all([run(), run()]);
  expect(client.stream.writableCorked).toBe(0);
});
