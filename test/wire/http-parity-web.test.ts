// Do the two ways of a gRPC-Web call answer alike? Every case is asked of both, over both versions of HTTP, in binary and base64.

import { once } from "node:events";
import { gzipSync } from "node:zlib";

import { create, toBinary } from "@bufbuild/protobuf";
import { Code, type ConnectError } from "@connectrpc/connect";
import { expect, test } from "vitest";

import { GetUserRequestSchema } from "../../gen/rekey/v1/user_service_pb.ts";
import {
  type Answer,
  ask,
  askBothWays,
  type Asking,
  breakOff,
  openWay,
  parityLimits,
} from "../support/ask-both-ways.ts";

const binary = "application/grpc-web+proto";
const text = "application/grpc-web-text+proto";

type Case = {
  readonly name: string;
  /** Which way it goes when both are open. */
  readonly way: "fast" | "ordinary";
  readonly status: Code | 0 | `HTTP ${number}`;
  readonly headers?: Readonly<Record<string, string>>;
  /** What is sent as it is, or in base64. */
  readonly body?: Buffer;
} & Pick<Asking, "method" | "query" | "isOpenEnded">;

const fast = (name: string, status: Case["status"], more: Partial<Case> = {}): Case => ({
  name,
  status,
  way: "fast",
  ...more,
});
const ordinary = (name: string, status: Case["status"], more: Partial<Case> = {}): Case => ({
  name,
  status,
  way: "ordinary",
  ...more,
});

