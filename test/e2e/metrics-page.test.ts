// Does docs/metrics.md list what is told: every metric, with its type and its labels, and alerts that ask for nothing else?

import { readFileSync } from "node:fs";
import { join } from "node:path";

import { describe, expect, test } from "vitest";
import { parse } from "yaml";

import { mailServer, mailTo } from "../support/delivery-scene.ts";
import { metricsAddress, type Scrape, scrapeUntil } from "../support/scrape.ts";
import { startProduction } from "../support/start-production.ts";

const page = readFileSync(join(import.meta.dirname, "../../docs/metrics.md"), "utf8");
const rows = [...page.matchAll(/^\| `(\w+)` \| (counter|gauge|histogram) \| ((?:`\w+`(?:, )?)*) ?\|/gm)];
const listed = rows.map(([, name = "", type = "", labels = ""]) => ({
  name,
  type,
  labels: [...labels.matchAll(/\w+/g)].map(([label]) => label),
}));

/** Of a service that has everything that is counted. */
async function scrapeAll(): Promise<Scrape> {
  const { server, setting } = await mailServer();
  const link = "https://app.example.com/recover#token={{.Token}}";
  const service = await startProduction({
    store: "Redis",
    metrics: { port: 0 },
    delivery: { smtp: [setting] },
    acme: { recovery: { enabled: true, hosts: ["127.0.0.1"], link } },
  });
  const { email } = await service.makeUser();
  await service.call("POST /v1/recovery", { realmId: "acme", identifier: email });
  await mailTo(server, email);
  return await scrapeUntil(metricsAddress(service), ({ of }) => of("rekey_deliveries_total")["email delivered"] === 1);
}

test("each metric of Rekey is listed once, with its type and its labels", async () => {
  const told = await scrapeAll();
  const types = [...told.types].filter(([name]) => name.startsWith("rekey_"));
  const byName = (one: readonly [string, string], other: readonly [string, string]) => (one[0] < other[0] ? -1 : 1);
  expect(listed.map(({ name, type }) => [name, type] as const).toSorted(byName)).toEqual(types.toSorted(byName));

  const samples = told.samples.filter(({ name }) => name.startsWith("rekey_"));
  expect(samples.length).toBeGreaterThan(30);
  for (const { name, labels } of samples) {
    const row = listed.find((each) => each.name === name.replace(/_(bucket|sum|count)$/, ""));
    expect([name, Object.keys(labels).filter((label) => label !== "le")]).toEqual([name, row?.labels]);
  }
  for (const [name] of page.matchAll(/\b(?:process|nodejs)_\w+/g)) expect([...told.types.keys()]).toContain(name);
});

describe("the alerts", () => {
  const [block = ""] = /groups:\n[^`]+/.exec(page) ?? [];
  const { groups } = parse(block) as { groups: { rules: { alert: string; expr: string }[] }[] };
  const rules = groups.flatMap((group) => group.rules);

  test.each(rules)(
    "$alert asks for metrics and labels that there are, and the page says what to do",
    ({ alert, expr }) => {
      expect(page).toContain(`\n| \`${alert}\` |`);
      const names = [...expr.matchAll(/\b(?:rekey|nodejs|process)_\w+/g)].map(([name]) => name);
      expect(names).not.toEqual([]);
      for (const name of names) expect(listed.map((row) => row.name)).toContain(name);
      const labels = new Set(["job", ...listed.flatMap((row) => row.labels)]);
      const asked = [...expr.matchAll(/(\w+)=~?"|by \((\w+)\)/g)].map(([, match, by]) => match ?? by ?? "");
      expect(asked.filter((label) => !labels.has(label))).toEqual([]);
    },
  );

  test("are each told of once", () => {
    const told = [...page.matchAll(/^\| `(Rekey\w+)` \|/gm)].map(([, alert]) => alert);
    expect(told).toEqual(rules.map(({ alert }) => alert));
  });
});
