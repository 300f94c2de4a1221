// How do all protocols share one port? Sockets are told apart by their first bytes, or by ALPN under TLS, and bounded.

import http from "node:http";
import http2, { type ServerHttp2Session } from "node:http2";
import net, { type AddressInfo, type Socket } from "node:net";
import tls from "node:tls";
import { minute, second, type Milliseconds } from "../../units.ts";
import type { RequestListener, StreamTaker } from "./exchange.ts";
import { keepWatch } from "./session-watch.ts";
import { tellVersion } from "./tell-version.ts";

export type ListenerLimits = {
  /** Open sockets of all kinds; more are dropped at once. */
  readonly maxConnections: number;
  /** Until the first bytes tell the protocol, TLS handshake included. */
  readonly firstBytesTimeoutMs: Milliseconds;
  /** HTTP/1.1: until all headers are here. */
  readonly headersTimeoutMs: Milliseconds;
  /** HTTP/1.1: until the whole request is here. */
  readonly requestTimeoutMs: Milliseconds;
  /** HTTP/1.1: how long an idle connection is kept. */
  readonly keepAliveTimeoutMs: Milliseconds;
  readonly maxHeaderBytes: number;
  /** HTTP/2: calls at a time on one connection. */
  readonly maxConcurrentStreams: number;
  /** HTTP/2: a peer that leaves a ping unanswered for as long again is dead. */
  readonly pingEveryMs: Milliseconds;
  /** HTTP/2: then the client is asked to open a new connection, so that load spreads after a scale-out. */
  readonly maxConnectionAgeMs: Milliseconds;
};

export const defaultLimits: ListenerLimits = {
  maxConnections: 10_000,
  firstBytesTimeoutMs: 10 * second,
  headersTimeoutMs: 20 * second,
  requestTimeoutMs: minute,
  // Longer than the balancer in front, or it sends a request into a closing socket. Vendor: Google's keeps 600 s, AWS's 60 s.
  keepAliveTimeoutMs: 620 * second,
  maxHeaderBytes: 16 * 1024,
  maxConcurrentStreams: 250,
  pingEveryMs: minute,
  maxConnectionAgeMs: 30 * minute,
};

/** Per call and per connection: a whole message of ours fits into a call's window without waiting for an update. */
const streamWindowBytes = 256 * 1024;
const connectionWindowBytes = 1024 * 1024;

export type ListenerOptions = {
  readonly host: string;
  /** Zero takes a free one. */
  readonly port: number;
  /** Both PEM. */
  readonly tls?: { readonly key: string | Buffer; readonly certificate: string | Buffer };
  readonly onRequest: RequestListener;
  /** Asked first about every HTTP/2 call; what it leaves is a request like any other. */
  readonly takeStream?: StreamTaker;
  readonly limits?: Partial<ListenerLimits>;
};

export type Listener = {
  readonly address: { readonly host: string; readonly port: number; readonly url: string };
  /** Takes no new calls, lets those in flight finish, and after `graceMs` ends what is left. */
  close(options: { readonly graceMs: Milliseconds }): Promise<void>;
};

export async function openListener(options: ListenerOptions): Promise<Listener> {
  const limits = { ...defaultLimits, ...options.limits };
  const h1 = http1Server(options.onRequest, limits);
  const h2 = http2Server(options, limits);
  const sockets = new Set<Socket>();
  const undecided = new Set<Socket>();

  const front = options.tls === undefined ? net.createServer({ noDelay: true }) : tlsServer(options.tls, limits);
  front.maxConnections = limits.maxConnections;
  front.on("connection", (socket: Socket) => {
    sockets.add(socket);
    socket.once("close", () => sockets.delete(socket));
  });
  front.on(options.tls === undefined ? "connection" : "secureConnection", (socket: Socket) => {
    undecided.add(socket);
    socket.once("close", () => undecided.delete(socket));
    tellVersion(socket, limits.firstBytesTimeoutMs, (version) => {
      undecided.delete(socket);
      (version === 2 ? h2 : h1).emit("connection", socket);
    });
  });
  await new Promise<void>((resolve, reject) => {
    front.once("error", reject).listen(options.port, options.host, resolve);
  });

  const { address: host, port, family } = front.address() as AddressInfo;
  const authority = family === "IPv6" ? `[${host}]:${port}` : `${host}:${port}`;
  return {
    address: { host, port, url: `${options.tls === undefined ? "http" : "https"}://${authority}` },
    close: async ({ graceMs }) => {
      const closed = new Promise<void>((resolve) => front.close(() => resolve()));
      for (const socket of undecided) socket.destroy();
      // Since Node 24 this sends GOAWAY, and ends each session after its last stream.
      h2.close();
      h1.close();
      // A connection whose answer was under way just now is idle only later.
      const sweep = setInterval(() => h1.closeIdleConnections(), 50);
      const deadline = setTimeout(() => {
        for (const socket of sockets) socket.destroy();
      }, graceMs);
      await closed;
      clearInterval(sweep);
      clearTimeout(deadline);
    },
  };
}

function http1Server(onRequest: RequestListener, limits: ListenerLimits): http.Server {
  const server = http.createServer(
    {
      headersTimeout: limits.headersTimeoutMs,
      requestTimeout: Math.max(limits.requestTimeoutMs, limits.headersTimeoutMs),
      connectionsCheckingInterval: Math.ceil(Math.min(limits.headersTimeoutMs, 10 * second) / 2),
      keepAliveTimeout: limits.keepAliveTimeoutMs,
      maxHeaderSize: limits.maxHeaderBytes,
    },
    onRequest,
  );
  // Node's parser takes its bytes from below the socket until somebody listens to the socket, too. While it waits for a
  // large answer to be taken, TLS would hand it the records of the next request all the same, which it takes for an
  // error, and cuts the connection. What comes through the socket waits.
  server.on("connection", (socket) => {
    if (socket instanceof tls.TLSSocket) socket.on("data", ignore);
  });
  // It never listens itself, and without this event Node would never run the time limits on slow requests.
  server.emit("listening");
  return server;
}

function http2Server({ onRequest, takeStream }: ListenerOptions, limits: ListenerLimits): http2.Http2Server {
  const server = http2.createServer({
    settings: {
      maxConcurrentStreams: limits.maxConcurrentStreams,
      initialWindowSize: streamWindowBytes,
      maxHeaderListSize: limits.maxHeaderBytes,
    },
  });
  // Never listens: makes a request and a response of a stream.
  const ordinary = http2.createServer(onRequest);
  server.on("stream", (stream, headers, flags, rawHeaders) => {
    if (takeStream?.(stream, headers, rawHeaders) !== true) ordinary.emit("stream", stream, headers, flags, rawHeaders);
  });
  server.on("session", (session: ServerHttp2Session) => {
    session.setLocalWindowSize(connectionWindowBytes);
    keepWatch(session, limits);
  });
  return server;
}

function tlsServer(pair: { key: string | Buffer; certificate: string | Buffer }, limits: ListenerLimits): tls.Server {
  const server = tls.createServer({
    key: pair.key,
    cert: pair.certificate,
    ALPNProtocols: ["h2", "http/1.1"],
    handshakeTimeout: limits.firstBytesTimeoutMs,
    noDelay: true,
  });
  // Node only tells about a failed or late handshake, and leaves the socket open.
  return server.on("tlsClientError", (_, socket) => socket.destroy());
}

function ignore(): void {}
