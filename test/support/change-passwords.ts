// One process of a race: opens the database file it is given, waits for the word, and changes passwords.

import { createInterface } from "node:readline";

import type { PasswordChange } from "../../src/directory/directory.ts";
import { openDirectory } from "../../src/directory/open-directory.ts";
import { openDatabase } from "../../src/sqlite/database.ts";

const [path = "", changes = "[]"] = process.argv.slice(2);
const database = openDatabase(path);
const directory = await openDirectory({ kind: "embedded", database });

process.stdout.write("ready\n");
for await (const _ of createInterface({ input: process.stdin })) break;

const outcomes = await Promise.all(
  (JSON.parse(changes) as PasswordChange[]).map((change) => directory.changePassword(change)),
);
process.stdout.write(`${JSON.stringify(outcomes.map((outcome) => outcome.kind))}\n`);
database.close();
