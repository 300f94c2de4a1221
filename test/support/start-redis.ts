// How does a test get a real Redis? Starts one, or a Cluster of three, on free ports of the loopback.

import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer, type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as pause } from "node:timers/promises";

import { Redis } from "ioredis";

import { needProgram } from "./need-program.ts";

export type RedisServer = {
  readonly url: string;
  readonly port: number;
  readonly process: ChildProcess;
  stop(): Promise<void>;
};

type StartOptions = {
  /** Every write is on the disk before it is answered. Without it nothing is kept. */
  readonly appendonly?: boolean;
  /** Keeps its files here, so that another one can be started on them. */
  readonly directory?: string;
  /** Where an earlier one listened, to come back there. */
  readonly port?: number;
  /** Speaks TLS only, with a certificate that nobody trusts unless told to. */
  readonly tls?: { readonly certificate: string; readonly key: string };
  /** Further settings, as redis.conf names them. */
  readonly settings?: readonly (readonly [name: string, value: string])[];
};

export async function startRedis(options: StartOptions = {}): Promise<RedisServer> {
  const program = needProgram("redis-server");
  const port = options.port ?? (await freePort());
  const directory = options.directory ?? (await mkdtemp(join(tmpdir(), "rekey-redis-")));
  const settings = [
    ["bind", "127.0.0.1"],
    ["port", options.tls ? "0" : String(port)],
    ["dir", directory],
    ["save", ""],
    ...(options.appendonly ? [["appendonly", "yes"] as const, ["appendfsync", "always"] as const] : []),
    ...(options.tls ? tlsSettings(port, options.tls) : []),
    ...(options.settings ?? []),
  ] as const;
  const args = settings.flatMap(([name, value]) => [`--${name}`, value]);
  const server = spawn(program, args, { stdio: ["ignore", "pipe", "inherit"] });
  await untilAccepting(server);
  return {
    url: `${options.tls ? "rediss" : "redis"}://127.0.0.1:${port}`,
    port,
    process: server,
    async stop() {
      if (server.exitCode === null && server.signalCode === null) {
        const gone = once(server, "exit");
        server.kill("SIGKILL");
        await gone;
      }
      if (options.directory === undefined) await rm(directory, { recursive: true, force: true });
    },
  };
}

function tlsSettings(port: number, { certificate, key }: NonNullable<StartOptions["tls"]>) {
  return [
    ["tls-port", String(port)],
    ["tls-cert-file", certificate],
    ["tls-key-file", key],
    ["tls-auth-clients", "no"],
  ] as const;
}

export type RedisCluster = { readonly url: string; readonly ports: readonly number[]; stop(): Promise<void> };

const slots = 16_384;

/** Three masters that share the slots. */
export async function startRedisCluster(): Promise<RedisCluster> {
  const nodes = await Promise.all([0, 1, 2].map(startClusterNode));
  const clients = nodes.map(({ port }) => new Redis({ host: "127.0.0.1", port }));
  const [first, ...others] = nodes;
  for (const [at, client] of clients.entries()) {
    const bounds = [Math.ceil((at * slots) / 3), Math.ceil(((at + 1) * slots) / 3) - 1] as const;
    await client.call("CLUSTER", "ADDSLOTSRANGE", ...bounds);
    await client.call("CLUSTER", "SET-CONFIG-EPOCH", at + 1);
  }
  for (const { port, busPort } of others) await clients[0]?.call("CLUSTER", "MEET", "127.0.0.1", port, busPort);
  await Promise.all(clients.map(untilClusterIsOk));
  await Promise.all(clients.map((client) => client.quit()));
  return {
    url: `redis-cluster://127.0.0.1:${first?.port}`,
    ports: nodes.map(({ port }) => port),
    async stop() {
      await Promise.all(nodes.map((node) => node.stop()));
    },
  };
}

async function startClusterNode(): Promise<RedisServer & { busPort: number }> {
  const busPort = await freePort();
  const settings = [
    ["cluster-enabled", "yes"],
    ["cluster-port", String(busPort)],
  ] as const;
  return { ...(await startRedis({ settings })), busPort };
}

/** A node knows the others when all three are known and every slot has a master that answers. */
async function untilClusterIsOk(client: Redis): Promise<void> {
  for (;;) {
    const info = String(await client.call("CLUSTER", "INFO"));
    if (info.includes("cluster_state:ok") && info.includes("cluster_known_nodes:3")) return;
    await pause(20);
  }
}

async function untilAccepting(server: ChildProcess): Promise<void> {
  const told: string[] = [];
  if (server.stdout === null) throw new Error("redis-server was started without an output");
  for await (const line of createInterface({ input: server.stdout })) {
    told.push(line);
    if (line.includes("Ready to accept connections")) {
      server.stdout.resume();
      return;
    }
  }
  throw new Error(`redis-server ended before it was ready:\n${told.join("\n")}`);
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}
