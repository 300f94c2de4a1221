// How does a real database fail at one moment and not at another? By a trigger that refuses one kind of write.

import type { Database } from "../../src/sqlite/database.ts";

let names = 0;

/**
 * While `act` runs, each `write` ("UPDATE OF claim_id ON accounts") fails as on a broken disk, or, with "ignored", finds
 * its row as if another process had been faster.
 */
export async function whileWritesAre<T>(
  manner: "refused" | "ignored",
  write: string,
  { sqlite }: Database,
  act: () => Promise<T>,
): Promise<T> {
  names += 1;
  const name = `refused_${names}`;
  const end = manner === "refused" ? "RAISE(ABORT, 'the disk is broken')" : "RAISE(IGNORE)";
  sqlite.exec(`CREATE TRIGGER ${name} BEFORE ${write} BEGIN SELECT ${end}; END`);
  try {
    return await act();
  } finally {
    sqlite.exec(`DROP TRIGGER ${name}`);
  }
}
