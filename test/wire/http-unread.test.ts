// What if a call is answered before all of it is here? The answer comes whole, and the connection serves the next call.

import { once } from "node:events";
import http from "node:http";
import http2 from "node:http2";
import { json } from "node:stream/consumers";
import { Code, ConnectError } from "@connectrpc/connect";
import { expect, onTestFinished, test } from "vitest";

import { readBody } from "../../src/edge/http/body.ts";
import { reply } from "../../src/edge/http/exchange.ts";
import { echoUsers } from "../support/echo-users.ts";
import { startEdge } from "../support/start-edge.ts";

const readMaxBytes = 1000;
const path = "/rekey.v1.UserService/GetUser";
/** More than the windows of a call and of its connection, and than the buffers of a socket, hold. */
const tooLarge = Buffer.alloc(8 * 1024 * 1024);

test.each([
  { protocol: "gRPC-Web", type: "application/grpc-web+proto", body: framed(tooLarge) },
  { protocol: "Connect", type: "application/json", body: tooLarge },
])("over HTTP/1.1 a call after a $protocol call that was too large is served", async ({ type, body }) => {
  const edge = await startEdge({ served: [echoUsers()], rpc: { readMaxBytes } });
  const post = onOneConnection(edge.port);
  const refused = await post(path, type, body);
  refused.resume();
  await once(refused, "end");
  const answer = await post(path, "application/json", Buffer.from(JSON.stringify({ userId: "next" })));
  expect(await json(answer)).toEqual({ user: { userId: "next" } });
});

test("and after a plain one", async () => {
  const routes = new Map([
    [
      "POST /plain",
      async (request: Parameters<typeof readBody>[0], response: Parameters<typeof reply>[0]) => {
        const { kind } = await readBody(request, readMaxBytes);
        reply(response, 200, { "content-type": "application/json" }, JSON.stringify({ kind }));
      },
    ],
  ]);
  const { port } = await startEdge({ application: { routes } });
  const post = onOneConnection(port);
  expect(await json(await post("/plain", "application/json", tooLarge))).toEqual({ kind: "too_large" });
  const answer = await post("/plain", "application/json", Buffer.from("{}"));
  expect(await json(answer)).toEqual({ kind: "read" });
});

test.each([
  { way: "fast", fastPath: true },
  { way: "ordinary", fastPath: false },
])("over HTTP/2, $way, the client hears the whole answer and is told to stop", async ({ fastPath }) => {
  const edge = await startEdge({ served: [echoUsers()], rpc: { readMaxBytes }, fastPath });
  const { stream, outcome } = callOverHttp2(edge.url, "application/grpc");
  // Never ended: a client that streams.
  stream.write(framed(tooLarge));
  expect(await outcome).toEqual({ status: "8", code: http2.constants.NGHTTP2_NO_ERROR });
});

test.each([
  { way: "fast", fastPath: true },
  { way: "ordinary", fastPath: false },
])("over HTTP/2, $way, a call that is turned away before it is read hears why", async ({ fastPath }) => {
  const gate = () => {
    throw new ConnectError("no key", Code.Unauthenticated);
  };
  const edge = await startEdge({ served: [echoUsers({ gate })], fastPath });
  const { stream, outcome } = callOverHttp2(edge.url, "application/grpc");
  stream.write(framed(tooLarge));
  expect(await outcome).toEqual({ status: String(Code.Unauthenticated), code: http2.constants.NGHTTP2_NO_ERROR });
});

function framed(message: Buffer): Buffer {
  const head = Buffer.alloc(5);
  head.writeUInt32BE(message.length, 1);
  return Buffer.concat([head, message]);
}

function onOneConnection(port: number) {
  const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
  onTestFinished(() => agent.destroy());
  return async (target: string, type: string, body: Buffer): Promise<http.IncomingMessage> => {
    const headers = { "content-type": type };
    const request = http.request({ host: "127.0.0.1", port, agent, method: "POST", path: target, headers });
    request.end(body);
    const [response] = (await once(request, "response")) as [http.IncomingMessage];
    return response;
  };
}

function callOverHttp2(url: string, type: string) {
  const session = http2.connect(url);
  onTestFinished(() => session.destroy());
  const stream = session.request(
    { ":method": "POST", ":path": path, "content-type": type, te: "trailers" },
    { endStream: false },
  );
  const outcome = new Promise<{ status: unknown; code: number }>((resolve, reject) => {
    let status: unknown;
    stream.on("response", (headers) => (status = headers["grpc-status"]));
    stream.on("trailers", (trailers) => (status = trailers["grpc-status"]));
    stream.on("close", () => resolve({ status, code: stream.rstCode }));
    stream.on("error", reject);
    stream.resume();
  });
  return { stream, outcome };
}
