// Does a packed command say what the driver's own says? The same bytes, whatever its arguments.

import { randomBytes } from "node:crypto";
import { Command } from "ioredis";
import { expect, test } from "vitest";

import { packedCommandOf } from "../../src/redis/packed-command.ts";

const PackedCommand = packedCommandOf({ Command });
const socket = {};

test.each([
  ["text and numbers", ["0123abcd", 2, "rekey:{acme}:c:key", 1790000000123, ""]],
  ["bytes between texts", ["key", randomBytes(16), "between", randomBytes(16), 5]],
  ["bytes at the end", [Buffer.from("a\r\n$3\r\n")]],
  ["bytes one after the other, and none", [randomBytes(3), Buffer.of(), randomBytes(1)]],
  ["text of more bytes than units", ["naïve 日本語 🔑", randomBytes(2), "é"]],
  ["no argument", []],
  ["more than fits at once", ["x".repeat(30_000), randomBytes(70_000), "y".repeat(30_000)]],
])("%s", (_, args) => {
  const packed = new PackedCommand("evalsha", [...args]).toWritable(socket);
  expect(Buffer.from(packed as Buffer)).toEqual(
    Buffer.from(new Command("evalsha", [...args]).toWritable(socket) as Buffer),
  );
});

test("one command leaves another's bytes alone", () => {
  const first = new PackedCommand("evalsha", ["first", randomBytes(4)]).toWritable(socket) as Buffer;
  const copy = Buffer.from(first);
  new PackedCommand("evalsha", ["another", randomBytes(64)]).toWritable(socket);
  expect(first).toEqual(copy);
});
