// What stands in a webhook? Prints docs/webhook-events.schema.json from the events' schema.
//
// node scripts/print-webhook-schema.ts

import { writeFileSync } from "node:fs";

import { z } from "zod";

import { eventSchema } from "../src/delivery/webhook/event-schema.ts";

/** For receivers: it lets fields through that a newer Rekey adds. */
export function printWebhookSchema(): string {
  const schema = z.toJSONSchema(eventSchema, {
    io: "input",
    override({ jsonSchema }) {
      // The format says it, and readably.
      if (jsonSchema.format === "date-time") delete jsonSchema.pattern;
    },
  });
  return `${JSON.stringify(schema, null, 2)}\n`;
}

if (import.meta.main) {
  writeFileSync(new URL("../docs/webhook-events.schema.json", import.meta.url), printWebhookSchema());
}
