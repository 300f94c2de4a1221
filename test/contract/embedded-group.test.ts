// Do decisions that share a commit keep what each of them promises by itself?

import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { expect, onTestFinished, test } from "vitest";

import { Outage } from "../../src/outage.ts";
import { type Database, openDatabase } from "../../src/sqlite/database.ts";

/** A file with one table, and a second connection to it. */
function openFile() {
  const directory = mkdtempSync(join(tmpdir(), "rekey-group-"));
  const path = join(directory, "rekey.db");
  const database = openDatabase(path);
  const other = openDatabase(path);
  database.migrate("test", ["CREATE TABLE notes (number INTEGER PRIMARY KEY, text TEXT) STRICT"]);
  // Whatever is in the log from here on, the test wrote.
  database.sqlite.exec("PRAGMA wal_checkpoint(TRUNCATE)");
  onTestFinished(() => {
    if (database.sqlite.isOpen) database.close();
    other.close();
    rmSync(directory, { recursive: true });
  });
  return { database, other, commits: () => commitsIn(`${path}-wal`), write: writer(database) };
}

/** Spec: SQLite's file format, §4.1. A frame that ends a commit says how many pages the file has then. */
function commitsIn(log: string): number {
  const bytes = readFileSync(log);
  const [headBytes, frameHeadBytes, pageBytes] = [32, 24, bytes.length > 0 ? bytes.readUInt32BE(8) : 0];
  let commits = 0;
  for (let at = headBytes; at < bytes.length; at += frameHeadBytes + pageBytes) {
    if (bytes.readUInt32BE(at + 4) > 0) commits += 1;
  }
  return commits;
}

function writer({ sqlite }: Database) {
  const insert = sqlite.prepare("INSERT INTO notes VALUES (?, ?)");
  return (number: number) => insert.run(number, "a".repeat(100));
}

function numbersIn({ sqlite }: Database): number[] {
  const rows = sqlite.prepare("SELECT number FROM notes ORDER BY number").all();
  return rows.map(({ number }) => Number(number));
}

function upTo(count: number): number[] {
  return Array.from({ length: count }, (_, index) => index);
}

const outage: unknown = expect.any(Outage);

test("what is asked in one turn is one commit, and what is asked later is another", async () => {
  const { database, commits, write } = openFile();
  await Promise.all(upTo(20).map((number) => database.gathered(() => write(number))));
  expect(commits()).toBe(1);
  await database.gathered(() => write(20));
  expect(commits()).toBe(2);
});

test("nobody is answered before others can read what he wrote, and all that shared his commit", async () => {
  const { database, other, write } = openFile();
  const seen = upTo(3).map(async (number) => {
    await database.gathered(() => write(number));
    return numbersIn(other);
  });
  expect(await Promise.all(seen)).toEqual([upTo(3), upTo(3), upTo(3)]);
});

test("they run in the order of their arrival, and each sees what those before it wrote", async () => {
  const { database, write } = openFile();
  const order: number[] = [];
  const before = upTo(500).map((number) =>
    database.gathered(() => {
      order.push(number);
      write(number);
      return numbersIn(database).length;
    }),
  );
  expect(await Promise.all(before)).toEqual(upTo(501).slice(1));
  expect(order).toEqual(upTo(500));
});

test("a long line is several commits, between which the event loop goes on", async () => {
  const { database, commits, write } = openFile();
  let done = 0;
  const all = upTo(1000).map(async (number) => {
    await database.gathered(() => write(number));
    done += 1;
  });
  const doneAtTurns: number[] = [];
  const turn = () => {
    doneAtTurns.push(done);
    if (done < 1000) setImmediate(turn);
  };
  setImmediate(turn);
  await Promise.all(all);
  expect(commits()).toBeGreaterThan(5);
  expect(commits()).toBeLessThan(50);
  // The last one ends the test.
  expect(new Set(doneAtTurns).size).toBe(commits() - 1);
});

test("what throws undoes its own writes and nobody else's", async () => {
  const { database, write } = openFile();
  const fault = new TypeError("it is wrong");
  const ends = await Promise.allSettled([
    database.gathered(() => write(1)),
    database.gathered(() => {
      write(2);
      throw fault;
    }),
    database.gathered(() => {
      write(3);
      return write(1);
    }),
    database.gathered(() => write(4)),
  ]);
  const written = { status: "fulfilled", value: { changes: 1, lastInsertRowid: expect.any(Number) as number } };
  const rejected = (reason: unknown) => ({ status: "rejected", reason });
  expect(ends).toEqual([written, rejected(fault), rejected(outage), written]);
  expect(numbersIn(database)).toEqual([1, 4]);
});

test("a commit that fails is an outage for everybody, and nothing of it is kept", async () => {
  const { database, commits, write } = openFile();
  // What is checked at the commit only, and fails there.
  database.sqlite.exec("CREATE TABLE ends (number INTEGER REFERENCES notes DEFERRABLE INITIALLY DEFERRED) STRICT");
  const before = commits();
  const ends = await Promise.allSettled([
    database.gathered(() => write(1)),
    database.gathered(() => database.sqlite.exec("INSERT INTO ends VALUES (999)")),
    database.gathered(() => write(2)),
  ]);
  expect(ends).toEqual(ends.map(() => ({ status: "rejected", reason: outage })));
  expect(numbersIn(database)).toEqual([]);
  expect(commits()).toBe(before);
  await database.gathered(() => write(3));
  expect(numbersIn(database)).toEqual([3]);
});

test("while another process writes for longer than is waited, nothing runs and everybody hears of an outage", async () => {
  const { database, other, write } = openFile();
  database.sqlite.exec("PRAGMA busy_timeout = 20");
  other.sqlite.exec("BEGIN IMMEDIATE");
  let runs = 0;
  const counted = (number: number) => {
    runs += 1;
    return write(number);
  };
  const ends = await Promise.allSettled(upTo(3).map((number) => database.gathered(() => counted(number))));
  expect(ends).toEqual(ends.map(() => ({ status: "rejected", reason: outage })));
  expect(runs).toBe(0);
  other.sqlite.exec("ROLLBACK");
  await database.gathered(() => counted(7));
  expect(numbersIn(other)).toEqual([7]);
});

test("on a full disk who was answered is kept, and who was not is not", async () => {
  const { database, write } = openFile();
  database.sqlite.exec("PRAGMA max_page_count = 12");
  const ends = await Promise.allSettled(upTo(1000).map((number) => database.gathered(() => write(number))));
  const [kept, failed] = [ends.filter(isKept), ends.filter((end) => !isKept(end))];
  expect(kept.length).toBeGreaterThan(0);
  expect(failed.length).toBeGreaterThan(0);
  expect(failed).toEqual(failed.map(() => ({ status: "rejected", reason: outage })));
  expect(numbersIn(database)).toEqual(upTo(1000).filter((number) => isKept(ends[number])));
});

function isKept(end: PromiseSettledResult<unknown> | undefined): boolean {
  return end?.status === "fulfilled";
}

test("what waits when the file is closed is committed and answered, and what comes later is an outage", async () => {
  const { database, other, write } = openFile();
  const waiting = upTo(250).map((number) => database.gathered(() => write(number)));
  database.close();
  await Promise.all(waiting);
  expect(numbersIn(other)).toEqual(upTo(250));
  await expect(database.gathered(() => 1)).rejects.toEqual(outage);
});
