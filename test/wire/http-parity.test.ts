// Do the two ways of a gRPC call answer alike? Every case is asked of both, and compared field by field, byte by byte.

import { once } from "node:events";
import http2, { type ClientHttp2Stream, type IncomingHttpHeaders } from "node:http2";
import { gzipSync } from "node:zlib";

import { create, toBinary } from "@bufbuild/protobuf";
import { Code, type ConnectError } from "@connectrpc/connect";
import { expect, onTestFinished, test } from "vitest";

import { GetUserRequestSchema } from "../../gen/rekey/v1/user_service_pb.ts";
import { parityUsers, type Seen } from "../support/parity-users.ts";
import { type Edge, startEdge } from "../support/start-edge.ts";

const limits = { readMaxBytes: 2000, writeMaxBytes: 3000, maxTimeoutMs: 60_000 };

type Case = {
  readonly name: string;
  /** Which way it goes when both are open. */
  readonly way: "fast" | "ordinary";
  readonly status: Code | 0 | `HTTP ${number}`;
  readonly headers?: Readonly<Record<string, string | string[]>>;
  readonly body?: Uint8Array | readonly Uint8Array[];
  /** The client goes on sending, or never does. */
  readonly isOpen?: boolean;
};

const fast: readonly Case[] = [
  { name: "a call", way: "fast", status: 0 },
  {
    name: "a call by the longer content type",
    way: "fast",
    status: 0,
    headers: { "content-type": "application/grpc+proto" },
  },
  { name: "a message in pieces", way: "fast", status: 0, body: pieces(ask("ann")) },
  { name: "an empty message", way: "fast", status: 0, body: frame(Buffer.of()) },
  { name: "an empty answer", way: "fast", status: 0, body: ask("nothing") },
  {
    name: "what a handler sees",
    way: "fast",
    status: 0,
    body: ask("context"),
    headers: { "x-told": "a", "accept-encoding": "gzip;q=0.1, br" },
  },
  {
    name: "metadata both ways",
    way: "fast",
    status: 0,
    body: ask("answer"),
    headers: { told: "one", "told-bin": "AAH/" },
  },
  {
    name: "metadata that is said twice",
    way: "fast",
    status: 0,
    body: ask("answer"),
    headers: { told: ["one", "two"], "told-bin": ["AAE", "Ag"] },
  },
  {
    name: "an interceptor's own request and answer",
    way: "fast",
    status: 0,
    body: ask("answer"),
    headers: { meddle: "yes" },
  },
  {
    name: "an error with details and metadata",
    way: "fast",
    status: Code.FailedPrecondition,
    body: ask("refuse:wrong, 2/3 left? 50%"),
  },
  { name: "an error in another script", way: "fast", status: Code.FailedPrecondition, body: ask("refuse:ключ 🔑\n") },
  { name: "an error without words", way: "fast", status: Code.FailedPrecondition, body: ask("refuse:") },
  { name: "a fault", way: "fast", status: Code.Internal, body: ask("fault") },
  { name: "a fault in the gate", way: "fast", status: Code.Internal, headers: { gate: "fault" } },
  { name: "a closed gate", way: "fast", status: Code.Unauthenticated, headers: { gate: "closed" } },
  {
    name: "a closed gate before a body that never comes",
    way: "fast",
    status: Code.Unauthenticated,
    headers: { gate: "closed" },
    body: [],
    isOpen: true,
  },
  { name: "bytes that are no message", way: "fast", status: Code.Internal, body: frame(Buffer.of(0xff, 0xff)) },
  { name: "an answer that cannot be written", way: "fast", status: Code.Internal, body: ask("unwritable") },
  { name: "a deadline that is kept", way: "fast", status: 0, headers: { "grpc-timeout": "50S" } },
  {
    name: "a deadline that passes",
    way: "fast",
    status: Code.DeadlineExceeded,
    headers: { "grpc-timeout": "20m" },
    body: ask("stuck"),
  },
  {
    name: "a deadline that has passed",
    way: "fast",
    status: Code.DeadlineExceeded,
    headers: { "grpc-timeout": "0m" },
    body: ask("stuck"),
  },
  { name: "the longest deadline", way: "fast", status: 0, headers: { "grpc-timeout": "60S" } },
  ...[-1, 0].map((over) => ({
    name: `a message of the bound and ${over}`,
    way: "fast" as const,
    status: 0 as const,
    body: askOf(limits.readMaxBytes + over),
  })),
  ...[-1, 0, 1].map((over) => ({
    name: `an answer of the bound and ${over}`,
    way: "fast" as const,
    status: over > 0 ? Code.ResourceExhausted : (0 as const),
    body: ask(`long:${limits.writeMaxBytes - 6 + over}`),
  })),
  {
    name: "an answer that may be packed",
    way: "fast",
    status: 0,
    body: ask("long:2000"),
    headers: { "grpc-accept-encoding": "identity, gzip" },
  },
  {
    name: "an answer too small to be packed",
    way: "fast",
    status: 0,
    body: ask("long:20"),
    headers: { "grpc-accept-encoding": "br,gzip" },
  },
  {
    name: "an error that may be packed",
    way: "fast",
    status: Code.FailedPrecondition,
    body: ask("refuse:no"),
    headers: { "grpc-accept-encoding": "gzip" },
  },
  {
    name: "a closed gate that may be packed",
    way: "fast",
    status: Code.Unauthenticated,
    headers: { gate: "closed", "grpc-accept-encoding": "gzip" },
  },
  {
    name: "an answer in no encoding of ours",
    way: "fast",
    status: 0,
    body: ask("long:2000"),
    headers: { "grpc-accept-encoding": "zstd" },
  },
  { name: "the identity encoding by name", way: "fast", status: 0, headers: { "grpc-encoding": "identity" } },
  { name: "a request id of the client's", way: "fast", status: 0, headers: { "x-request-id": "mine-1" } },
  { name: "a request id that is none", way: "fast", status: 0, headers: { "x-request-id": "a b" } },
];

