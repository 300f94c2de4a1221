// How does what was counted become text for a scraper? By Prometheus's own client, which asks for the counts at each scrape.
//
// Between scrapes a count is a number in an object of ours: the client would put a text together for each increment.
// Only its plain text format is offered. In OpenMetrics it renames counters for good, for whoever asks next.

import { collectDefaultMetrics, Counter, Gauge, Registry } from "@prometheus-io/client";

import { Branch } from "./branch.ts";
import { Bucketed, type Durations } from "./bucketed.ts";

export type About = { readonly name: string; readonly help: string };

export type Count = { count: number };

/** Each makes a metric. Its labels are the levels of the tree, in their order. */
export type Meter = {
  counter(about: About, ...labels: readonly string[]): Branch<Count>;
  histogram(about: About & { readonly buckets: readonly number[] }, ...labels: readonly string[]): Branch<Durations>;
  /** `read` is asked at each scrape. */
  gauge(about: About, read: () => number): void;
  /** By the values of one label. What `read` rejects with is nobody's business: at that scrape there is no value. */
  gauges(about: About, label: string, read: () => Promise<Readonly<Record<string, number>>>): void;
  /** The text of all, in the format that `contentType` names. */
  text(): Promise<string>;
  readonly contentType: string;
};

/** They ask Node's private functions, and make a list of every open connection. */
const unwanted = ["nodejs_active_handles", "nodejs_active_requests"].flatMap((name) => [name, `${name}_total`]);

export function makeMeter(): Meter {
  const registry = new Registry();
  // Once for the process: what it watches of Node ends with it.
  collectDefaultMetrics({ register: registry });
  for (const name of unwanted) registry.removeSingleMetric(name);

  return {
    counter(about, ...labelNames) {
      const counts = new Branch<Count>(() => ({ count: 0 }));
      const counter = new Counter({
        ...about,
        labelNames,
        registers: [],
        collect() {
          counter.reset();
          for (const [values, { count }] of counts.places()) counter.labels(...values).inc(count);
        },
      });
      registry.registerMetric(counter);
      return counts;
    },

    histogram(about, ...labelNames) {
      const histogram = new Bucketed({ ...about, labelNames });
      registry.registerMetric(histogram);
      return histogram.durations;
    },

    gauge(about, read) {
      const gauge: Gauge = new Gauge({ ...about, registers: [], collect: () => gauge.set(read()) });
      registry.registerMetric(gauge);
    },

    gauges(about, label, read) {
      const gauge: Gauge<string> = new Gauge({
        ...about,
        labelNames: [label],
        registers: [],
        async collect() {
          const values = await read().catch(() => ({}));
          gauge.reset();
          for (const [value, number] of Object.entries(values)) gauge.labels(value).set(number);
        },
      });
      registry.registerMetric(gauge);
    },

    text: () => registry.metrics(),
    contentType: registry.contentType,
  };
}
