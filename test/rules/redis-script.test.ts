// Is a script what its files say? Fragments are put in once, and the digest is that of the whole.

import { createHash } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { toOutcome, type OutcomeTable } from "../../src/redis/outcome.ts";
import { loadScript } from "../../src/redis/script.ts";

describe("a script", () => {
  let directory: string;
  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), "rekey-lua-"));
    await writeFile(join(directory, "base.lua"), "local one = 1");
    await writeFile(join(directory, "middle.lua"), "-- @include base.lua\nlocal two = one + 1");
    await writeFile(join(directory, "main.lua"), "-- @include base.lua\n-- @include middle.lua\nreturn two");
  });
  afterAll(() => rm(directory, { recursive: true, force: true }));

  test("holds each fragment once, where it is first named", () => {
    const { source } = loadScript(pathToFileURL(join(directory, "main.lua")));
    expect(source).toBe("local one = 1\n\nlocal two = one + 1\nreturn two");
  });

  test("is known by the SHA-1 of what is sent", () => {
    const { source, sha1 } = loadScript(pathToFileURL(join(directory, "main.lua")));
    expect(sha1).toBe(createHash("sha1").update(source).digest("hex"));
  });

  test("whose fragment is missing is not loaded", async () => {
    await writeFile(join(directory, "broken.lua"), "-- @include nowhere.lua\nreturn 1");
    expect(() => loadScript(pathToFileURL(join(directory, "broken.lua")))).toThrow(/nowhere\.lua/);
  });
});

describe("a script's answer", () => {
  type Weather = { readonly kind: "sun" } | { readonly kind: "rain"; readonly mm: number };
  const table: OutcomeTable<Weather> = {
    sun: () => ({ kind: "sun" }),
    rain: ([, mm]) => ({ kind: "rain", mm: Number(mm) }),
  };

  test("becomes the outcome of its kind", () => {
    expect(toOutcome(table, ["rain", 3])).toEqual({ kind: "rain", mm: 3 });
  });

  test.each(["snow", "toString"])("of a kind that nobody expects is a fault: %s", (kind) => {
    expect(() => toOutcome(table, [kind])).toThrow(`"${kind}"`);
  });
});
