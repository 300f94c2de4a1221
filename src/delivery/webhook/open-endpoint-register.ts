// Where is it kept which endpoints are disabled? Loads only the store that is asked for.

import type { RedisConnection } from "../../redis/connection.ts";
import type { Database } from "../../sqlite/database.ts";
import type { EndpointRegister } from "./endpoint-register.ts";

export type EndpointRegisterHome =
  | { readonly kind: "redis"; readonly redis: RedisConnection }
  | { readonly kind: "embedded"; readonly database: Database };

/** Nothing to close: the connection or the file belongs to whoever opened it. */
export function openEndpointRegister(home: EndpointRegisterHome): Promise<EndpointRegister> {
  switch (home.kind) {
    case "redis":
      return import("./redis/redis-endpoint-register.ts").then(({ redisEndpointRegister }) =>
        redisEndpointRegister(home.redis),
      );
    case "embedded":
      return import("./embedded/embedded-endpoint-register.ts").then(({ embeddedEndpointRegister }) =>
        embeddedEndpointRegister(home.database),
      );
  }
}