const ordinary: readonly Case[] = [
  { name: "a body that is missing", way: "ordinary", status: Code.Unimplemented, body: [] },
  { name: "a second message", way: "ordinary", status: Code.Unimplemented, body: [ask("ann"), ask("bob")] },
  {
    name: "a second message in the same piece",
    way: "ordinary",
    status: Code.Unimplemented,
    body: Buffer.concat([ask("ann"), ask("bob")]),
  },
  { name: "half a head", way: "ordinary", status: Code.InvalidArgument, body: ask("ann").subarray(0, 3) },
  { name: "a head alone", way: "ordinary", status: Code.Unimplemented, body: ask("ann").subarray(0, 5) },
  { name: "half a message", way: "ordinary", status: Code.InvalidArgument, body: ask("ann").subarray(0, 8) },
  {
    name: "a byte too many",
    way: "ordinary",
    status: Code.InvalidArgument,
    body: Buffer.concat([ask("ann"), Buffer.of(0)]),
  },
  { name: "a packed message without an encoding", way: "ordinary", status: Code.Internal, body: packed("ann") },
  { name: "a packed message", way: "ordinary", status: 0, headers: { "grpc-encoding": "gzip" }, body: packed("ann") },
  {
    name: "an encoding that we lack",
    way: "ordinary",
    status: Code.Unimplemented,
    headers: { "grpc-encoding": "zstd" },
  },
  {
    name: "flags that nobody knows",
    way: "ordinary",
    status: 0,
    body: Buffer.concat([Buffer.of(2), ask("ann").subarray(1)]),
  },
  {
    name: "a message over the bound",
    way: "ordinary",
    status: Code.ResourceExhausted,
    body: askOf(limits.readMaxBytes + 1),
  },
  {
    name: "a head that promises too much, before its body",
    way: "ordinary",
    status: Code.ResourceExhausted,
    body: Buffer.of(0, 255, 255, 255, 255),
    isOpen: true,
  },
  {
    name: "a deadline over the bound",
    way: "ordinary",
    status: Code.InvalidArgument,
    headers: { "grpc-timeout": "61S" },
  },
  {
    name: "a deadline that is none",
    way: "ordinary",
    status: Code.InvalidArgument,
    headers: { "grpc-timeout": "soon" },
  },
  { name: "two deadlines", way: "ordinary", status: Code.InvalidArgument, headers: { "grpc-timeout": ["1S", "2S"] } },
  {
    name: "JSON",
    way: "ordinary",
    status: 0,
    headers: { "content-type": "application/grpc+json" },
    body: frame(Buffer.from('{"userId":"ann"}')),
  },
  {
    name: "Connect",
    way: "ordinary",
    status: "HTTP 200",
    headers: { "content-type": "application/proto" },
    body: ask("ann").subarray(5),
  },
  {
    name: "gRPC of another kind",
    way: "ordinary",
    status: "HTTP 415",
    headers: { "content-type": "application/grpc+thrift" },
  },
  {
    name: "a content type with a parameter",
    way: "ordinary",
    status: "HTTP 415",
    headers: { "content-type": "application/grpc; a=b" },
  },
  { name: "no content type", way: "ordinary", status: "HTTP 415", headers: { "content-type": [] } },
  { name: "another verb", way: "ordinary", status: "HTTP 405", headers: { ":method": "PUT" } },
  { name: "a query", way: "ordinary", status: 0, headers: { ":path": "/rekey.v1.UserService/GetUser?a=b" } },
  {
    name: "a method that nobody wrote",
    way: "ordinary",
    status: Code.Unimplemented,
    headers: { ":path": "/rekey.v1.UserService/DeleteUser" },
  },
  {
    name: "a method that there is not",
    way: "ordinary",
    status: Code.Unimplemented,
    headers: { ":path": "/rekey.v1.UserService/Nothing" },
  },
  { name: "a service that there is not", way: "ordinary", status: Code.Unimplemented, headers: { ":path": "/a.B/C" } },
  { name: "a host that is none", way: "ordinary", status: "HTTP 400", headers: { ":authority": "rekey.test:99999" } },
  { name: "a web page", way: "ordinary", status: 0, headers: { origin: "https://app.example" } },
];

