// What do the metrics of a service say at this moment? Read over HTTP, as a scraper reads them.

import { eventually } from "./eventually.ts";
import type { StartedProcess } from "./start-process.ts";

export type Sample = {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
};

/** Where the service says that its metrics are. */
export function metricsAddress({ output }: Pick<StartedProcess, "output">): string {
  const line = output()
    .split("\n")
    .find((each) => each.includes('"msg":"listening"'));
  return (JSON.parse(line ?? "{}") as { metricsAddress: string }).metricsAddress;
}

export async function scrapeText(address: string): Promise<string> {
  const response = await fetch(`${address}/metrics`);
  if (response.status !== 200) throw new Error(`the scrape was answered ${response.status}`);
  return await response.text();
}

export type Scrape = {
  readonly samples: readonly Sample[];
  /** By the name of the metric. */
  readonly types: ReadonlyMap<string, string>;
  /** What a metric says, by the values of its labels in their order. */
  of(name: string): Readonly<Record<string, number>>;
};

export async function scrape(address: string): Promise<Scrape> {
  return read(await scrapeText(address));
}

/** Scrapes until what is said of a metric is as `is` wants it. */
export async function scrapeUntil(address: string, is: (now: Scrape) => boolean): Promise<Scrape> {
  return await eventually(async () => {
    const now = await scrape(address);
    return is(now) && now;
  });
}

/** Spec: Prometheus, "Exposition formats", text-based format 0.0.4. What is not of it throws. */
export function read(text: string): Scrape {
  const samples: Sample[] = [];
  const types = new Map<string, string>();
  for (const line of text.split("\n")) {
    const [, name, type] = /^# TYPE (\S+) (counter|gauge|histogram|summary)$/.exec(line) ?? [];
    if (name !== undefined && type !== undefined) types.set(name, type);
    else if (line !== "" && !/^# HELP \S+ .+$/.test(line)) samples.push(sampleOf(line));
  }
  const of: Scrape["of"] = (name) =>
    Object.fromEntries(
      samples
        .filter((sample) => sample.name === name)
        .map(({ labels, value }) => [Object.values(labels).join(" "), value]),
    );
  return { samples, types, of };
}

function sampleOf(line: string): Sample {
  const [, name, labels = "", value] = /^([a-z0-9_]+)(?:\{(.*)\})? (\S+)$/.exec(line) ?? [];
  if (name === undefined) throw new Error(`this is no sample: ${line}`);
  const pairs = [...labels.matchAll(/([a-z_]+)="((?:[^"\\\n]|\\[\\"n])*)"(?:,|$)/g)];
  if (pairs.map(([pair]) => pair).join("") !== labels) throw new Error(`these are no labels: ${line}`);
  return {
    name,
    labels: Object.fromEntries(pairs.map(([, label = "", text = ""]) => [label, text])),
    value: Number(value),
  };
}
