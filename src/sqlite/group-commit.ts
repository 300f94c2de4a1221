// How do many decisions cost one wait for the disk? Those that arrive in one turn of the event loop share a commit.
//
// The disk holds the event loop up while it writes: what arrives meanwhile is the next group. A group runs in one piece,
// so that nobody reads what may yet be undone, and nobody is answered before the commit.

import type { DatabaseSync } from "node:sqlite";

import { asOutage } from "./as-outage.ts";

export type GroupCommit = {
  /** Runs `work` with others in one write transaction, in the order of their arrival. See `Database.gathered`. */
  gathered<T>(work: () => T): Promise<T>;
  /** Commits at once what waits for its turn. */
  flush(): void;
};

/**
 * So many share a commit at most; the others wait until the event loop has been round once more. A decision takes 25 to
 * 50 µs, a commit 0.2 to 5 ms, as the disk is: with a hundred even a slow disk costs each no more than the decision
 * itself, and neither the loop nor another process that wants to write is held up for much more than 10 ms.
 */
const mostInOneCommit = 100;

/** Runs within the open transaction; what it returns tells the caller, after the commit. */
type Decision = { run(): () => void; reject(cause: unknown): void };

/** `transaction` is the database's own. */
export function groupCommit(sqlite: DatabaseSync, transaction: <T>(work: () => T) => T): GroupCommit {
  const savepoint = sqlite.prepare("SAVEPOINT decision");
  const undo = sqlite.prepare("ROLLBACK TO decision");
  const release = sqlite.prepare("RELEASE decision");
  const line: Decision[] = [];

  function commitGroup(): void {
    const group = line.splice(0, mostInOneCommit);
    if (line.length > 0) setImmediate(commitGroup);
    if (group.length === 0) return;
    try {
      const answers = transaction(() => group.map(runApart));
      for (const answer of answers) answer();
    } catch (cause) {
      for (const { reject } of group) reject(cause);
    }
  }

  /** A throw undoes this decision, and no other. */
  function runApart({ run, reject }: Decision): () => void {
    savepoint.run();
    try {
      const answer = run();
      release.run();
      return answer;
    } catch (cause) {
      // After some errors, as of a full disk, SQLite has undone the whole group.
      if (!sqlite.isTransaction) throw cause;
      undo.run();
      release.run();
      return () => reject(asOutage(cause));
    }
  }

  return {
    gathered<T>(work: () => T): Promise<T> {
      const { promise, resolve, reject } = Promise.withResolvers<T>();
      const run = () => {
        const result = work();
        return () => resolve(result);
      };
      if (line.length === 0) setImmediate(commitGroup);
      line.push({ run, reject });
      return promise;
    },

    flush() {
      while (line.length > 0) commitGroup();
    },
  };
}
