// Which calls need not go through connect? Unary gRPC in its plainest form, as nearly every client sends it. The gate,
// the interceptors, the handler and the words are the same; whatever is unusual about a call goes the ordinary way.

import {
  Http2ServerRequest,
  Http2ServerResponse,
  type Http2Session,
  type IncomingHttpHeaders,
  type ServerHttp2Stream,
} from "node:http2";
import { parseTimeout } from "@connectrpc/connect/protocol-grpc";

import { callValues } from "../call-values.ts";
import { clientAddress } from "../client-address.ts";
import { compressMinBytes } from "../compression.ts";
import { makeEveryAnswer } from "../every-answer.ts";
import { replyFault, type RequestListener, type RequestOrigin, streamSignal, type StreamTaker } from "../exchange.ts";
import { callHeaders, readHeaders } from "../request-headers.ts";
import { requestIdOf } from "../request-id.ts";
import { limitsOf, type RpcOptions } from "../rpc.ts";
import type { Served } from "../served.ts";
import { UnaryCall } from "../unary-call.ts";
import { fastMethods, type FastMethod } from "./fast-method.ts";
import { acceptedPacking, frameOf } from "./grpc-frame.ts";
import { readFrame, type FrameRead } from "./read-frame.ts";
import { rememberName } from "./remember-name.ts";
import { type Answer, failed, inPairs, plainHeader, plainTrailer, sendAnswer, succeeded } from "./send-answer.ts";

export type TakeUnaryCallsOptions = RpcOptions & {
  readonly served: readonly Served[];
  readonly trustedHops: number;
  readonly allowedOrigins: readonly string[];
  /** The ordinary way. */
  readonly onRequest: RequestListener;
};

export function takeUnaryCalls(options: TakeUnaryCallsOptions): StreamTaker {
  const { onFault, shutdownSignal, onRequest } = options;
  const limits = limitsOf(options);
  const methods = fastMethods(options.served, limits, onFault);
  const everyAnswer = makeEveryAnswer(new Set(options.allowedOrigins));
  const nameOf = rememberName();
  const peers = rememberPeers();

  return (stream, headers, rawHeaders) => {
    const method = methods.get(headers[":path"] ?? "");
    if (method === undefined || !isPlainest(headers)) return false;
    const timeout = parseTimeout(headers["grpc-timeout"]?.toString() ?? null, limits.maxTimeoutMs);
    const session = stream.session;
    if (timeout.error !== undefined || session === undefined) return false;
    const { isSecure, socket } = peers(session);
    const name = nameOf(isSecure, headers);
    if (name === undefined) return false;

    const from = { headers, socket };
    const requestId = requestIdOf(from);
    const call = new UnaryCall(method.method, {
      protocolName: "grpc",
      requestMethod: "POST",
      url: name.origin + method.path,
      header: () => callHeaders(headers),
      signal: () => streamSignal(stream),
      contextValues: callValues({ address: clientAddress(from, options.trustedHops), host: name.host, requestId }),
      timeoutMs: timeout.timeoutMs,
      shutdownSignal,
      answerHeader: plainHeader,
      answerTrailer: plainTrailer,
    });
    const fixed = [":status", "200", ...everyAnswer({ isSecure, origin: headers.origin }, requestId)];
    // Without a listener, a reset by the client would end the process.
    stream.on("error", ignore);
    serve(method, call, { stream, headers, rawHeaders, fixed }).catch((cause: unknown) => {
      onFault(cause, requestId);
      answerFault(stream, fixed);
    });
    return true;
  };

  async function serve(method: FastMethod, call: UnaryCall, exchange: Exchange): Promise<void> {
    const { stream, headers } = exchange;
    const compression = acceptedPacking(headers["grpc-accept-encoding"]);
    const fixed = compression === null ? exchange.fixed : [...exchange.fixed, "grpc-encoding", compression.name];
    try {
      const admission = method.gate?.(call, readHeaders(headers));
      // Waiting for what is there already costs a turn.
      if (admission !== undefined) await admission;
    } catch (cause) {
      call.end();
      sendAnswer(stream, fixed, failed(call, cause));
      return;
    }
    const frame = await readFrame(stream, limits.readMaxBytes);
    if (frame.kind !== "message") {
      call.end();
      if (frame.kind === "unusual") handOver(exchange, frame);
      return;
    }
    let answer: Answer;
    try {
      const asked = call.ask(method.codecs.getI(true).parse(frame.bytes));
      const message = call.take(await method.chain(asked));
      const bytes = method.codecs.getO(true).serialize(message);
      const isPacked = compression !== null && bytes.byteLength >= compressMinBytes;
      answer = succeeded(call, frameOf(isPacked ? await compression.compress(bytes) : bytes, isPacked));
    } catch (cause) {
      answer = failed(call, cause);
    }
    call.end();
    sendAnswer(stream, fixed, answer);
  }

  /** To connect, with what was read put before the rest. The gate is asked again; it only reads headers. */
  function handOver({ stream, headers, rawHeaders }: Exchange, { read, isAll }: FrameRead & { kind: "unusual" }): void {
    const request = new Http2ServerRequest(stream, headers, {}, rawHeaders);
    async function* body() {
      if (read.length > 0) yield read;
      // Not destroyed on return: the answer still has to go out.
      if (!isAll) yield* stream.iterator({ destroyOnReturn: false });
    }
    onRequest(Object.assign(request, { [Symbol.asyncIterator]: body }), new Http2ServerResponse(stream));
  }
}

type Exchange = {
  readonly stream: ServerHttp2Stream;
  readonly headers: IncomingHttpHeaders;
  readonly rawHeaders: string[];
  /** What every answer says: names and values in turn. */
  readonly fixed: readonly string[];
};

function isPlainest(headers: IncomingHttpHeaders): boolean {
  const type = headers["content-type"];
  const encoding = headers["grpc-encoding"];
  return (
    headers[":method"] === "POST" &&
    (type === "application/grpc" || type === "application/grpc+proto") &&
    (encoding === undefined || encoding === "identity") &&
    headers.expect === undefined &&
    // A web page: its answer has to name the origin.
    headers.origin === undefined
  );
}

type Peer = { readonly isSecure: boolean; readonly socket: RequestOrigin["socket"] };

/** Who is at the other end of a session. It does not change, and to ask the session costs more than to remember. */
function rememberPeers() {
  const peers = new WeakMap<Http2Session, Peer>();
  return (session: Http2Session): Peer => {
    const known = peers.get(session);
    if (known !== undefined) return known;
    const { remoteAddress } = session.socket;
    const peer = { isSecure: session.encrypted === true, socket: { remoteAddress } };
    peers.set(session, peer);
    return peer;
  };
}

function answerFault(stream: ServerHttp2Stream, fixed: readonly string[]): void {
  if (stream.destroyed) return;
  const response = new Http2ServerResponse(stream);
  if (!stream.headersSent) {
    for (const [name, value] of Object.entries(inPairs(fixed))) {
      if (!name.startsWith(":")) response.setHeader(name, value);
    }
  }
  replyFault(response);
}

function ignore(): void {}
