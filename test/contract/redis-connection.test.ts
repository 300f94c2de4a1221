// What happens when Redis is away, slow, or comes back?

import { readFile } from "node:fs/promises";
import { setDefaultCACertificates } from "node:tls";
import { fileURLToPath } from "node:url";

import { describe, expect, onTestFinished, test } from "vitest";

import { openCodeStore } from "../../src/codes/open-code-store.ts";
import { Outage } from "../../src/outage.ts";
import { openRedis } from "../../src/redis/connection.ts";
import { startRedis } from "../support/start-redis.ts";

const key = { realmId: "down", subject: "subject" };
const digest = Buffer.from("a digest of 16 b").toString("base64url");
const request = { ...key, now: 1, secretKind: "code", candidates: [{ keyId: 1, digest }], maxTries: 5 } as const;
const check = { ...request, charges: [] };
const secret = { code: { keyId: 1, digest }, expiresAt: 2, rememberMs: 1 };
const issue = { ...key, now: 1, ...secret, passwordVersion: 0, charges: [] };

async function opened() {
  const server = await startRedis();
  const redis = await openRedis({ url: server.url });
  onTestFinished(async () => {
    await redis.close();
    await server.stop();
  });
  return { server, redis, store: await openCodeStore({ kind: "redis", redis }) };
}

async function failureOf(work: Promise<unknown>): Promise<unknown> {
  return work.then(
    () => undefined,
    (cause: unknown) => cause,
  );
}

// Guard: ASVS 5.0 16.5.2, 16.5.3.
describe("a call is an Outage", () => {
  test("when Redis has ended, at once and on the way", async () => {
    const { server, redis, store } = await opened();
    server.process.kill("SIGSTOP");
    const onTheWay = failureOf(store.check(check));
    server.process.kill("SIGKILL");
    expect(await onTheWay).toBeInstanceOf(Outage);
    expect(redis.isReady()).toBe(false);
    expect(await failureOf(store.check(check))).toBeInstanceOf(Outage);
  });

  test("when Redis does not answer", async () => {
    const { server, store } = await opened();
    server.process.kill("SIGSTOP");
    const failure = await failureOf(store.check(check));
    server.process.kill("SIGCONT");
    expect(failure).toMatchObject({ name: "Outage", dependency: "redis", cause: { message: "Command timed out" } });
  });

  test("when Redis refuses work for want of memory", async () => {
    const { redis, store } = await opened();
    await store.issue(issue);
    await redis.client.config("SET", "maxmemory", "1");
    expect(await failureOf(store.issue(issue))).toBeInstanceOf(Outage);
  });

  test("and says nothing of what was asked", async () => {
    const { redis, store } = await opened();
    await redis.client.config("SET", "maxmemory", "1");
    const failure = (await failureOf(store.issue(issue))) as Outage;
    expect(failure.cause).toBeInstanceOf(Error);
    expect(failure.cause).not.toHaveProperty("command");
  });
});

test("Redis that comes back is used again, without a restart of ours", async () => {
  const { server, redis, store } = await opened();
  await store.check(check);
  await server.stop();
  await expect(store.check(check)).rejects.toBeInstanceOf(Outage);
  const again = await startRedis({ settings: [["port", String(server.port)]] });
  onTestFinished(() => again.stop());
  if (!redis.isReady()) await new Promise((resolve) => redis.client.once("ready", resolve));
  expect(await store.check(check)).toEqual({ kind: "absent" });
});

describe("opening", () => {
  test("waits for a Redis that is still on its way up", async () => {
    const first = await startRedis();
    await first.stop();
    const opening = openRedis({ url: first.url });
    const server = await startRedis({ settings: [["port", String(first.port)]] });
    const redis = await opening;
    expect(redis.isReady()).toBe(true);
    await redis.close();
    await server.stop();
  });

  test.each(["redis", "redis-cluster"])("gives up after the time it was given, and says why (%s)", async (scheme) => {
    const gone = await startRedis();
    await gone.stop();
    const url = `${scheme}://user:secret@127.0.0.1:${gone.port}`;
    const failure = (await failureOf(openRedis({ url, readyTimeoutMs: 300 }))) as Outage;
    expect(failure).toBeInstanceOf(Outage);
    expect(String(failure.cause)).toMatch(/Redis was not ready within 300 ms: ./);
    expect(String(failure.cause)).not.toContain("secret");
  });

  test("with a wrong password says so", async () => {
    const server = await startRedis({ settings: [["requirepass", "right"]] });
    onTestFinished(() => server.stop());
    const url = `redis://:wrong@127.0.0.1:${server.port}`;
    const failure = (await failureOf(openRedis({ url, readyTimeoutMs: 500 }))) as Outage;
    expect(String(failure.cause)).toContain("WRONGPASS");
    const redis = await openRedis({ url: `redis://:right@127.0.0.1:${server.port}` });
    await redis.close();
  });

  test("refuses what is no URL of Redis, without repeating it", async () => {
    const failure = await failureOf(openRedis({ url: "http://user:secret@127.0.0.1" }));
    expect(failure).toBeInstanceOf(TypeError);
    expect(String(failure)).not.toContain("secret");
  });
});

function fixture(name: string): string {
  return fileURLToPath(new URL(`../fixtures/tls/${name}`, import.meta.url));
}

// Guard: ASVS 5.0 12.3.1, 12.3.2.
test("rediss:// speaks TLS, and only to a server whose certificate is trusted", async () => {
  const certificate = fixture("certificate.pem");
  const server = await startRedis({ tls: { certificate, key: fixture("key.pem") } });
  onTestFinished(() => server.stop());
  const refused = (await failureOf(openRedis({ url: server.url, readyTimeoutMs: 500 }))) as Outage;
  expect(String(refused.cause)).toContain("self-signed certificate");
  const unencrypted = server.url.replace("rediss", "redis");
  expect(await failureOf(openRedis({ url: unencrypted, readyTimeoutMs: 500 }))).toBeInstanceOf(Outage);

  setDefaultCACertificates([await readFile(certificate, "utf8")]);
  const redis = await openRedis({ url: server.url });
  expect(redis.isReady()).toBe(true);
  await redis.close();
});
