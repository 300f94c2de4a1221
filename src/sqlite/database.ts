// How do the embedded stores talk to their one file? Opens it durably, and keeps its tables up to date.

import { DatabaseSync } from "node:sqlite";

import { Outage } from "../outage.ts";
import { asOutage } from "./as-outage.ts";
import { groupCommit } from "./group-commit.ts";

/** One open database file, shared by every embedded store of the process. Other processes may have it open too. */
export type Database = {
  readonly sqlite: DatabaseSync;
  /** Runs reads of one statement outside of a transaction. A broken disk is an Outage. */
  read<T>(work: () => T): T;
  /** Runs `work` in one write transaction; a throw undoes everything. Not to be nested. A full or broken disk is an Outage. */
  transaction<T>(work: () => T): T;
  /**
   * As `transaction`, for what many callers ask at the same time: those of one turn of the event loop share a commit, and
   * each is answered after it. A throw undoes its own writes alone; an Outage of the commit is everybody's, and nothing
   * is kept. `work` is called later, so it looks at nothing that may have changed by then.
   */
  gathered<T>(work: () => T): Promise<T>;
  /**
   * Brings the tables of one room up to date. `steps` is the room's whole history, oldest first, never edited, only
   * added to; the steps that this file has not seen yet are run.
   */
  migrate(room: string, steps: readonly string[]): void;
  /** What waits for its commit gets it first. */
  close(): void;
};

/** How long a writer waits for another process's transaction before it gives up. */
const busyTimeoutMs = 5000;

/**
 * Opens or creates the file at `path` (":memory:" for tests that need no restart).
 * What was committed survives a killed process and a power cut (write-ahead log, synchronous FULL).
 */
export function openDatabase(path: string): Database {
  const sqlite = new DatabaseSync(path, { timeout: busyTimeoutMs });
  sqlite.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON;");
  // What is freed is written over. Copies of rows that SQLite had moved between pages may stay in a page's free part: only
  // VACUUM takes them away, which costs the whole file, so that it is an operator's to run, see docs/operations.md.
  sqlite.exec("PRAGMA secure_delete = ON;");
  sqlite.exec("CREATE TABLE IF NOT EXISTS migrations (room TEXT PRIMARY KEY, step INTEGER NOT NULL) STRICT");
  const begin = sqlite.prepare("BEGIN IMMEDIATE");
  const commit = sqlite.prepare("COMMIT");
  const rollback = sqlite.prepare("ROLLBACK");

  function transaction<T>(work: () => T): T {
    try {
      begin.run();
    } catch (cause) {
      throw new Outage("sqlite", { cause });
    }
    try {
      const result = work();
      commit.run();
      return result;
    } catch (cause) {
      if (sqlite.isTransaction) rollback.run();
      throw asOutage(cause);
    }
  }

  function migrate(room: string, steps: readonly string[]): void {
    transaction(() => {
      const row = sqlite.prepare("SELECT step FROM migrations WHERE room = ?").get(room);
      const done = row === undefined ? 0 : Number(row["step"]);
      for (const step of steps.slice(done)) sqlite.exec(step);
      sqlite
        .prepare(
          "INSERT INTO migrations (room, step) VALUES (?, ?) ON CONFLICT (room) DO UPDATE SET step = excluded.step",
        )
        .run(room, Math.max(done, steps.length));
    });
  }

  const { gathered, flush } = groupCommit(sqlite, transaction);

  function close(): void {
    flush();
    sqlite.close();
  }

  return { sqlite, read, transaction, gathered, migrate, close };
}

function read<T>(work: () => T): T {
  try {
    return work();
  } catch (cause) {
    throw asOutage(cause);
  }
}
