// Is anything lost when processes are killed in the middle? A thousand deliveries, a worker that is killed again and
// again, and Redis itself: what was accepted is delivered or dead, and a repetition needs a death in its very attempt.

import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { fileURLToPath } from "node:url";

import { expect, onTestFinished, test } from "vitest";

import { openOutbox, type OutboxHome } from "../../src/delivery/outbox/open-outbox.ts";
import type { Outbox } from "../../src/delivery/outbox/outbox.ts";
import { Outage } from "../../src/outage.ts";
import { openDatabase } from "../../src/sqlite/database.ts";
import { makeDelivery } from "../support/make-delivery.ts";
import { fateOf, type OutboxTask } from "../support/outbox-process.ts";
import { startRedis } from "../support/start-redis.ts";

const deliveries = 1000;
const workerDeaths = 5;
const concurrency = 16;
const leaseMs = 2000;

type Scene = {
  readonly home: OutboxHome;
  /** How the worker's process finds it. */
  readonly way: OutboxTask["home"];
  /** Kills the store and starts it again; absent where the store has no process. */
  readonly killStore?: () => Promise<void>;
};

const scenes: Readonly<Record<string, (directory: string) => Promise<Scene>>> = {
  async Redis(directory) {
    let server = await startRedis({ appendonly: true, directory });
    onTestFinished(() => server.stop());
    const { url, port } = server;
    return {
      home: { kind: "redis", url },
      way: { url },
      async killStore() {
        await server.stop();
        server = await startRedis({ appendonly: true, directory, port });
      },
    };
  },
  async "a file"(directory) {
    const path = join(directory, "rekey.db");
    const database = openDatabase(path);
    onTestFinished(() => database.close());
    return { home: { kind: "embedded", database }, way: { path } };
  },
};

test.each(Object.keys(scenes))("nothing that %s accepted is lost to a killed process", async (name) => {
  const directory = await mkdtemp(join(tmpdir(), "rekey-killed-"));
  onTestFinished(() => rm(directory, { recursive: true, force: true }));
  const scene = await scenes[name]?.(directory);
  if (scene === undefined) throw new Error(`there is no scene called ${name}`);
  const received = join(directory, "received");
  await writeFile(received, "");
  const outbox = await openOutbox(scene.home, { leaseMs, onFault: (cause) => console.error(cause) });
  onTestFinished(() => outbox.close({ graceMs: 0 }));

  const ids = async () => (await readFile(received, "utf8")).split("\n").slice(0, -1);
  const untilReceived = async (some: number) => {
    while ((await ids()).length < some) await pause(5);
  };
  const task = { home: scene.way, received, concurrency, leaseMs };
  let worker = startWorker(task);
  onTestFinished(() => kill(worker));

  const made = Array.from({ length: deliveries }, () => makeDelivery());
  const puts = putAll(outbox, [...made]);
  // Each death comes somewhere in its share of the first two thirds.
  const share = Math.floor((deliveries * 2) / 3 / workerDeaths);
  for (let death = 0; death < workerDeaths; death += 1) {
    await untilReceived(Math.floor(share * (death + Math.random())));
    await kill(worker);
    if (death === 2) await scene.killStore?.();
    worker = startWorker(task);
    if (death === 3) {
      await untilReceived((await ids()).length + 5);
      await scene.killStore?.();
    }
  }
  await puts;
  while ((await orUndefined(() => outbox.count()))?.waiting !== 0) await pause(20);

  const records = await Promise.all(made.map(({ realmId, id }) => outbox.find(realmId, id)));
  expect(records.map((record) => record?.state)).toEqual(
    made.map(({ id }) => (fateOf(id) === "dead" ? "dead" : "delivered")),
  );
  const all = await ids();
  const toDeliver = made.filter(({ id }) => fateOf(id) !== "dead").map(({ id }) => id);
  expect(new Set(all)).toEqual(new Set(toDeliver));
  const deaths = workerDeaths + (scene.killStore === undefined ? 0 : 2);
  const repeated = all.length - toDeliver.length;
  console.log(`${name}: ${deliveries} accepted, ${deaths} deaths, ${repeated} of ${toDeliver.length} received twice`);
  expect(repeated).toBeLessThanOrEqual(deaths * concurrency);
});

function startWorker(task: OutboxTask): ChildProcess {
  const program = fileURLToPath(new URL("../support/outbox-process.ts", import.meta.url));
  return spawn(process.execPath, [program, JSON.stringify(task)], { stdio: ["ignore", "inherit", "inherit"] });
}

async function kill(worker: ChildProcess): Promise<void> {
  if (worker.exitCode !== null || worker.signalCode !== null) return;
  const gone = once(worker, "exit");
  worker.kill("SIGKILL");
  await gone;
}

/** Whoever was not answered puts again: the id makes it one. */
async function putAll(outbox: Outbox, rest: ReturnType<typeof makeDelivery>[]): Promise<void> {
  await Promise.all(
    Array.from({ length: 8 }, async () => {
      for (let delivery = rest.pop(); delivery !== undefined; delivery = rest.pop()) {
        const one = delivery;
        while ((await orUndefined(() => outbox.put(one))) === undefined) await pause(20);
      }
    }),
  );
}

async function orUndefined<T>(work: () => Promise<T>): Promise<T | undefined> {
  try {
    return await work();
  } catch (cause) {
    if (cause instanceof Outage) return undefined;
    throw cause;
  }
}
