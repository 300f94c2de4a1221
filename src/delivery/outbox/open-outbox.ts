// Which store keeps what is to be brought? Loads only the one that is asked for.

import type { Database } from "../../sqlite/database.ts";
import type { OutboxOptions } from "./outbox-options.ts";
import type { Outbox } from "./outbox.ts";

export type OutboxHome =
  /** `prefix` begins every key; its braces keep them in one slot of a Redis Cluster. Default: `rekey:{outbox}`. */
  | { readonly kind: "redis"; readonly url: string; readonly prefix?: string }
  /** The file belongs to whoever opened it. */
  | { readonly kind: "embedded"; readonly database: Database };

export function openOutbox(home: OutboxHome, options: OutboxOptions): Promise<Outbox> {
  switch (home.kind) {
    case "redis":
      return import("./redis/bullmq-outbox.ts").then(({ openBullmqOutbox }) => openBullmqOutbox(home, options));
    case "embedded":
      return import("./embedded/embedded-outbox.ts").then(({ openEmbeddedOutbox }) =>
        openEmbeddedOutbox(home.database, options),
      );
  }
}
