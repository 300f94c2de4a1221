// Are durations put into the right buckets, and can a label only say what is on a list?

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";

import { openThreadHasher } from "../../src/password/thread-hasher.ts";
import { defaultArgon2 } from "../../src/password/argon2-settings.ts";
import { countHashes } from "../../src/metrics/count-hashes.ts";
import { makeMeter } from "../../src/metrics/meter.ts";
import { reasonLabel, reasons } from "../../src/metrics/reason-label.ts";
import { read } from "../support/scrape.ts";

const root = join(import.meta.dirname, "../..");

describe("a duration", () => {
  test("counts in its bucket and in every longer one; one as long as a bucket's bound belongs to it", async () => {
    const meter = makeMeter();
    const durations = meter.histogram({ name: "took_seconds", help: "Took.", buckets: [0.1, 1] }, "what");
    for (const seconds of [0.05, 0.1, 0.5, 1, 7]) durations.at("walk").place.add(seconds);
    const told = read(await meter.text());
    expect(told.types.get("took_seconds")).toBe("histogram");
    expect(told.of("took_seconds_bucket")).toEqual({ "walk 0.1": 2, "walk 1": 4, "walk +Inf": 5 });
    expect(told.of("took_seconds_count")).toEqual({ walk: 5 });
    expect(told.of("took_seconds_sum")).toEqual({ walk: 0.05 + 0.1 + 0.5 + 1 + 7 });
  });

  test("is kept apart from those of other labels, and is still there at the next scrape", async () => {
    const meter = makeMeter();
    const durations = meter.histogram({ name: "took_seconds", help: "Took.", buckets: [1] }, "what", "how");
    durations.at("walk").at("slow").place.add(2);
    durations.at("walk").at("fast").place.add(1);
    await meter.text();
    durations.at("walk").at("fast").place.add(1);
    const counts = { "walk slow": 1, "walk fast": 2 };
    expect(read(await meter.text()).of("took_seconds_count")).toEqual(counts);
  });
});

test("a count is what it was counted to, however often it is read", async () => {
  const meter = makeMeter();
  const walks = meter.counter({ name: "walks_total", help: "Walks." }, "who", "where");
  walks.at("ann").at("home").place.count += 1;
  walks.at("ann").at("home").place.count += 1;
  walks.at("ben").at('a "quoted" \\ name').place.count += 1;
  for (let scrape = 0; scrape < 3; scrape += 1) {
    const told = read(await meter.text());
    expect(told.of("walks_total")).toEqual({ "ann home": 2, 'ben a \\"quoted\\" \\\\ name': 1 });
  }
});

test("what cannot be read at a scrape has no value there, and keeps nobody else from having one", async () => {
  const meter = makeMeter();
  let isAway = false;
  const ask = async () => (isAway ? Promise.reject(new Error("away")) : { full: 3 });
  meter.gauges({ name: "boxes", help: "Boxes." }, "state", ask);
  meter.gauge({ name: "answer", help: "The answer." }, () => 42);
  expect(read(await meter.text()).of("boxes")).toEqual({ full: 3 });
  isAway = true;
  const told = read(await meter.text());
  expect(told.of("boxes")).toEqual({});
  expect(told.of("answer")).toEqual({ "": 42 });
});

describe("a reason", () => {
  const odd = [
    "ann@example.org",
    "__proto__",
    "constructor",
    "CODE_WRONG",
    "",
    " ",
    "redis\n",
    'x"} 1',
    "k".repeat(9999),
  ];

  test.each(odd)("that is not on the list is 'other': %j", (reason) => {
    expect(reasonLabel(reason)).toBe("other");
  });

  test("is its first word, whatever stands behind it", () => {
    expect(reasonLabel("url_template_invalid: syntax")).toBe("url_template_invalid");
    expect(reasonLabel("code_wrong: ann@example.org")).toBe("code_wrong");
    expect(reasonLabel(undefined)).toBe("");
  });

  test("that stands in the sources is on the list", () => {
    const files = readdirSync(join(root, "src"), { recursive: true, encoding: "utf8" }).filter((file) =>
      file.endsWith(".ts"),
    );
    const outages = /new Outage\("([^"]+)"/g;
    const unread = /new PlainRefusal\([^;]*?, "([^"]+)"\)/g;
    const found = files.flatMap((file) => {
      const text = readFileSync(join(root, "src", file), "utf8");
      return [...text.matchAll(outages), ...text.matchAll(unread)].map((match) => match[1] ?? "");
    });
    expect(found).toEqual(expect.arrayContaining(["redis", "sqlite", "malformed"]));
    expect(found.filter((reason) => !reasons.has(reason))).toEqual([]);
  });
});

test("a full line of hashes is told, with what runs, what waits and who was sent away", async () => {
  const meter = makeMeter();
  const hasher = countHashes(openThreadHasher({ ...defaultArgon2, threads: 1, waiting: 1 }), meter);
  const hashes = ["one", "two", "three"].map(async (word) => await hasher.hash(`${word} password of length`));
  const during = read(await meter.text());
  expect(during.of("rekey_hash_threads")).toEqual({ "": 1 });
  expect(during.of("rekey_hash_running")).toEqual({ "": 1 });
  expect(during.of("rekey_hash_waiting")).toEqual({ "": 1 });
  const outcomes = await Promise.all(hashes);
  expect(outcomes.map(({ kind }) => kind)).toEqual(["hashed", "hashed", "busy"]);
  const after = read(await meter.text());
  expect(after.of("rekey_hash_running")).toEqual({ "": 0 });
  expect(after.of("rekey_hash_waiting")).toEqual({ "": 0 });
  expect(after.of("rekey_hash_duration_seconds_count")).toEqual({ hash: 2 });
  expect(after.of("rekey_hash_refused_total")).toEqual({ hash: 1, verify: 0 });
  await hasher.close();
});