const both = [
  ["with the fast path", true],
  ["without it", false],
] as const;

test.each([...fast, ...ordinary])("$name is answered alike, $way: $status", async (one) => {
  const [short, long] = [await openWay(true), await openWay(false)];
  const [taken, plain] = [await call(short.edge, one), await call(long.edge, one)];
  expect(taken).toEqual(plain);
  expect(plain.status).toBe(one.status);
  expect(short.seen.calls).toEqual(long.seen.calls);
  expect(short.edge.faults.map(({ cause }) => String(cause))).toEqual(
    long.edge.faults.map(({ cause }) => String(cause)),
  );
  expect(short.edge.requests()).toBe(one.way === "fast" ? 0 : 1);
});

test.each(both)("a client that leaves aborts the call's signal, %s", async (_, fastPath) => {
  const { edge, seen } = await openWay(fastPath);
  const stream = send(edge, { body: ask("stuck") });
  await expect.poll(() => seen.signals.length).toBe(1);
  const [signal] = seen.signals as [AbortSignal];
  expect(signal.aborted).toBe(false);
  const aborted = once(signal, "abort");
  stream.close(http2.constants.NGHTTP2_CANCEL);
  await aborted;
  expect((signal.reason as ConnectError).code).toBe(Code.Canceled);
  expect((signal.reason as ConnectError).rawMessage).toBe("the client went away");
});

test.each(both)("a call that is over aborts its signal, %s", async (_, fastPath) => {
  const { edge, seen } = await openWay(fastPath);
  await answered(send(edge, { body: ask("signal") }));
  const [signal] = seen.signals as [AbortSignal];
  await expect.poll(() => signal.aborted).toBe(true);
});

test.each(both)("a stopping service aborts the signals of calls in flight, %s", async (_, fastPath) => {
  const stopping = new AbortController();
  const { edge, seen } = await openWay(fastPath, stopping.signal);
  send(edge, { body: ask("stuck") }).on("error", () => undefined);
  await expect.poll(() => seen.signals.length).toBe(1);
  const reason = new Error("it stops");
  stopping.abort(reason);
  expect(seen.signals[0]?.reason).toBe(reason);
});

