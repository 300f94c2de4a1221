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

async function createUsers(path: string, users: readonly string[]): Promise<void> {
  const database = openDatabase(path);
  // Nobody needs these users after a power cut.
  database.sqlite.exec("PRAGMA synchronous = OFF");
  const directory = await openDirectory({ kind: "embedded", database });
  for (const id of users) {
    await directory.create({
      id,
      realmId,
      organizationId: realmId,
      userName: `${id}@example.org`,
      displayName: `User ${id}`,
      email: { address: `${id}@example.org`, verified: true },
      preferredLanguage: "en",
      state: "active",
      now: Date.now(),
    });
  }
  database.close();
}
