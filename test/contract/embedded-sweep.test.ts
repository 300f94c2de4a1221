// Does the file stay small? What is over goes away with the writes that come later.

import { expect, test } from "vitest";

import { openCodeStore } from "../../src/codes/open-code-store.ts";
import { openDatabase } from "../../src/sqlite/database.ts";
import { hour, minute } from "../../src/units.ts";

const start = 1_800_000_000_000;
const code = { keyId: 1, digest: Buffer.from("right code......").toString("base64url") };

// Guard: ASVS 5.0 14.2.7.
test("rows of the past go with later writes, rows that matter stay", async () => {
  const database = openDatabase(":memory:");
  const store = await openCodeStore({ kind: "embedded", database });
  const rows = (table: string) => database.sqlite.prepare(`SELECT count(*) AS n FROM ${table}`).get()?.["n"];
  const issue = (subject: string, now: number) =>
    store.issue({
      realmId: "sweep",
      subject,
      now,
      code,
      expiresAt: now + 10 * minute,
      rememberMs: hour,
      passwordVersion: 0,
      charges: [{ limit: "caller", counter: subject, max: 10, windowMs: minute }],
    });

  for (let i = 0; i < 100; i += 1) await issue(`old ${i}`, start);
  expect([rows("accounts"), rows("counters")]).toEqual([100, 100]);
  const later = start + 70 * minute;
  for (let i = 0; i < 60; i += 1) await issue(`new ${i}`, later);
  expect([rows("accounts"), rows("counters")]).toEqual([60, 60]);
  database.close();
});
