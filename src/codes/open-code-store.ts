// Which store keeps the codes? Loads only the one that is asked for.

import type { RedisConnection } from "../redis/connection.ts";
import type { Database } from "../sqlite/database.ts";
import type { CodeStore } from "./code-store.ts";

export type CodeStoreHome =
  | { readonly kind: "redis"; readonly redis: RedisConnection }
  | { readonly kind: "embedded"; readonly database: Database };

/** Nothing to close: the connection or the file belongs to whoever opened it. */
export function openCodeStore(home: CodeStoreHome): Promise<CodeStore> {
  switch (home.kind) {
    case "redis":
      return import("./redis/redis-code-store.ts").then(({ redisCodeStore }) => redisCodeStore(home.redis));
    case "embedded":
      return import("./embedded/embedded-code-store.ts").then(({ embeddedCodeStore }) =>
        embeddedCodeStore(home.database),
      );
  }
}
