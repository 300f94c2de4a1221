// Does one port serve every client, and keep out those who only hold it?

import { once } from "node:events";
import { readFileSync } from "node:fs";
import http2 from "node:http2";
import https from "node:https";
import tls from "node:tls";
import { buffer, text } from "node:stream/consumers";
import { describe, expect, onTestFinished, test } from "vitest";
import { Code, ConnectError, createClient } from "@connectrpc/connect";
import { createConnectTransport, createGrpcTransport } from "@connectrpc/connect-node";
import { Health } from "../../gen/grpc/health/v1/health_pb.ts";
import { UserService } from "../../gen/rekey/v1/user_service_pb.ts";
import { health } from "../../src/edge/grpc/health.ts";
import { reply, type ExchangeHandler } from "../../src/edge/http/exchange.ts";
import { serve } from "../../src/edge/http/served.ts";
import { echoUsers } from "../support/echo-users.ts";
import { emptySettings, preface } from "../support/raw-h2.ts";
import { openRawSocket } from "../support/raw-socket.ts";
import { startEdge } from "../support/start-edge.ts";

const hello: ExchangeHandler = (request, response) => reply(response, 200, {}, `HTTP/${request.httpVersionMajor}`);
/** More than the kernel holds for a client that does not read. */
const undrainableBytes = 32 * 1024 * 1024;
/** A record of TLS holds 16 KiB. Spec: RFC 8446 §5.1. */
const manyRecordsBytes = 50_000;
const silence: ExchangeHandler = () => undefined;
const routes = new Map([["GET /hello", hello]]);
/** Heads of frames: length, type and flags. */
const pingHead = "\x00\x00\x08\x06\x00";
const settingsHead = "\x04\x00\x00\x00\x00\x00";

describe("clear text", () => {
  test("HTTP/1.1 and HTTP/2 are told apart on one port", async () => {
    const { url } = await startEdge({ application: { routes } });
    expect(await (await fetch(`${url}/hello`)).text()).toBe("HTTP/1");
    expect(await h2Get(url, "/hello")).toMatchObject({ status: 200, body: "HTTP/2" });
  });

  test("a preface that comes byte by byte is still HTTP/2", async () => {
    const { port } = await startEdge({ application: { routes } });
    const socket = await openRawSocket(port);
    for (const byte of preface) await socket.send(Uint8Array.of(byte));
    await socket.send(emptySettings);
    expect(await socket.received(settingsHead)).not.toContain("HTTP/1.1");
  });

  test("a request that comes byte by byte, and begins like the preface, is still HTTP/1.1", async () => {
    const { port } = await startEdge({ application: { routes } });
    const socket = await openRawSocket(port);
    for (const byte of Buffer.from("PROPFIND /hello HTTP/1.1\r\nHost: x\r\n\r\n"))
      await socket.send(Uint8Array.of(byte));
    expect(await socket.received("\r\n\r\n")).toMatch(/^HTTP\/1\.1 405 /);
  });

  test.each([
    ["silent", ""],
    ["that stops inside the preface", preface.subarray(0, 10)],
  ])("a socket %s is ended", async (_, sent) => {
    const { port } = await startEdge({ listener: { limits: { firstBytesTimeoutMs: 50 } } });
    const socket = await openRawSocket(port);
    await socket.send(sent);
    expect(await socket.ended()).toBe("");
  });

  // Incident: a server that does not listen itself never runs its time limits.
  test.each([
    ["half a header", "GET /hello HTTP/1.1\r\nHost: x\r\nX-Slow: "],
    ["half a body", "POST /hello HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nhalf"],
  ])("a client that sends %s and waits is told 408 and ended", async (_, sent) => {
    const { port } = await startEdge({
      application: { routes: new Map([["POST /hello", silence]]) },
      listener: { limits: { headersTimeoutMs: 50, requestTimeoutMs: 50 } },
    });
    const socket = await openRawSocket(port);
    await socket.send(sent);
    expect(await socket.ended()).toMatch(/^HTTP\/1\.1 408 /);
  });

  test("an HTTP/2 client that never answers a ping is ended", async () => {
    const { port } = await startEdge({ listener: { limits: { pingEveryMs: 50 } } });
    const socket = await openRawSocket(port);
    await socket.send(Buffer.concat([preface, emptySettings]));
    expect(await socket.ended()).toContain(pingHead);
  });

  test("an old HTTP/2 connection is asked to go", async () => {
    const { url } = await startEdge({ listener: { limits: { maxConnectionAgeMs: 50 } } });
    const session = http2.connect(url);
    onTestFinished(() => session.destroy());
    const [errorCode] = (await once(session, "goaway")) as [number];
    expect(errorCode).toBe(http2.constants.NGHTTP2_NO_ERROR);
    await once(session, "close");
  });

  test("a header larger than allowed is refused in both versions", async () => {
    const { url } = await startEdge({ application: { routes }, listener: { limits: { maxHeaderBytes: 2048 } } });
    const headers = { "x-large": "x".repeat(4096) };
    expect((await fetch(`${url}/hello`, { headers })).status).toBe(431);
    await expect(h2Get(url, "/hello", headers)).rejects.toThrow(/NGHTTP2_ENHANCE_YOUR_CALM/);
  });

  test("a connection over the bound is dropped", async () => {
    const { port } = await startEdge({ application: { routes }, listener: { limits: { maxConnections: 1 } } });
    const first = await openRawSocket(port);
    await first.send("GET /hello HTTP/1.1\r\nHost: x\r\n\r\n");
    await first.received("\r\n\r\nHTTP/1");
    expect(await (await openRawSocket(port)).ended()).toBe("");
  });
});

