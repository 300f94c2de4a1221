// Do messages get out? What came of each attempt, how long people waited for theirs, and how much waits.

import type { Attempt, OnExpired, Outbox, Target } from "../delivery/outbox/outbox.ts";
import { second, systemClock } from "../units.ts";
import type { Meter } from "./meter.ts";

/** In seconds. A mail server takes a second or two; one that is away is tried again for as long as a code lives. */
const buckets = [0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 900, 3600];

const channels: readonly Target["kind"][] = ["email", "sms", "webhook", "recovery"];
const outcomes = ["delivered", "retry", "dead", "expired"] as const;

/** The same outbox. */
export function countDeliveries(outbox: Outbox, meter: Meter): Outbox {
  const deliveries = meter.counter(
    { name: "rekey_deliveries_total", help: "Attempts to deliver by what came of them, and what died without one." },
    "channel",
    "outcome",
  );
  // A count that is there from the start lets the first dead letter be seen as a rise.
  for (const channel of channels) for (const outcome of outcomes) void deliveries.at(channel).at(outcome).place;
  const refused = meter.counter(
    { name: "rekey_outbox_refused_total", help: "Deliveries that were not taken, as too many wait." },
    "channel",
  );
  for (const channel of channels) void refused.at(channel).place;
  const delays = meter.histogram(
    { name: "rekey_delivery_delay_seconds", help: "From the request of a delivery to its end as delivered.", buckets },
    "channel",
  );
  meter.gauges(
    { name: "rekey_outbox_deliveries", help: "Deliveries in the outbox of all processes." },
    "state",
    async () => await outbox.count(),
  );

  function counted(attempt: Attempt): Attempt {
    return async (delivery, ...rest) => {
      const channel = delivery.target.kind;
      try {
        const outcome = await attempt(delivery, ...rest);
        deliveries.at(channel).at(outcome.kind).place.count += 1;
        if (outcome.kind === "delivered") {
          delays.at(channel).place.add((systemClock.now() - delivery.createdAt) / second);
        }
        return outcome;
      } catch (cause) {
        // So the outbox takes it.
        deliveries.at(channel).at("retry").place.count += 1;
        throw cause;
      }
    };
  }

  return {
    ...outbox,
    async put(delivery) {
      const outcome = await outbox.put(delivery);
      if (outcome.kind === "full") refused.at(delivery.target.kind).place.count += 1;
      return outcome;
    },
    start(attempt, { onExpired, ...options }) {
      const told: OnExpired = async (delivery, problem) => {
        deliveries.at(delivery.target.kind).at("expired").place.count += 1;
        await onExpired?.(delivery, problem);
      };
      outbox.start(counted(attempt), { ...options, onExpired: told });
    },
  };
}
