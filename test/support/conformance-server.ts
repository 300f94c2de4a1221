// How does Connect's conformance runner start our listener? It says how on standard input, and is told where on the output.
//
// Run with "fast" or "ordinary": which way plain unary calls take.

import { fromBinary, toBinary, create } from "@bufbuild/protobuf";

import { makeApplication } from "../../src/edge/http/application.ts";
import { endAtDeadline } from "../../src/edge/http/deadline.ts";
import { takeHttpCalls } from "../../src/edge/http/fast/take-http-calls.ts";
import { takeUnaryCalls } from "../../src/edge/http/fast/take-unary-calls.ts";
import { openListener } from "../../src/edge/http/listener.ts";
import { makeRpc } from "../../src/edge/http/rpc.ts";
import { serve } from "../../src/edge/http/served.ts";
import {
  ConformanceService,
  ServerCompatRequestSchema,
  ServerCompatResponseSchema,
} from "../fixtures/gen/connectrpc/conformance/v1/service_pb.ts";
import { conformanceService } from "./conformance-service.ts";

/** A big-endian length of four bytes stands before each message. */
const headBytes = 4;

const { useTls, messageReceiveLimit, serverCreds } = fromBinary(ServerCompatRequestSchema, await readMessage());
const served = [serve(ConformanceService, conformanceService, { interceptors: [endAtDeadline] })];
const onFault = (cause: unknown) => console.error(cause);
const options = {
  served,
  onFault,
  allowedOrigins: [],
  trustedHops: 0,
  ...(messageReceiveLimit > 0 && { readMaxBytes: messageReceiveLimit }),
};
const isFast = process.argv[2] === "fast";
const ordinary = makeRpc(served, options);
const onRequest = makeApplication({
  ...options,
  routes: new Map(),
  takers: isFast ? [takeHttpCalls({ ...options, ordinary })] : [],
  rpc: ordinary,
  rest: async () => false,
});
const listener = await openListener({
  host: "127.0.0.1",
  port: 0,
  onRequest,
  ...(isFast && { takeStream: takeUnaryCalls({ ...options, onRequest }) }),
  ...(useTls && {
    tls: { key: Buffer.from(serverCreds?.key ?? []), certificate: Buffer.from(serverCreds?.cert ?? []) },
  }),
});
const { host, port } = listener.address;
const pemCert = useTls ? (serverCreds?.cert ?? new Uint8Array()) : new Uint8Array();
const answer = toBinary(ServerCompatResponseSchema, create(ServerCompatResponseSchema, { host, port, pemCert }));
const head = Buffer.alloc(headBytes);
head.writeUInt32BE(answer.byteLength);
process.stdout.write(Buffer.concat([head, answer]));
process.once("SIGTERM", () => process.exit(0));

async function readMessage(): Promise<Buffer> {
  let read = Buffer.of();
  for await (const chunk of process.stdin) {
    read = Buffer.concat([read, chunk as Buffer]);
    if (read.length < headBytes) continue;
    const end = headBytes + read.readUInt32BE(0);
    if (read.length >= end) return read.subarray(headBytes, end);
  }
  throw new Error("the runner said nothing");
}
