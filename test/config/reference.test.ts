import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

import { expect, test } from "vitest";
import { parse } from "yaml";
import { z } from "zod";

import { printReference, printSchema } from "../../scripts/print-configuration-reference.ts";
import { exampleDigests, exampleKeys } from "../../src/config/example-keys.ts";
import { listSettings } from "../../src/config/list-settings.ts";
import { loadConfiguration } from "../../src/config/load-configuration.ts";
import { digestApiKey } from "../../src/reset/api-key.ts";

const read = (path: string): string => readFileSync(path, "utf8");

test("docs/configuration.md is what the schema says: node scripts/print-configuration-reference.ts", () => {
  expect(read("docs/configuration.md")).toBe(printReference());
});

test("docs/configuration.schema.json is what the schema says: node scripts/print-configuration-reference.ts", () => {
  expect(read("docs/configuration.schema.json")).toBe(printSchema());
});

test("every setting is explained", () => {
  const silent = listSettings().filter(({ node }) => node.description === undefined);
  expect(silent.map(({ path }) => path.join("."))).toEqual([]);
});

test("no two settings have one variable", () => {
  const variables = listSettings().flatMap(({ variable }) => variable ?? []);
  expect(new Set(variables).size).toBe(variables.length);
});

test("editors accept what Rekey accepts, also secrets in files, and refuse unknown names", () => {
  const editor = z.fromJSONSchema(JSON.parse(printSchema()) as z.core.JSONSchema.JSONSchema);
  for (const path of [
    "docs/examples/production.yaml",
    "docs/examples/demo.yaml",
    "test/config/working-production.yaml",
  ]) {
    expect(editor.safeParse(parse(read(path))).error).toBeUndefined();
  }
  const secret = "qyxQVvoFn0E/ucZSyf3K0Epl3vTNtjU9pu8Pd2zcpX0=";
  expect(editor.safeParse({ keys: { names_file: "a", codes: [{ id: 1, secret_file: "b" }] } }).success).toBe(true);
  expect(editor.safeParse({ keys: { codes: [{ id: 1, secret }] } }).success).toBe(false);
  expect(editor.safeParse({ lisen: {} }).success).toBe(false);
});

const printed = readdirSync("docs", { recursive: true, encoding: "utf8" })
  .filter((path) => /\.(md|ya?ml|json)$/.test(path))
  .map((path) => read(join("docs", path)))
  .join("\n");

// Guard: ASVS 5.0 13.3.4
test("every key that the documentation prints is known as an example, and is refused", () => {
  const keys = printed.match(/(?<![A-Za-z0-9+/])[A-Za-z0-9+/]{43}=(?!=)/g) ?? [];
  const apiKeys = printed.match(/\brk_[a-z0-9-]+_[A-Za-z0-9_-]{43}(?![A-Za-z0-9_-])/g) ?? [];
  expect(new Set(keys)).toEqual(exampleKeys);
  expect(apiKeys.map(digestApiKey).filter((digest) => !exampleDigests.has(digest))).toEqual([]);
  expect(apiKeys).not.toEqual([]);
});

test("the example for production only lacks keys of one's own", () => {
  const path = "docs/examples/production.yaml";
  const loaded = loadConfiguration({ environment: { REKEY_CONFIG_FILE: path }, readFile: read });
  expect(loaded.kind === "invalid" && loaded.problems.map(({ setting }) => setting)).toEqual([
    "keys.names",
    "keys.codes[0].secret",
    "keys.codes[1].secret",
    "realms[0].api_keys[0].digest",
    "realms[0].api_keys[1].digest",
  ]);
  const text = [...exampleKeys].reduce((text, key) => text.replace(key, `${key.slice(1, 43)}A=`), read(path));
  const own = text.replace(/sha256:(.)(.)/g, "sha256:$2$1");
  const readFile = (): string => own;
  expect(loadConfiguration({ environment: { REKEY_CONFIG_FILE: path }, readFile }).kind).toBe("valid");
});

test("the example for a demo starts", () => {
  const environment = { REKEY_CONFIG_FILE: "docs/examples/demo.yaml" };
  expect(loadConfiguration({ environment, readFile: read }).kind).toBe("valid");
});
