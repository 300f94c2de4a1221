// Is Redis there, and how often was it not? Told by the one client that calls wait for.

import type { RedisConnection } from "../redis/connection.ts";
import type { Meter } from "./meter.ts";

export function watchRedis({ client, isReady }: RedisConnection, meter: Meter): void {
  meter.gauge({ name: "rekey_redis_connected", help: "1 while a command could be sent to Redis, 0 else." }, () =>
    isReady() ? 1 : 0,
  );
  const outages = meter.counter({ name: "rekey_redis_outages_total", help: "Times that Redis was lost." }).place;
  let isLost = false;
  // Each try to come back ends in another `close`.
  client.on("close", () => {
    if (!isLost) outages.count += 1;
    isLost = true;
  });
  client.on("ready", () => {
    isLost = false;
  });
}
