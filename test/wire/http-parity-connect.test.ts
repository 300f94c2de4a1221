// Do the two ways of a Connect call answer alike? Every case is asked of both, over both versions of HTTP, as JSON and in binary.

import { once } from "node:events";
import { gzipSync } from "node:zlib";

import { create, toBinary } from "@bufbuild/protobuf";
import type { ConnectError } from "@connectrpc/connect";
import { Code } from "@connectrpc/connect";
import { expect, test } from "vitest";

import { GetUserRequestSchema } from "../../gen/rekey/v1/user_service_pb.ts";
import { ask, askBothWays, type Asking, breakOff, openWay } from "../support/ask-both-ways.ts";

const json = "application/json";
const proto = "application/proto";
type Type = typeof json | typeof proto;

type Case = {
  readonly name: string;
  /** Which way it goes when both are open. */
  readonly way: "fast" | "ordinary";
  readonly status: number;
  /** Where JSON is answered otherwise. */
  readonly asJson?: number;
  readonly user?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Buffer;
  readonly method?: string;
  readonly query?: string;
  /** Without its length. */
  readonly isOpenEnded?: boolean;
};

const cases: readonly Case[] = [
  { name: "a call", way: "fast", status: 200 },
  { name: "what a handler sees", way: "fast", status: 200, user: "context", headers: { "x-told": "a" } },
  { name: "metadata both ways", way: "fast", status: 200, user: "answer", headers: { told: "1", "told-bin": "AAH/" } },
  { name: "an interceptor's own answer", way: "fast", status: 200, user: "answer", headers: { meddle: "yes" } },
  { name: "an empty answer", way: "fast", status: 200, user: "nothing" },
  { name: "an empty body", way: "fast", status: 200, asJson: 400, body: Buffer.of() },
  { name: "broken bytes", way: "fast", status: 500, asJson: 400, body: Buffer.from('{"userId":7') },
  { name: "an error with details and metadata", way: "fast", status: 400, user: "refuse:wrong, 2/3 left? 50%" },
  { name: "an error in another script", way: "fast", status: 400, user: "refuse:ключ 🔑\n" },
  { name: "an error without words", way: "fast", status: 400, user: "refuse:" },
  { name: "an error after metadata", way: "fast", status: 500, user: "fault", headers: { "x-told": "a" } },
  { name: "a fault in the gate", way: "fast", status: 500, headers: { gate: "fault" } },
  { name: "a closed gate", way: "fast", status: 401, headers: { gate: "closed" } },
  { name: "an edge that is off", way: "fast", status: 404, headers: { gate: "off" } },
  { name: "an answer at its bound", way: "fast", status: 200, user: "long:2900" },
  { name: "an answer over its bound", way: "fast", status: 429, user: "long:3100" },
  { name: "a message that cannot be written", way: "fast", status: 500, asJson: 200, user: "unwritable" },
  { name: "a deadline", way: "fast", status: 200, headers: { "connect-timeout-ms": "50000" } },
  { name: "a deadline that passes", way: "fast", status: 504, user: "stuck", headers: { "connect-timeout-ms": "30" } },
  { name: "a deadline that is over", way: "fast", status: 504, user: "stuck", headers: { "connect-timeout-ms": "0" } },
  { name: "a deadline over the bound", way: "ordinary", status: 400, headers: { "connect-timeout-ms": "60001" } },
  { name: "a broken deadline", way: "ordinary", status: 400, headers: { "connect-timeout-ms": "soon" } },
  {
    name: "a packed answer",
    way: "fast",
    status: 200,
    user: "long:2000",
    headers: { "accept-encoding": "br;q=0.1, gzip" },
  },
  { name: "a small answer that may be packed", way: "fast", status: 200, headers: { "accept-encoding": "gzip" } },
  {
    name: "an error that may be packed",
    way: "fast",
    status: 400,
    user: `refuse:${"x".repeat(1500)}`,
    headers: { "accept-encoding": "gzip" },
  },
  {
    name: "an answer in no known packing",
    way: "fast",
    status: 200,
    user: "long:2000",
    headers: { "accept-encoding": "zstd" },
  },
  { name: "a protocol version", way: "fast", status: 200, headers: { "connect-protocol-version": "1" } },
  { name: "a page's call", way: "fast", status: 200, headers: { origin: "https://app.example.org" } },
  { name: "a message over its bound", way: "ordinary", status: 429, user: "x".repeat(2001) },
  { name: "a message of unknown length", way: "fast", status: 200, isOpenEnded: true },
  {
    name: "a message of unknown length over its bound",
    way: "ordinary",
    status: 429,
    user: "x".repeat(2001),
    isOpenEnded: true,
  },
  { name: "a packing that nobody knows", way: "ordinary", status: 501, headers: { "content-encoding": "zstd" } },
  {
    name: "a longer content type",
    way: "ordinary",
    status: 200,
    headers: { "content-type": "application/json; charset=utf-8" },
    body: Buffer.from('{"userId":"ann"}'),
  },
  { name: "a foreign content type", way: "ordinary", status: 415, headers: { "content-type": "text/plain" } },
  { name: "another method", way: "ordinary", status: 405, method: "PUT" },
  {
    name: "a packed message",
    way: "ordinary",
    status: 500,
    asJson: 200,
    headers: { "content-encoding": "gzip" },
    body: gzipSync('{"userId":"ann"}'),
  },
  { name: "a query", way: "ordinary", status: 200, query: "?x=1" },
];

const ways = [1, 2].flatMap((version) => [json, proto].map((type) => ({ version, type: type as Type })));

test.each(cases.flatMap((one) => ways.map((way) => ({ ...one, ...way, label: `${one.name}, ${way.type}` }))))(
  "$label over HTTP/$version is answered alike, $way: $status",
  async ({ version, type, way, ...one }) => {
    const answer = await askBothWays(asking(one, type), version, way);
    expect(answer.status).toBe(type === json ? (one.asJson ?? one.status) : one.status);
  },
);

test.each([1, 2])("a client that leaves aborts the call's signal, over HTTP/%s", async (version) => {
  const { edge, seen } = await openWay(true);
  const { leave } = ask(edge, asking({ user: "stuck" }, json), version);
  await expect.poll(() => seen.signals.length).toBe(1);
  const [signal] = seen.signals as [AbortSignal];
  expect(signal.aborted).toBe(false);
  const aborted = once(signal, "abort");
  leave();
  await aborted;
  expect((signal.reason as ConnectError).code).toBe(Code.Canceled);
  expect(edge.faults).toEqual([]);
});

test.each(ways)("a message without its end is no call, $type over HTTP/$version", async ({ version, type }) => {
  const { edge, seen } = await openWay(true);
  await breakOff(edge, asking({}, type), version);
  await ask(edge, asking({ user: "bob" }, type), version).answer;
  expect(seen.calls).toEqual(["bob"]);
  expect(edge.faults).toEqual([]);
});

function asking({ user = "ann", headers, ...one }: Partial<Case>, type: Type): Asking {
  const body = type === json ? Buffer.from(JSON.stringify({ userId: user })) : inBinary(user);
  return { body, ...one, headers: { "content-type": type, ...headers } };
}

function inBinary(userId: string): Buffer {
  return Buffer.from(toBinary(GetUserRequestSchema, create(GetUserRequestSchema, { userId })));
}
