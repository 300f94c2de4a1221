// Which store counts? Loads only the one that is asked for.

import type { RedisConnection } from "../redis/connection.ts";
import type { Database } from "../sqlite/database.ts";
import type { Throttle } from "./throttle.ts";

export type ThrottleHome =
  | { readonly kind: "redis"; readonly redis: RedisConnection }
  | { readonly kind: "embedded"; readonly database: Database };

/** Nothing to close: the connection or the file belongs to whoever opened it. */
export function openThrottle(home: ThrottleHome): Promise<Throttle> {
  switch (home.kind) {
    case "redis":
      return import("./redis/redis-throttle.ts").then(({ redisThrottle }) => redisThrottle(home.redis));
    case "embedded":
      return import("./embedded/embedded-throttle.ts").then(({ embeddedThrottle }) => embeddedThrottle(home.database));
  }
}
