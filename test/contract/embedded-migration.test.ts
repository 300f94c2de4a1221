// Does a file of an older version go on working? What was issued before is redeemed after.

import { expect, test } from "vitest";

import { openCodeStore } from "../../src/codes/open-code-store.ts";
import { openDatabase } from "../../src/sqlite/database.ts";
import { hour, minute } from "../../src/units.ts";

const start = 1_800_000_000_000;
const end = start + 10 * minute;
const code = { keyId: 1, digest: Buffer.from("right code......").toString("base64url") };
const newer = { keyId: 1, digest: Buffer.from("newer code......").toString("base64url") };

/** The table as the first version made it. */
const firstStep = `CREATE TABLE accounts (
     realm_id TEXT NOT NULL,
     subject TEXT NOT NULL,
     sequence INTEGER NOT NULL,
     returned_count INTEGER NOT NULL, returned_ends_at INTEGER NOT NULL,
     sent_count INTEGER NOT NULL, sent_ends_at INTEGER NOT NULL,
     guesses_count INTEGER NOT NULL, guesses_ends_at INTEGER NOT NULL,
     key_id INTEGER,
     code_digest TEXT,
     token_digest TEXT,
     expires_at INTEGER,
     remembered_until INTEGER,
     password_version INTEGER,
     tries INTEGER,
     used INTEGER,
     claim_id TEXT,
     claimed_until INTEGER,
     keep_until INTEGER NOT NULL,
     PRIMARY KEY (realm_id, subject)
   ) STRICT, WITHOUT ROWID;
   CREATE INDEX accounts_by_end ON accounts (keep_until);`;

test("a code of the first version is good to its end, and is known as replaced by a newer one", async () => {
  const database = openDatabase(":memory:");
  database.migrate("codes", [firstStep]);
  const insert = database.sqlite.prepare(
    `INSERT INTO accounts VALUES ('old', ?, ${start}, 0, 0, 0, 0, 0, 0,
       ?, ?, NULL, ?, ?, 7, 0, ?, NULL, NULL, ${end + hour})`,
  );
  insert.run("ann", code.keyId, code.digest, end, end + hour, 0);
  insert.run("bob", null, null, null, null, null);

  const store = await openCodeStore({ kind: "embedded", database });
  const check = (subject: string, now: number) =>
    store.check({
      realmId: "old",
      subject,
      now,
      secretKind: "code",
      candidates: [code],
      maxTries: 5,
      charges: [],
    });
  expect(await check("ann", end - 1)).toEqual({ kind: "good", passwordVersion: 7, expiresAt: end });
  expect(await check("ann", end)).toEqual({ kind: "expired", matched: true });
  expect(await check("bob", start)).toEqual({ kind: "absent" });
  await store.issue({
    realmId: "old",
    subject: "ann",
    now: start + 1,
    code: newer,
    expiresAt: end,
    rememberMs: hour,
    passwordVersion: 7,
    charges: [],
  });
  expect(await check("ann", start + 2)).toEqual({ kind: "superseded" });
  const veto = { now: start + 3, provenAt: start, blockedUntil: start + hour, rememberMs: hour };
  expect(await store.veto({ realmId: "old", subject: "bob", ...veto })).toMatchObject({ vetoedAt: start + 3 });
  database.close();
});
