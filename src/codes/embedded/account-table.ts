// How does an account's record rest in the database file? One row each, swept up when nothing in it matters any more.

import type { SQLInputValue, SQLOutputValue } from "node:sqlite";

import type { Database } from "../../sqlite/database.ts";
import { none, type Counter } from "../../throttle/embedded/counter.ts";
import { minute, type Instant, type Milliseconds } from "../../units.ts";
import type { SubjectKey } from "../code-store.ts";
import { unknownAccount, type Account, type Challenge, type Secrets, type Veto } from "./account.ts";

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

const columns = `realm_id, subject, sequence,
  returned_count, returned_ends_at, sent_count, sent_ends_at, guesses_count, guesses_ends_at,
  key_id, code_digest, token_digest, expires_at, remembered_until, password_version, tries, used,
  claim_id, claimed_until, keep_until,
  code_expires_at, previous_key_id, previous_code_digest, previous_token_digest,
  vetoed_at, blocked_until, veto_remembered_until`;

/** A sequence matters until the time has passed it, on every clock. Clocks of processes differ by less than this. */
const sequenceKeptMs: Milliseconds = minute;

/** How many rows of the past go with each row that is written: more than it adds, so the table never just grows. */
const sweptPerSave = 2;

export type AccountTable = {
  /** The account as it is at `now`, without what is over by then. */
  load(key: SubjectKey, now: Instant): Account;
  save(key: SubjectKey, account: Account, now: Instant): void;
  release(key: SubjectKey, claimId: string): void;
};

type Row = Record<string, SQLOutputValue>;

/** Every function belongs into an open transaction. */
export function accountTable(database: Database): AccountTable {
  database.migrate("codes", steps);
  const select = database.sqlite.prepare("SELECT * FROM accounts WHERE realm_id = ? AND subject = ?");
  const replace = database.sqlite.prepare(
    `INSERT OR REPLACE INTO accounts (${columns}) VALUES (${columns.replaceAll(/\w+/g, ":$&")})`,
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
      const row = select.get(realmId, subject);
      return row === undefined ? unknownAccount : accountIn(row, now);
    },

    save(key, account, now) {
      sweep.run(now);
      replace.run(rowOf(key, account));
    },

    release({ realmId, subject }, claimId) {
      release.run(realmId, subject, claimId);
    },
  };
}

function rowOf({ realmId, subject }: SubjectKey, account: Account): Record<string, SQLInputValue> {
  const { sequence, returned, sent, guesses, challenge, veto } = account;
  return {
    realm_id: realmId,
    subject,
    sequence,
    returned_count: returned.count,
    returned_ends_at: returned.endsAt,
    sent_count: sent.count,
    sent_ends_at: sent.endsAt,
    guesses_count: guesses.count,
    guesses_ends_at: guesses.endsAt,
    key_id: challenge?.keyId ?? null,
    code_digest: challenge?.code ?? null,
    token_digest: challenge?.token ?? null,
    expires_at: challenge?.expiresAt ?? null,
    remembered_until: challenge?.rememberedUntil ?? null,
    password_version: challenge?.passwordVersion ?? null,
    tries: challenge?.tries ?? null,
    used: challenge === undefined ? null : Number(challenge.used),
    claim_id: challenge?.claim?.id ?? null,
    claimed_until: challenge?.claim?.until ?? null,
    keep_until: keepUntil(account),
    code_expires_at: challenge?.codeExpiresAt ?? null,
    previous_key_id: challenge?.previous?.keyId ?? null,
    previous_code_digest: challenge?.previous?.code ?? null,
    previous_token_digest: challenge?.previous?.token ?? null,
    vetoed_at: veto?.at ?? null,
    blocked_until: veto?.blockedUntil ?? null,
    veto_remembered_until: veto?.rememberedUntil ?? null,
  };
}

/** Nothing in the record matters any more then: no challenge, no veto, no window, no sequence. */
function keepUntil({ sequence, returned, sent, guesses, challenge, veto }: Account): Instant {
  const windows = [returned, sent, guesses].map(({ endsAt }) => endsAt);
  return Math.max(sequence + sequenceKeptMs, ...windows, challenge?.rememberedUntil ?? 0, veto?.rememberedUntil ?? 0);
}

function accountIn(row: Row, now: Instant): Account {
  const counter = (name: string): Counter => {
    const endsAt = Number(row[`${name}_ends_at`]);
    return endsAt > now ? { count: Number(row[`${name}_count`]), endsAt } : none;
  };
  const challenge = challengeIn(row);
  const veto = vetoIn(row);
  return {
    sequence: Number(row["sequence"]),
    returned: counter("returned"),
    sent: counter("sent"),
    guesses: counter("guesses"),
    challenge: challenge !== undefined && challenge.rememberedUntil > now ? challenge : undefined,
    veto: veto !== undefined && veto.rememberedUntil > now ? veto : undefined,
  };
}

function challengeIn(row: Row): Challenge | undefined {
  const secrets = secretsIn(row, "");
  if (secrets === undefined) return undefined;
  const claimId = textIn(row["claim_id"]);
  return {
    ...secrets,
    expiresAt: Number(row["expires_at"]),
    codeExpiresAt: Number(row["code_expires_at"] ?? row["expires_at"]),
    rememberedUntil: Number(row["remembered_until"]),
    passwordVersion: Number(row["password_version"]),
    tries: Number(row["tries"]),
    used: row["used"] === 1,
    claim: claimId === undefined ? undefined : { id: claimId, until: Number(row["claimed_until"]) },
    previous: secretsIn(row, "previous_"),
  };
}

function vetoIn(row: Row): Veto | undefined {
  if (row["vetoed_at"] === null) return undefined;
  return {
    at: Number(row["vetoed_at"]),
    blockedUntil: Number(row["blocked_until"]),
    rememberedUntil: Number(row["veto_remembered_until"]),
  };
}

function secretsIn(row: Row, prefix: "" | "previous_"): Secrets | undefined {
  const keyId = row[`${prefix}key_id`];
  if (keyId === null) return undefined;
  return {
    keyId: Number(keyId),
    code: textIn(row[`${prefix}code_digest`]),
    token: textIn(row[`${prefix}token_digest`]),
  };
}

function textIn(value: SQLOutputValue | undefined): string | undefined {
  return typeof value === "string" ? value : undefined;
}