const cases: readonly Case[] = [
  fast("a call", 0),
  fast("a message of unknown length, in pieces", 0, { isOpenEnded: true }),
  fast("an empty message", 0, { body: frame(Buffer.of()) }),
  fast("an empty answer", 0, { body: asked("nothing") }),
  fast("a page's call", 0, { headers: { origin: "https://app.example.org", "x-grpc-web": "1" } }),
  fast("a call of a page that may not", 0, { headers: { origin: "https://evil.example.org" } }),
  fast("what a handler sees", 0, {
    body: asked("context"),
    headers: { "x-told": "a", "accept-encoding": "gzip;q=0.1, br", "x-user-agent": "grpc-web-javascript/0.1" },
  }),
  fast("metadata both ways", 0, { body: asked("answer"), headers: { told: "1", "told-bin": "AAH/" } }),
  fast("an interceptor's own answer", 0, { body: asked("answer"), headers: { meddle: "yes" } }),
  fast("an error with details and metadata", Code.FailedPrecondition, { body: asked("refuse:wrong, 2/3 left? 50%") }),
  fast("an error in another script", Code.FailedPrecondition, { body: asked("refuse:ключ 🔑\n") }),
  fast("an error without words", Code.FailedPrecondition, { body: asked("refuse:") }),
  fast("a fault", Code.Internal, { body: asked("fault") }),
  fast("a fault in the gate", Code.Internal, { headers: { gate: "fault" } }),
  fast("a closed gate", Code.Unauthenticated, { headers: { gate: "closed" } }),
  fast("an edge that is off", Code.Unimplemented, { headers: { gate: "off" } }),
  fast("bytes that are no message", Code.Internal, { body: frame(Buffer.of(0xff, 0xff)) }),
  fast("an answer that cannot be written", Code.Internal, { body: asked("unwritable") }),
  fast("a deadline that is kept", 0, { headers: { "grpc-timeout": "50S" } }),
  fast("the longest deadline", 0, { headers: { "grpc-timeout": "60S" } }),
  fast("a deadline that passes", Code.DeadlineExceeded, { headers: { "grpc-timeout": "20m" }, body: asked("stuck") }),
  fast("a deadline that is over", Code.DeadlineExceeded, { headers: { "grpc-timeout": "0m" }, body: asked("stuck") }),
  ...[-1, 0].map((over) => fast(`a message of the bound and ${over}`, 0, { body: askedOf(over) })),
  ordinary("a message of the bound and 1", Code.ResourceExhausted, { body: askedOf(1) }),
  ordinary("a message of unknown length over the bound", Code.ResourceExhausted, {
    body: askedOf(1000),
    isOpenEnded: true,
  }),
  ...[-1, 0].map((over) => fast(`an answer of the bound and ${over}`, 0, { body: askedLong(over) })),
  fast("an answer of the bound and 1", Code.ResourceExhausted, { body: askedLong(1) }),
  fast("an answer that may be packed", 0, {
    body: asked("long:2000"),
    headers: { "grpc-accept-encoding": "identity, gzip" },
  }),
  fast("an answer too small to be packed", 0, {
    body: asked("long:20"),
    headers: { "grpc-accept-encoding": "br,gzip" },
  }),
  fast("an error that may be packed", Code.FailedPrecondition, {
    body: asked("refuse:no"),
    headers: { "grpc-accept-encoding": "gzip" },
  }),
  fast("an answer in no encoding of ours", 0, {
    body: asked("long:2000"),
    headers: { "grpc-accept-encoding": "zstd" },
  }),
  fast("the identity encoding by name", 0, { headers: { "grpc-encoding": "identity" } }),
  ordinary("a body that is missing", Code.Unimplemented, { body: Buffer.of() }),
  ordinary("a second message", Code.Unimplemented, { body: Buffer.concat([asked("ann"), asked("bob")]) }),
  ordinary("trailers after the message", 0, { body: Buffer.concat([asked("ann"), frame(Buffer.of(), 0x80)]) }),
  ordinary("half a head", Code.InvalidArgument, { body: asked("ann").subarray(0, 3) }),
  ordinary("a head alone", Code.Unimplemented, { body: asked("ann").subarray(0, 5) }),
  ordinary("half a message", Code.InvalidArgument, { body: asked("ann").subarray(0, 8) }),
  ordinary("a byte too many", Code.InvalidArgument, { body: Buffer.concat([asked("ann"), Buffer.of(0)]) }),
  ordinary("a packed message", 0, { headers: { "grpc-encoding": "gzip" }, body: packed("ann") }),
  ordinary("a packed message without an encoding", Code.Internal, { body: packed("ann") }),
  ordinary("an encoding that we lack", Code.Unimplemented, { headers: { "grpc-encoding": "zstd" } }),
  ordinary("a deadline over the bound", Code.InvalidArgument, { headers: { "grpc-timeout": "61S" } }),
  ordinary("a deadline that is none", Code.InvalidArgument, { headers: { "grpc-timeout": "soon" } }),
  ordinary("gRPC-Web of another kind", "HTTP 415", { headers: { "content-type": "application/grpc-web+thrift" } }),
  ordinary("another verb", "HTTP 405", { method: "PUT" }),
  ordinary("a query", 0, { query: "?x=1" }),
];

const ways = [1, 2].flatMap((version) => [binary, text].map((type) => ({ version, type })));

test.each(cases.flatMap((one) => ways.map((way) => ({ ...one, ...way, label: `${one.name}, ${way.type}` }))))(
  "$label over HTTP/$version is answered alike, $way: $status",
  async ({ version, type, way, status, ...one }) => {
    const answer = await askBothWays(asking(one, type), version, way, withoutFraming);
    expect(statusOf(answer, type)).toBe(status);
    if (way === "fast") expect(answer.header["content-length"]).toBe(String(answer.body.length));
  },
);

test.each(["application/grpc-web", "application/grpc-web-text"])("%s is short for its messages", async (type) => {
  const answer = await askBothWays(asking({}, type), 1, "fast", withoutFraming);
  expect(statusOf(answer, type)).toBe(0);
});

test("trailers that are long enough to be packed are, with their flag", async () => {
  const one = { body: asked(`refuse:${"x".repeat(1500)}`), headers: { "grpc-accept-encoding": "gzip" } };
  const answer = await askBothWays(asking(one, binary), 1, "fast", withoutFraming);
  expect(answer.body.charCodeAt(0)).toBe(0x81);
});

