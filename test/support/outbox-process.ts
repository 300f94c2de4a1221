// Who brings deliveries and may be killed at any moment? A process with an outbox; what it hands over, it writes into a
// file that outlives it.

import { appendFileSync } from "node:fs";
import { setTimeout as pause } from "node:timers/promises";

import { openOutbox } from "../../src/delivery/outbox/open-outbox.ts";
import { openDatabase } from "../../src/sqlite/database.ts";

export type OutboxTask = {
  readonly home: { readonly url: string } | { readonly path: string };
  /** One line for each time that something reached its receiver. */
  readonly received: string;
  readonly concurrency: number;
  readonly leaseMs: number;
};

/** What becomes of a delivery is in its id, so that the dead one's successor decides the same. */
export function fateOf(id: string): "delivered" | "delivered at the second attempt" | "dead" {
  if (id.startsWith("0")) return "dead";
  return id.startsWith("1") ? "delivered at the second attempt" : "delivered";
}

if (process.argv[1] === import.meta.filename) await bring(JSON.parse(process.argv[2] ?? "") as OutboxTask);

async function bring({ home, received, concurrency, leaseMs }: OutboxTask): Promise<void> {
  const outbox = await openOutbox(
    "url" in home ? { kind: "redis", url: home.url } : { kind: "embedded", database: openDatabase(home.path) },
    { leaseMs, onFault: (cause) => console.error(cause) },
  );
  outbox.start(
    async ({ id }, attempts) => {
      await pause(10 * Math.random());
      const fate = fateOf(id);
      if (fate === "dead") return { kind: "dead", problem: "550 gone" };
      if (fate === "delivered at the second attempt" && attempts === 0) {
        return { kind: "retry", problem: "421 busy", delayMs: 20 };
      }
      appendFileSync(received, `${id}\n`);
      await pause(10 * Math.random());
      return { kind: "delivered", by: "the test" };
    },
    { concurrency },
  );
}