test.each(
  both.flatMap(([name, fastPath]) =>
    [http2.constants.NGHTTP2_CANCEL, http2.constants.NGHTTP2_NO_ERROR, http2.constants.NGHTTP2_PROTOCOL_ERROR].map(
      (code) => ({ name, fastPath, code }),
    ),
  ),
)(
  "a whole message of a stream that is reset with $code before its end is no call, $name",
  async ({ fastPath, code }) => {
    const { edge, seen } = await openWay(fastPath);
    const session = connect(edge);
    const stream = send(edge, { body: ask("ann"), isOpen: true }, session).on("error", () => undefined);
    await new Promise((resolve) => session.ping(resolve));
    stream.close(code);
    // A whole call after it on the same connection is answered later than it would be.
    expect((await answered(send(edge, { body: ask("bob") }, session))).status).toBe(0);
    expect(seen.calls).toEqual(["bob"]);
    expect(edge.faults).toEqual([]);
  },
);

test("an answer that cannot be sent on the fast path is a fault, told to the log alone", async () => {
  const { edge } = await openWay(true);
  const answer = await answered(send(edge, { body: ask("bad-header"), headers: { "x-request-id": "r-1" } }));
  expect(answer).toMatchObject({ status: "HTTP 500", header: { "x-request-id": "r-1", "cache-control": "no-store" } });
  expect(answer.body).toBe('{"code":13,"message":"internal error"}');
  expect(edge.faults).toEqual([{ cause: expect.any(Error), requestId: "r-1" }]);
});

async function openWay(fastPath: boolean, shutdownSignal?: AbortSignal) {
  const seen: Seen = { signals: [], calls: [] };
  const rpc = { ...limits, ...(shutdownSignal && { shutdownSignal }) };
  const edge = await startEdge({ served: [parityUsers(seen)], rpc, fastPath });
  return { edge, seen };
}

function connect({ url }: Edge): http2.ClientHttp2Session {
  const session = http2.connect(url).on("error", () => undefined);
  onTestFinished(() => session.destroy());
  return session;
}

function send(edge: Edge, { headers, body, isOpen }: Partial<Case>, session = connect(edge)): ClientHttp2Stream {
  const head = {
    ":method": "POST",
    ":path": "/rekey.v1.UserService/GetUser",
    "content-type": "application/grpc",
    te: "trailers",
  };
  const stream = session.request({ ...head, ":authority": "rekey.test", ...headers }, { endStream: false });
  const parts = body === undefined ? [ask("ann")] : body instanceof Uint8Array ? [body] : body;
  for (const part of parts) stream.write(part);
  if (isOpen !== true) stream.end();
  return stream;
}

async function call(edge: Edge, one: Case) {
  return await answered(send(edge, one));
}

async function answered(stream: ClientHttp2Stream) {
  let header: IncomingHttpHeaders = {};
  let trailer: IncomingHttpHeaders = {};
  const chunks: Buffer[] = [];
  stream.on("response", (fields) => (header = fields)).on("trailers", (fields) => (trailer = fields));
  stream.on("data", (chunk: Buffer) => chunks.push(chunk));
  await once(stream, "end");
  const code = trailer["grpc-status"] ?? header["grpc-status"];
  const status = code === undefined ? `HTTP ${String(header[":status"])}` : Number(code);
  return { status, header: told(header), trailer: told(trailer), body: Buffer.concat(chunks).toString("latin1") };
}

/** Without what is new in every answer. */
function told(fields: IncomingHttpHeaders): Record<string, unknown> {
  const rest: IncomingHttpHeaders = { ...fields, date: "now" };
  const id = rest["x-request-id"];
  return { ...rest, ...(typeof id === "string" && /^[\da-f-]{36}$/.test(id) ? { "x-request-id": "a new one" } : {}) };
}

function frame(message: Uint8Array, flags = 0): Buffer {
  const head = Buffer.of(flags, 0, 0, 0, 0);
  head.writeUInt32BE(message.byteLength, 1);
  return Buffer.concat([head, message]);
}

function ask(userId: string): Buffer {
  return frame(toBinary(GetUserRequestSchema, create(GetUserRequestSchema, { userId })));
}

function packed(userId: string): Buffer {
  return frame(gzipSync(ask(userId).subarray(5)), 1);
}

/** A message of so many bytes: one of the tag, two of the length, the rest is the user id. */
function askOf(bytes: number): Buffer {
  return ask("x".repeat(bytes - 3));
}

function pieces(bytes: Buffer): Buffer[] {
  return [bytes.subarray(0, 2), bytes.subarray(2, 4), bytes.subarray(4, 7), bytes.subarray(7)];
}