test("JSON goes the ordinary way", async () => {
  const one = { body: frame(Buffer.from('{"userId":"ann"}')) };
  const answer = await askBothWays(asking(one, "application/grpc-web+json"), 1, "ordinary", withoutFraming);
  expect(statusOf(answer, binary)).toBe(0);
});

test.each([
  { name: "in pieces that are padded by themselves", status: 0, of: inPieces },
  { name: "cut short", status: Code.InvalidArgument, of: (sent: Buffer) => sent.toString("base64").slice(0, -1) },
  { name: "with a foreign character", status: Code.InvalidArgument, of: (sent: Buffer) => `${inPieces(sent)}A!==` },
])("base64 $name goes the ordinary way: $status", async ({ status, of }) => {
  const sent = { headers: { "content-type": text }, body: Buffer.from(of(asked("ann"))) };
  expect(statusOf(await askBothWays(sent, 1, "ordinary", withoutFraming), text)).toBe(status);
});

test.each(ways)(
  "a client that leaves aborts the call's signal, $type over HTTP/$version",
  async ({ version, type }) => {
    const { edge, seen } = await openWay(true);
    const { leave } = ask(edge, asking({ body: asked("stuck") }, type), version);
    await expect.poll(() => seen.signals.length).toBe(1);
    const [signal] = seen.signals as [AbortSignal];
    expect(signal.aborted).toBe(false);
    const aborted = once(signal, "abort");
    leave();
    await aborted;
    expect((signal.reason as ConnectError).code).toBe(Code.Canceled);
    expect(edge.faults).toEqual([]);
  },
);

test.each(ways)("a message without its end is no call, $type over HTTP/$version", async ({ version, type }) => {
  const { edge, seen } = await openWay(true);
  await breakOff(edge, asking({}, type), version);
  await ask(edge, asking({ body: asked("bob") }, type), version).answer;
  expect(seen.calls).toEqual(["bob"]);
  expect(edge.faults).toEqual([]);
});

function asking({ body = asked("ann"), headers, ...one }: Partial<Case>, type: string): Asking {
  const sent = type.includes("text") ? Buffer.from(body.toString("base64")) : body;
  return { ...one, body: sent, headers: { "content-type": type, ...headers } };
}

/** HTTP's own framing: the ordinary way does not know its length in advance. */
function withoutFraming({ header, ...answer }: Answer): Answer {
  return { ...answer, header: { ...header, "content-length": "any", "transfer-encoding": "any" } };
}

/** Of the last frame. Each frame is padded by itself, so that groups of four are decoded one by one. */
function statusOf({ status, body }: Answer, type: string): number | string {
  if (status !== 200) return `HTTP ${status}`;
  const groups = (body.match(/.{4}/gs) ?? []).map((group) => Buffer.from(group, "base64"));
  const frames = (type.includes("text") ? Buffer.concat(groups) : Buffer.from(body, "latin1")).toString("latin1");
  return Number(/grpc-status: (\d+)\r\n/.exec(frames)?.[1]);
}

function frame(message: Uint8Array, flags = 0): Buffer {
  const head = Buffer.of(flags, 0, 0, 0, 0);
  head.writeUInt32BE(message.byteLength, 1);
  return Buffer.concat([head, message]);
}

function asked(userId: string): Buffer {
  return frame(toBinary(GetUserRequestSchema, create(GetUserRequestSchema, { userId })));
}

/** A message of the bound: one byte of the tag, two of the length, the rest is the user id. */
function askedOf(over: number): Buffer {
  return asked("x".repeat(parityLimits.readMaxBytes + over - 3));
}

/** Asks for an answer of the bound: two messages in one another, of three bytes besides each. */
function askedLong(over: number): Buffer {
  return asked(`long:${parityLimits.writeMaxBytes - 6 + over}`);
}

function packed(userId: string): Buffer {
  return frame(gzipSync(asked(userId).subarray(5)), 1);
}

function inPieces(sent: Buffer): string {
  return sent.subarray(0, 1).toString("base64") + sent.subarray(1).toString("base64");
}
