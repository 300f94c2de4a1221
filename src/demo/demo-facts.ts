// What does a newcomer need to know to try a call? The demo's facts, kept in demo.json for people and for scripts.

import { randomBytes } from "node:crypto";
import { existsSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { makeApiKey } from "../reset/api-key.ts";

/** The names are those of the file. */
export type DemoFacts = {
  /** Where the service listens, as a URL. */
  readonly address: string;
  readonly realm_id: string;
  readonly organization_id: string;
  readonly user_id: string;
  readonly login_name: string;
  readonly email: string;
  /** The user's first password; whoever changed it since knows the new one. */
  readonly password: string;
  /** Has every permission. */
  readonly api_key: string;
};

/** Reads the facts of an earlier start, or makes new ones. */
export function demoFacts(dataDir: string): { readonly facts: Omit<DemoFacts, "address">; readonly isNew: boolean } {
  const path = join(dataDir, "demo.json");
  if (existsSync(path)) return { facts: JSON.parse(readFileSync(path, "utf8")) as DemoFacts, isNew: false };
  const facts = {
    realm_id: "demo",
    organization_id: "demo-org",
    user_id: "demo-user",
    login_name: "demo",
    email: "demo@example.com",
    password: `First-${randomBytes(9).toString("base64url")}-1`,
    api_key: makeApiKey("demo"),
  };
  return { facts, isNew: true };
}

/** Writes demo.json, whole or not at all, for its owner only. */
export function keepDemoFacts(dataDir: string, facts: DemoFacts): void {
  keepPrivate(join(dataDir, "demo.json"), facts);
}

export function keepPrivate(path: string, content: object): void {
  writeFileSync(`${path}.new`, `${JSON.stringify(content, null, 2)}\n`, { mode: 0o600 });
  renameSync(`${path}.new`, path);
}