describe("TLS", () => {
  const pair = {
    key: readFileSync(new URL("../fixtures/tls/key.pem", import.meta.url)),
    certificate: readFileSync(new URL("../fixtures/tls/certificate.pem", import.meta.url)),
  };
  const ca = pair.certificate;

  test("ALPN tells HTTP/1.1 from HTTP/2, and answers demand HTTPS for the future", async () => {
    const { url } = await startEdge({ application: { routes }, listener: { tls: pair } });
    expect(await h1GetSecure(`${url}/hello`, ca)).toBe("HTTP/1");
    const answer = await h2Get(url, "/hello", {}, { ca });
    expect(answer.body).toBe("HTTP/2");
    expect(answer.headers["strict-transport-security"]).toMatch(/^max-age=\d{8}/);
  });

  test.each(["Connect h1", "Connect h2", "gRPC"])("%s is served", async (name) => {
    const { url: baseUrl } = await startEdge({ served: [echoUsers()], listener: { tls: pair } });
    const nodeOptions = { ca };
    const transport =
      name === "gRPC"
        ? createGrpcTransport({ baseUrl, nodeOptions })
        : createConnectTransport({ baseUrl, nodeOptions, httpVersion: name === "Connect h1" ? "1.1" : "2" });
    const { user } = await createClient(UserService, transport).getUser({ userId: "ann" });
    expect(user?.userId).toBe("ann");
  });

  test("slow requests are ended under TLS too", async () => {
    const { port } = await startEdge({
      listener: { tls: pair, limits: { headersTimeoutMs: 50, requestTimeoutMs: 50 } },
    });
    const request = https.request({ host: "127.0.0.1", port, ca, method: "POST", path: "/hello" });
    request.setHeader("content-length", 10);
    // The header is whole, the body is not: ended by the same clock.
    request.flushHeaders();
    const [response] = (await once(request, "response")) as [{ statusCode: number; resume(): void }];
    response.resume();
    expect(response.statusCode).toBe(404);
    request.on("error", () => undefined);
    await once(request, "close");
  });

  test("a client that never finishes the handshake is ended", async () => {
    const { port } = await startEdge({ listener: { tls: pair, limits: { firstBytesTimeoutMs: 50 } } });
    expect(await (await openRawSocket(port)).ended()).toBe("");
  });

  // Incident: Node's parser, paused until an answer is taken, was given the next record, and the connection was cut.
  test("who asks on before a large answer is taken, in several records, is answered in turn", async () => {
    const asked = Promise.withResolvers<void>();
    const large: ExchangeHandler = (_, response) => reply(response, 200, {}, "x".repeat(undrainableBytes));
    const measure: ExchangeHandler = async (request, response) => {
      asked.resolve();
      const { byteLength } = await buffer(request);
      reply(response, 200, {}, `measured ${byteLength}`);
    };
    const posts = new Map([
      ["GET /large", large],
      ["POST /measure", measure],
    ]);
    const { port } = await startEdge({ application: { routes: posts }, listener: { tls: pair } });
    const socket = tls.connect({ host: "127.0.0.1", port, ca });
    socket.write("GET /large HTTP/1.1\r\nHost: x\r\n\r\n");
    await once(socket, "readable");
    const body = "y".repeat(manyRecordsBytes);
    socket.write(
      `POST /measure HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
    );
    await asked.promise;
    expect((await text(socket)).slice(-100)).toMatch(new RegExp(`measured ${manyRecordsBytes}$`));
  });

  test("clear text on a TLS port is ended", async () => {
    const { port } = await startEdge({ application: { routes }, listener: { tls: pair } });
    const socket = await openRawSocket(port);
    await socket.send("GET /hello HTTP/1.1\r\nHost: x\r\n\r\n");
    expect(await socket.ended()).not.toMatch(/HTTP\/1.1 200/);
  });
});

describe("closing", () => {
  test.each(["1.1", "2"] as const)("an answer in flight over HTTP/%s still arrives", async (httpVersion) => {
    const { served, entered, release } = slowUsers();
    const edge = await startEdge({ served: [served] });
    const client = createClient(UserService, createConnectTransport({ baseUrl: edge.url, httpVersion }));
    const answer = client.getUser({ userId: "ann" });
    await entered;
    const closed = edge.close({ graceMs: 30_000 });
    await expect(fetch(edge.url)).rejects.toThrow("fetch failed");
    release();
    expect((await answer).user?.userId).toBe("ann");
    await closed;
  });

  test.each(["1.1", "2"] as const)("what is not done in time over HTTP/%s is ended", async (httpVersion) => {
    const { served, entered } = slowUsers();
    const edge = await startEdge({ served: [served] });
    const client = createClient(UserService, createConnectTransport({ baseUrl: edge.url, httpVersion }));
    const failure = client.getUser({ userId: "ann" }).catch((cause: unknown) => cause);
    await entered;
    await edge.close({ graceMs: 20 });
    expect(await failure).toBeInstanceOf(ConnectError);
  });

  test("idle and undecided connections do not hold it up", async () => {
    const edge = await startEdge({ application: { routes } });
    await (await fetch(`${edge.url}/hello`)).text();
    const session = http2.connect(edge.url);
    await once(session, "remoteSettings");
    const silent = await openRawSocket(edge.port);
    await edge.close({ graceMs: 600_000 });
    expect(await silent.ended()).toBe("");
  });

  test("the shutdown signal ends streams with its own error", async () => {
    const shutdown = new AbortController();
    const source = { current: () => "serving" as const, changed: new EventTarget() };
    const edge = await startEdge({ served: [health([], source)], rpc: { shutdownSignal: shutdown.signal } });
    const seen: number[] = [];
    const watching = (async () => {
      for await (const { status } of createClient(Health, createGrpcTransport({ baseUrl: edge.url })).watch({})) {
        seen.push(status);
        shutdown.abort(new ConnectError("shutting down", Code.Unavailable));
      }
    })();
    await expect(watching).rejects.toMatchObject({ code: Code.Unavailable });
    expect(seen).toEqual([1]);
    await edge.close({ graceMs: 600_000 });
  });
});

/** A service whose answer waits until the test says so. */
function slowUsers() {
  const entered = Promise.withResolvers<void>();
  const release = Promise.withResolvers<void>();
  const served = serve(UserService, {
    getUser: async ({ userId }) => {
      entered.resolve();
      await release.promise;
      return { user: { userId } };
    },
  });
  return { served, entered: entered.promise, release: release.resolve };
}

type Answer = { readonly status: number; readonly headers: http2.IncomingHttpHeaders; readonly body: string };

async function h2Get(
  url: string,
  path: string,
  headers: Record<string, string> = {},
  options: http2.SecureClientSessionOptions = {},
): Promise<Answer> {
  const session = http2.connect(url, options);
  onTestFinished(() => session.destroy());
  // The server's limits hold from here on.
  await once(session, "remoteSettings");
  const stream = session.request({ ":path": path, ...headers });
  const [answered] = (await once(stream, "response")) as [http2.IncomingHttpHeaders & { ":status": number }];
  let body = "";
  for await (const chunk of stream.setEncoding("utf8")) body += String(chunk);
  return { status: answered[":status"], headers: answered, body };
}

async function h1GetSecure(url: string, ca: Buffer): Promise<string> {
  const request = https.get(url, { ca });
  const [response] = (await once(request, "response")) as [AsyncIterable<Buffer>];
  let body = "";
  for await (const chunk of response) body += chunk.toString();
  return body;
}
