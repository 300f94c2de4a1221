// One process of a race over a file: opens it, waits for its calls, makes them all at once, tells the outcomes.

import { once } from "node:events";
import { createInterface } from "node:readline";

import { openCodeStore } from "../../src/codes/open-code-store.ts";
import { openDatabase } from "../../src/sqlite/database.ts";
import { callAll, type Call } from "./racers.ts";

const database = openDatabase(process.argv[2] ?? ":memory:");
const store = await openCodeStore({ kind: "embedded", database });
const lines = createInterface({ input: process.stdin });
lines.on("line", (line) => {
  void callAll(store, JSON.parse(line) as Call[]).then((outcomes) => console.log(JSON.stringify(outcomes)));
});
console.log("ready");
await once(lines, "close");
database.close();
