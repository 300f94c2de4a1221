// Which part is counted by whom, and where are the counts read? Only loaded where metrics are on.

import { readFileSync } from "node:fs";

import type { Configuration } from "../config/configuration.ts";
import { makeApplication } from "../edge/http/application.ts";
import { reply, type ExchangeHandler } from "../edge/http/exchange.ts";
import { openListener } from "../edge/http/listener.ts";
import { countCalls, countRecoveries } from "../metrics/count-calls.ts";
import { countCodes } from "../metrics/count-codes.ts";
import { countDeliveries } from "../metrics/count-deliveries.ts";
import { countHashes } from "../metrics/count-hashes.ts";
import { makeMeter } from "../metrics/meter.ts";
import { watchRedis } from "../metrics/watch-redis.ts";
import { second } from "../units.ts";
import { MetricsClosed } from "./metrics-closed.ts";
import type { Watch } from "./open-watch.ts";

/** Scrapers are few, and a scrape takes milliseconds. */
const maxConnections = 32;
const scrapeGraceMs = second;

export function watchService(settings: NonNullable<Configuration["metrics"]>): Watch {
  const meter = makeMeter();
  const build = { [version()]: 1 };
  meter.gauges({ name: "rekey_build_info", help: "Always 1; the label is the version." }, "version", async () => build);

  return {
    stores(stores) {
      if (stores.redis !== undefined) watchRedis(stores.redis, meter);
      return { ...stores, ...countCodes(stores, meter) };
    },
    hasher: (hasher) => countHashes(hasher, meter),
    outbox: (outbox) => countDeliveries(outbox, meter),
    observer: (observer) => countCalls(observer, meter),
    recoveries: (onEnd) => countRecoveries(onEnd, meter),

    async listen({ isReady, onFault }) {
      meter.gauge(
        { name: "rekey_ready", help: "1 while calls may be sent to this process, as /readyz says; 0 else." },
        () => (isReady() ? 1 : 0),
      );
      const scrape: ExchangeHandler = async (_, response) =>
        reply(response, 200, { "content-type": meter.contentType }, await meter.text());
      const listener = await openListener({
        ...settings,
        onRequest: makeApplication({
          routes: new Map([["GET /metrics", scrape]]),
          rpc: () => false,
          rest: async () => false,
          allowedOrigins: [],
          trustedHops: 0,
          onFault,
        }),
        limits: { maxConnections },
      }).catch((cause: unknown) => {
        throw new MetricsClosed(cause);
      });
      return { address: listener.address.url, close: async () => await listener.close({ graceMs: scrapeGraceMs }) };
    },
  };
}

function version(): string {
  const text = readFileSync(new URL("../../package.json", import.meta.url), "utf8");
  return (JSON.parse(text) as { readonly version: string }).version;
}
