// Where does the product live during a benchmark? In a directory of its own: production settings, own keys, all users.

import { randomBytes } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { openDirectory } from "../src/directory/open-directory.ts";
import { digestApiKey, makeApiKey } from "../src/reset/api-key.ts";
import { openDatabase } from "../src/sqlite/database.ts";
import type { Limit } from "../src/throttle/limits.ts";
import { callerId, limits, realmId, userIds } from "./scenario.ts";

export type ProductHome = { readonly configFile: string; readonly apiKey: string };

/** Without `redis` in the settings codes rest in the directory's file. `realm` adds to the one realm. */
export async function makeProductHome(
  directory: string,
  more: object = {},
  realm: object = {},
  users: readonly string[] = userIds,
): Promise<ProductHome> {
  mkdirSync(directory, { recursive: true });
  await createUsers(join(directory, "rekey.db"), users);
  const apiKey = makeApiKey(callerId);
  const configFile = join(directory, "rekey.yaml");
  const settings = {
    mode: "production",
    data_dir: directory,
    listen: { host: "127.0.0.1", port: 0 },
    ...more,
    keys: { names: secret(), codes: [{ id: 1, secret: secret() }] },
    realms: [
      {
        ...realm,
        id: realmId,
        api_keys: [
          {
            id: callerId,
            digest: `sha256:${digestApiKey(apiKey)}`,
            permissions: ["password.return_code", "password.set_with_code", "password.set"],
          },
        ],
        limits: {
          return_code: Object.fromEntries(
            Object.entries(limits.return_code).map(([party, limit]) => [party, written(limit)]),
          ),
        },
      },
    ],
  };
  // Every JSON text is YAML.
  writeFileSync(configFile, JSON.stringify(settings, undefined, 2));
  return { configFile, apiKey };
}

function secret(): string {
  return randomBytes(32).toString("base64");
}

function written({ max, windowMs }: Limit): { max: number; window: string } {
  return { max, window: `${windowMs / 1000}s` };
}

/** So many at a time: the write-ahead log holds what one transaction wrote. */
const copiesPerTransaction = 50_000;

/** The first as the product makes a user; the others are its row with their id in the place of its own: a million in 15 s. */
async function createUsers(path: string, [first = "", ...others]: readonly string[]): Promise<void> {
  const database = openDatabase(path);
  const { sqlite } = database;
  // Nobody needs these users after a power cut.
  sqlite.exec("PRAGMA synchronous = OFF");
  const directory = await openDirectory({ kind: "embedded", database });
  await directory.create({
    id: first,
    realmId,
    organizationId: realmId,
    userName: `${first}@example.org`,
    displayName: `User ${first}`,
    email: { address: `${first}@example.org`, verified: true },
    preferredLanguage: "en",
    state: "active",
    now: Date.now(),
  });
  const columns = sqlite.prepare("PRAGMA table_info(directory_users)").all();
  const copies = columns.map(({ name, type }) => (type === "TEXT" ? `replace(${String(name)}, $first, $id)` : name));
  const copy = sqlite.prepare(
    `INSERT INTO directory_users SELECT ${copies.join()} FROM directory_users WHERE realm_id = $realm AND user_id = $first`,
  );
  for (let at = 0; at < others.length; at += copiesPerTransaction) {
    database.transaction(() => {
      for (const id of others.slice(at, at + copiesPerTransaction)) copy.run({ realm: realmId, first, id });
    });
  }
  database.close();
}
