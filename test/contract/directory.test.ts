// Does every directory that Rekey writes to keep its promise?

import { spawn } from "node:child_process";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

import { expect, test } from "vitest";

import type { PasswordChange, PasswordChangeOutcome } from "../../src/directory/directory.ts";
import { openDirectory } from "../../src/directory/open-directory.ts";
import { openDatabase } from "../../src/sqlite/database.ts";
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
  return new Set(
    files
      .join("")
      .match(/trace\d+x/gi)
      ?.map((mark) => mark.toLowerCase()),
  );
}

test("nothing of a deleted user is left in any file, nor in the write-ahead log", async () => {
  const folder = await mkdtemp(join(tmpdir(), "rekey-directory-"));
  const database = openDatabase(join(folder, "rekey.db"));
  const directory = await openDirectory({ kind: "embedded", database });
  // Enough users for the tables and indexes to split and join their pages, with rows of many lengths.
  const marks = Array.from({ length: 300 }, (_, index) => `trace${index}x`);
  for (const [index, mark] of marks.entries()) {
    await directory.create({
      id: mark,
      realmId: "r",
      organizationId: "o",
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
  expect(await marksIn(folder)).toEqual(new Set(marks));

  const kept = marks.filter((_, index) => index % 3 === 0);
  for (const mark of marks.filter((_, index) => index % 3 !== 0)) {
    expect((await directory.delete("r", mark, 3)).kind).toBe("deleted");
  }
  expect(await marksIn(folder)).toEqual(new Set(kept));

  for (const mark of kept) await directory.delete("r", mark, 3);
  expect(await marksIn(folder)).toEqual(new Set());
  database.close();
  expect(await marksIn(folder)).toEqual(new Set());
  await rm(folder, { recursive: true });
});
