// How does the process talk to Redis? Opens one client that fails fast: a command is sent now or not at all. Work in the
// background may have a patient one instead.

import type { Cluster, ClusterOptions, Redis, RedisOptions } from "ioredis";

import { Outage } from "../outage.ts";
import { second, type Milliseconds } from "../units.ts";
import { gatherWrites } from "./gather-writes.ts";
import { packedCommandOf } from "./packed-command.ts";

export type RedisConnection = {
  readonly client: Redis | Cluster;
  /** Called before a command: what is written in this turn of the event loop goes out together. */
  readonly gather: () => void;
  /** Sends a command at once, for which the driver's own methods are too slow. Its arguments as they take them. */
  readonly send: (name: string, args: (string | number | Buffer)[]) => Promise<unknown>;
  /** Whether a command could be sent at this moment. */
  isReady(): boolean;
  close(): Promise<void>;
};

/** A script takes microseconds. What takes this long is down, or its disk is stalled. */
const commandTimeoutMs: Milliseconds = 2 * second;
const connectTimeoutMs: Milliseconds = 2 * second;
/** What has said nothing for so long is gone, though the connection stands. Longer than any command of ours blocks: 10 s. */
const silenceTimeoutMs: Milliseconds = 15 * second;
/** How long Redis may take to come up when both are started together. */
const defaultReadyTimeoutMs: Milliseconds = 10 * second;
const longestReconnectDelayMs: Milliseconds = second;
/** How soon a Cluster's new layout is noticed after a fail-over, when no node redirects us. */
const clusterRefreshMs: Milliseconds = 2 * second;

/** As the driver's methods have it. */
const textReply = { replyEncoding: "utf8" } as const;

type Manner = { readonly redis: RedisOptions; readonly cluster: ClusterOptions };

// After a fail-over the old master refuses writes: leave it.
const reconnectOnError = (error: Error): boolean => error.message.startsWith("READONLY");

/** How a connection behaves when Redis is away, alone and as a part of a Cluster: a command is sent now or not at all. */
const fast = {
  redis: {
    commandTimeout: commandTimeoutMs,
    connectTimeout: connectTimeoutMs,
    enableOfflineQueue: false,
    // A command whose connection broke may have run already; a second run would count twice. So: never resent.
    maxRetriesPerRequest: 0,
    autoResendUnfulfilledCommands: false,
    reconnectOnError,
  },
  // As above: a command whose connection broke is not sent to another node.
  cluster: { enableOfflineQueue: false, retryDelayOnFailover: 0 },
} satisfies Manner;

/** Every command waits until Redis is there, however long, and is sent again when its connection broke. */
const patient = {
  redis: {
    connectTimeout: connectTimeoutMs,
    socketTimeout: silenceTimeoutMs,
    maxRetriesPerRequest: null,
    reconnectOnError,
  },
  cluster: {},
} satisfies Manner;

/**
 * `url` is one of `redis://[user:password@]host:port[/db]`, `rediss://…` (TLS, the certificate is verified),
 * `redis-cluster://[user:password@]host:port,host:port…`, `rediss-cluster://…`. Resolves when commands can be sent.
 */
export async function openRedis(options: {
  readonly url: string;
  readonly readyTimeoutMs?: Milliseconds;
  /** For work that nobody waits for, and that may run twice without harm. */
  readonly patient?: boolean;
}): Promise<RedisConnection> {
  if (!/^rediss?(-cluster)?:\/\//.test(options.url)) {
    throw new TypeError("a Redis URL starts with redis://, rediss://, redis-cluster:// or rediss-cluster://");
  }
  // Loaded here, so that a service on the embedded store never loads the driver.
  const driver = await import("ioredis");
  const { url, readyTimeoutMs = defaultReadyTimeoutMs } = options;
  const manner = options.patient ? patient : fast;
  const cluster = parseClusterUrl(url, manner);
  const client =
    cluster === undefined
      ? new driver.Redis(url, { ...manner.redis, retryStrategy: reconnectDelay })
      : new driver.Cluster(cluster.nodes, cluster.options);

  const PackedCommand = packedCommandOf(driver);

  await untilReady(client, readyTimeoutMs);
  if (client instanceof driver.Cluster) await reachEveryNode(client);
  return {
    client,
    gather: gatherWrites(client),
    send: (name, args) => client.sendCommand(new PackedCommand(name, args, textReply)) as Promise<unknown>,
    isReady: () => client.status === "ready",
    async close() {
      // A patient QUIT would wait for Redis too.
      if (options.patient) {
        client.disconnect();
        return;
      }
      try {
        await client.quit();
      } catch {
        client.disconnect();
      }
    },
  };
}

/** What a failed command becomes. The driver hangs the command on its error; its arguments stay out of every log. */
export function redisOutage(cause: unknown): Outage {
  if (cause instanceof Error && "command" in cause) delete cause.command;
  return new Outage("redis", { cause });
}

function reconnectDelay(attempt: number): Milliseconds {
  return Math.min(50 * attempt, longestReconnectDelayMs);
}

/** Waits for the first `ready`, through refused connections: Redis may still be on its way up. */
function untilReady(client: Redis | Cluster, readyTimeoutMs: Milliseconds): Promise<void> {
  return new Promise((resolve, reject) => {
    let latest = "it did not answer";
    const timer = setTimeout(() => {
      client.disconnect();
      reject(redisOutage(new Error(`Redis was not ready within ${readyTimeoutMs} ms: ${latest}`)));
    }, readyTimeoutMs);
    // Stays for good: an `error` event without a listener would end the process.
    client.on("error", (error: Error) => {
      latest = error.message;
    });
    client.once("ready", () => {
      clearTimeout(timer);
      resolve();
    });
  });
}

/** A Cluster connects to a node at the first command for it, and a fast client refuses the next ones until that is done. */
async function reachEveryNode(cluster: Cluster): Promise<void> {
  try {
    await Promise.all(cluster.nodes("master").map((node) => node.ping()));
  } catch (cause) {
    cluster.disconnect();
    throw redisOutage(cause);
  }
}

/** The nodes and options of a Cluster's URL; undefined for any other URL. */
function parseClusterUrl(url: string, manner: typeof fast | typeof patient) {
  const match = /^redis(?<tls>s?)-cluster:\/\/(?:(?<user>[^:@/]*):(?<password>[^@/]*)@)?(?<hosts>[^@/]+)\/?$/.exec(url);
  if (match?.groups === undefined) return undefined;
  const { tls, user, password, hosts = "" } = match.groups;
  const nodes = hosts.split(",").map((host) => {
    const { hostname, port } = new URL(`redis://${host}`);
    return { host: hostname.replaceAll(/[[\]]/g, ""), port: Number(port || 6379) };
  });
  const options = {
    redisOptions: {
      ...manner.redis,
      ...(user && { username: decodeURIComponent(user) }),
      ...(password && { password: decodeURIComponent(password) }),
      ...(tls && { tls: {} }),
    },
    ...manner.cluster,
    clusterRetryStrategy: reconnectDelay,
    slotsRefreshInterval: clusterRefreshMs,
    // A certificate names the host, not its address: connect by name.
    ...(tls && { dnsLookup: connectByName }),
  } satisfies ClusterOptions;
  return { nodes, options };
}

function connectByName(hostname: string, found: (error: null, address: string) => void): void {
  found(null, hostname);
}
