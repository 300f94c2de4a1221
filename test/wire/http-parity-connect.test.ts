// Do the two ways of a Connect call answer alike? Every case is asked of both, over both versions of HTTP, as JSON and in binary.

import { once } from "node:events";
import http from "node:http";
import http2, { type IncomingHttpHeaders } from "node:http2";
import { gzipSync } from "node:zlib";

import { create, toBinary } from "@bufbuild/protobuf";
import type { ConnectError } from "@connectrpc/connect";
import { Code } from "@connectrpc/connect";
import { expect, onTestFinished, test } from "vitest";

import { GetUserRequestSchema } from "../../gen/rekey/v1/user_service_pb.ts";
import { parityUsers, type Seen } from "../support/parity-users.ts";
import { type Edge, startEdge } from "../support/start-edge.ts";

const path = "/rekey.v1.UserService/GetUser";
const limits = { readMaxBytes: 2000, writeMaxBytes: 3000, maxTimeoutMs: 60_000 };
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
  { name: "a message of unknown length", way: "ordinary", status: 200, isOpenEnded: true },
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
  { name: "a query", way: "ordinary", status: 200, query: "?x=1" },
];

const ways = [1, 2].flatMap((version) => [json, proto].map((type) => ({ version, type: type as Type })));

test.each(cases.flatMap((one) => ways.map((way) => ({ ...one, ...way, label: `${one.name}, ${way.type}` }))))(
  "$label over HTTP/$version is answered alike, $way: $status",
  async ({ version, type, ...one }) => {
    const [short, long] = [await openWay(true), await openWay(false)];
    const [taken, plain] = [await call(short.edge, one, type, version), await call(long.edge, one, type, version)];
    expect(taken).toEqual(plain);
    expect(plain.status).toBe(type === json ? (one.asJson ?? one.status) : one.status);
    expect(short.seen.calls).toEqual(long.seen.calls);
    expect(short.edge.faults.map(({ cause }) => String(cause))).toEqual(
      long.edge.faults.map(({ cause }) => String(cause)),
    );
    expect(short.edge.ordinaryRequests()).toBe(one.way === "fast" ? 0 : 1);
  },
);

test("a packed message goes the ordinary way, and is answered alike", async () => {
  const one: Case = {
    name: "",
    way: "ordinary",
    status: 200,
    headers: { "content-encoding": "gzip" },
    body: gzipSync('{"userId":"ann"}'),
  };
  const [short, long] = [await openWay(true), await openWay(false)];
  expect(await call(short.edge, one, json, 1)).toEqual(await call(long.edge, one, json, 1));
  expect(short.seen.calls).toEqual(["ann"]);
});

test.each([1, 2])("a client that leaves aborts the call's signal, over HTTP/%s", async (version) => {
  const { edge, seen } = await openWay(true);
  const leave = start(edge, { name: "", way: "fast", status: 200, user: "stuck" }, json, version).leave;
  await expect.poll(() => seen.signals.length).toBe(1);
  const [signal] = seen.signals as [AbortSignal];
  expect(signal.aborted).toBe(false);
  const aborted = once(signal, "abort");
  leave();
  await aborted;
  expect((signal.reason as ConnectError).code).toBe(Code.Canceled);
  expect(edge.faults).toEqual([]);
});

async function openWay(fastPath: boolean) {
  const seen: Seen = { signals: [], calls: [] };
  const application = { allowedOrigins: ["https://app.example.org"] };
  return { seen, edge: await startEdge({ served: [parityUsers(seen)], rpc: limits, fastPath, application }) };
}

type Answer = { readonly status: number; readonly header: Readonly<Record<string, unknown>>; readonly body: string };

async function call(edge: Edge, one: Case, type: Type, version: number): Promise<Answer> {
  return await start(edge, one, type, version).answer;
}

function start(edge: Edge, one: Case, type: Type, version: number) {
  const { method = "POST", query = "", user = "ann", isOpenEnded = false } = one;
  const written = type === json ? Buffer.from(JSON.stringify({ userId: user })) : inBinary(user);
  const body = one.body ?? written;
  const length = isOpenEnded ? {} : { "content-length": String(body.byteLength) };
  const headers = { "content-type": type, ...length, "accept-encoding": "identity", ...one.headers };
  if (version === 1) {
    const request = http.request(edge.url + path + query, { method, headers, agent: false });
    request.on("error", () => undefined);
    if (isOpenEnded) request.write(body.subarray(0, 1));
    request.end(isOpenEnded ? body.subarray(1) : body);
    const answer = once(request, "response").then(([response]: http.IncomingMessage[]) =>
      answered(response as http.IncomingMessage, response?.statusCode ?? 0, response?.headers ?? {}),
    );
    answer.catch(() => undefined);
    return { answer, leave: () => request.destroy() };
  }
  const session = http2.connect(edge.url).on("error", () => undefined);
  onTestFinished(() => session.destroy());
  const stream = session.request({ ":method": method, ":path": path + query, ...headers }).on("error", () => undefined);
  stream.end(body);
  const answer = once(stream, "response").then(([fields]: IncomingHttpHeaders[]) =>
    answered(stream, Number(fields?.[":status"]), fields ?? {}),
  );
  return { answer, leave: () => stream.close(http2.constants.NGHTTP2_CANCEL) };
}

async function answered(stream: NodeJS.ReadableStream, status: number, fields: IncomingHttpHeaders): Promise<Answer> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk as Buffer);
  // What is new in every answer.
  const header = { ...fields, date: "now", "x-request-id": "a new one" };
  return { status, header, body: Buffer.concat(chunks).toString("latin1") };
}

function inBinary(userId: string): Buffer {
  return Buffer.from(toBinary(GetUserRequestSchema, create(GetUserRequestSchema, { userId })));
}
