// How does an account's record rest in the database file? One row each, swept up when nothing in it matters any more.

import type { Database } from "../../sqlite/database.ts";
import type { Instant } from "../../units.ts";
import type { SubjectKey } from "../code-store.ts";
import { accountColumns, accountIn, type AccountRow, rowOf } from "./account-row.ts";
import { unknownAccount, type Account } from "./account.ts";

const steps = [
  `CREATE TABLE accounts (
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
   CREATE INDEX accounts_by_end ON accounts (keep_until);`,
  `ALTER TABLE accounts ADD COLUMN code_expires_at INTEGER;
   ALTER TABLE accounts ADD COLUMN previous_key_id INTEGER;
   ALTER TABLE accounts ADD COLUMN previous_code_digest TEXT;
   ALTER TABLE accounts ADD COLUMN previous_token_digest TEXT;`,
  `ALTER TABLE accounts ADD COLUMN vetoed_at INTEGER;
   ALTER TABLE accounts ADD COLUMN blocked_until INTEGER;
   ALTER TABLE accounts ADD COLUMN veto_remembered_until INTEGER;`,
];

/** How many rows of the past go with each row that is written: more than it adds, so the table never just grows. */
const sweptPerSave = 2;

export type AccountTable = {
  /** The account as it is at `now`, without what is over by then. */
  load(key: SubjectKey, now: Instant): Account;
  save(key: SubjectKey, account: Account, now: Instant): void;
  release(key: SubjectKey, claimId: string): void;
};

/** Every function belongs into an open transaction. */
export function accountTable(database: Database): AccountTable {
  database.migrate("codes", steps);
  const select = database.sqlite.prepare(`SELECT ${accountColumns} FROM accounts WHERE realm_id = ? AND subject = ?`);
  select.setReturnArrays(true);
  const replace = database.sqlite.prepare(
    `INSERT OR REPLACE INTO accounts (realm_id, subject, ${accountColumns})
     VALUES (?, ?, ${accountColumns.replaceAll(/\w+/g, "?")})`,
  );
  const release = database.sqlite.prepare(
    `UPDATE accounts SET claim_id = NULL, claimed_until = NULL WHERE realm_id = ? AND subject = ? AND claim_id = ?`,
  );
  const sweep = database.sqlite.prepare(
    `DELETE FROM accounts WHERE (realm_id, subject) IN
       (SELECT realm_id, subject FROM accounts WHERE keep_until <= ? ORDER BY keep_until LIMIT ${sweptPerSave})`,
  );

  return {
    load({ realmId, subject }, now) {
      const row = select.get(realmId, subject) as unknown as AccountRow | undefined;
      return row === undefined ? unknownAccount : accountIn(row, now);
    },

    save({ realmId, subject }, account, now) {
      sweep.run(now);
      replace.run(realmId, subject, ...rowOf(account));
    },

    release({ realmId, subject }, claimId) {
      release.run(realmId, subject, claimId);
    },
  };
}
