// Does every directory that Rekey writes to keep its promise?

import { spawn } from "node:child_process";
import { mkdtemp, readdir, readFile, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

import { expect, onTestFinished, test } from "vitest";

import type { PasswordChange, PasswordChangeOutcome } from "../../src/directory/directory.ts";
import { openDirectory } from "../../src/directory/open-directory.ts";
import { type Database, openDatabase } from "../../src/sqlite/database.ts";
import { runPasted } from "../support/run-command.ts";
import { directoryContract } from "./directory.contract.ts";

const processes = 4;

directoryContract("a file", async () => {
  const folder = await mkdtemp(join(tmpdir(), "rekey-directory-"));
  const path = join(folder, "rekey.db");
  let database = openDatabase(path);
  return {
    directory: await openDirectory({ kind: "embedded", database }),
    async reopen() {
      database.close();
      database = openDatabase(path);
      return openDirectory({ kind: "embedded", database });
    },
    changeFromElsewhere: (changes) => raceInProcesses(path, changes),
    async close() {
      database.close();
      await rm(folder, { recursive: true });
    },
  };
});

/** Deals the changes to the processes, gives the word when all are ready, and puts the outcomes back in order. */
async function raceInProcesses(
  path: string,
  changes: readonly PasswordChange[],
): Promise<readonly PasswordChangeOutcome["kind"][]> {
  const script = fileURLToPath(new URL("../support/change-passwords.ts", import.meta.url));
  const racers = Array.from({ length: processes }, (_, racer) => {
    const dealt = changes.filter((__, index) => index % processes === racer);
    const child = spawn(process.execPath, [script, path, JSON.stringify(dealt)], {
      stdio: ["pipe", "pipe", "inherit"],
    });
    return { child, lines: createInterface({ input: child.stdout })[Symbol.asyncIterator]() };
  });
  for (const { lines } of racers) expect((await lines.next()).value).toBe("ready");
  for (const { child } of racers) child.stdin.end("go\n");
  const outcomes = await Promise.all(
    racers.map(async ({ lines }) => JSON.parse((await lines.next()).value ?? "[]") as PasswordChangeOutcome["kind"][]),
  );
  return changes.map((_, index) => outcomes[index % processes]![Math.floor(index / processes)]!);
}

/** Which of the marks are somewhere in the files of the folder. */
async function marksIn(folder: string): Promise<ReadonlySet<string>> {
  const files = await Promise.all((await readdir(folder)).map((file) => readFile(join(folder, file), "latin1")));
  return marksOf(files.join(""));
}

function marksOf(text: string): ReadonlySet<string> {
  return new Set(text.match(/trace\d+x/gi)?.map((mark) => mark.toLowerCase()));
}

/** As docs/operations.md tells an operator to do it. */
async function vacuum(path: string): Promise<void> {
  const [, command = ""] =
    /```sh\n(npx node -e .*? )rekey\.db\n```/s.exec(await readFile("docs/operations.md", "utf8")) ?? [];
  expect((await runPasted(command + path)).code).toBe(0);
}

/** npm takes a while to find Node on a busy machine. */
const vacuumTimeoutMs = 60_000;

// Which rows SQLite moves between pages, and so leaves a copy of, depends on their lengths: one length proves nothing.
const lengths = Array.from({ length: 6 }, (_, index) => 1 + index * 3);

test.each(lengths)(
  "no row or log holds a deleted user, and after VACUUM no free space either: rows %i longer",
  { timeout: vacuumTimeoutMs },
  async (longer) => {
    const folder = await mkdtemp(join(tmpdir(), "rekey-directory-"));
    onTestFinished(async () => await rm(folder, { recursive: true }));
    const path = join(folder, "rekey.db");
    const database = openDatabase(path);
    // Enough users for the tables and indexes to split and join their pages, with rows of many lengths.
    const marks = Array.from({ length: 120 }, (_, index) => `trace${index}x`);
    const directory = await fill(database, marks, "o".repeat(longer));
    expect(await marksIn(folder)).toEqual(new Set(marks));

    const kept = marks.filter((_, index) => index % 3 === 0);
    for (const mark of marks.filter((_, index) => index % 3 !== 0)) {
      expect((await directory.delete("r", mark, 3)).kind).toBe("deleted");
    }
    expect((await stat(`${path}-wal`)).size).toBe(0);
    const tables = ["directory_users", "directory_password_hashes"];
    const rows = tables.map((table) => database.sqlite.prepare(`SELECT * FROM ${table}`).all());
    expect(marksOf(JSON.stringify(rows))).toEqual(new Set(kept));

    await vacuum(path);
    expect(await marksIn(folder)).toEqual(new Set(kept));
    database.close();
  },
);

async function fill(database: Database, marks: readonly string[], organizationId: string) {
  const directory = await openDirectory({ kind: "embedded", database });
  for (const [index, mark] of marks.entries()) {
    await directory.create({
      id: mark,
      realmId: "r",
      organizationId,
      userName: mark.toUpperCase(),
      displayName: `${mark}${" ".repeat((index * 37) % 900)}${mark}`,
      email: { address: `${mark}@example.org`, verified: true },
      preferredLanguage: "",
      state: "active",
      now: 1,
      password: { hash: `${mark}${"h".repeat(90)}`, changeRequired: false },
    });
    await directory.changePassword({
      realmId: "r",
      userId: mark,
      now: 2,
      hash: `${mark}${"i".repeat(90)}`,
      changeRequired: false,
      expectedVersion: 1,
      endSessions: false,
    });
  }
  return directory;
}
