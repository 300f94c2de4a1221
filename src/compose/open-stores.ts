// Where do codes, counters and users rest? Opens what the configuration names, and nothing else.

import { mkdirSync } from "node:fs";
import { join } from "node:path";

import type { CodeStore } from "../codes/code-store.ts";
import { openCodeStore } from "../codes/open-code-store.ts";
import type { Configuration } from "../config/configuration.ts";
import type { Directory, UserAdministration } from "../directory/directory.ts";
import { openDirectory } from "../directory/open-directory.ts";
import { openRedis, type RedisConnection } from "../redis/connection.ts";
import { type Database, openDatabase } from "../sqlite/database.ts";
import { openThrottle } from "../throttle/open-throttle.ts";
import type { Throttle } from "../throttle/throttle.ts";

export type Stores = {
  readonly codes: CodeStore;
  readonly throttle: Throttle;
  readonly directory: Directory & UserAdministration;
  /** The one file, and Redis if it is configured, for what else keeps something. */
  readonly database: Database;
  readonly redis?: RedisConnection;
  /** Whether every store could take a call at this moment. */
  isReady(): boolean;
  /** In the order in which they were opened. */
  readonly resources: readonly { close(): void | Promise<void> }[];
};

export async function openStores(configuration: Pick<Configuration, "dataDir" | "redis">): Promise<Stores> {
  mkdirSync(configuration.dataDir, { recursive: true, mode: 0o700 });
  const database = openDatabase(join(configuration.dataDir, "rekey.db"));
  const directory = await openDirectory({ kind: "embedded", database });
  if (configuration.redis === undefined) {
    return {
      codes: await openCodeStore({ kind: "embedded", database }),
      throttle: await openThrottle({ kind: "embedded", database }),
      directory,
      database,
      isReady: () => true,
      resources: [database],
    };
  }
  const redis = await openRedis({ url: configuration.redis.url }).catch((cause: unknown) => {
    database.close();
    throw cause;
  });
  return {
    codes: await openCodeStore({ kind: "redis", redis }),
    throttle: await openThrottle({ kind: "redis", redis }),
    directory,
    database,
    redis,
    isReady: () => redis.isReady(),
    resources: [database, redis],
  };
}
