// What is one HTTP exchange to us? Node's request and response of either version, and what the edge knows about them.

import type { IncomingMessage, ServerResponse } from "node:http";
import {
  constants,
  type Http2ServerRequest,
  type Http2ServerResponse,
  type IncomingHttpHeaders,
  type ServerHttp2Stream,
} from "node:http2";
import { Code, ConnectError, type ContextValues } from "@connectrpc/connect";

export type HttpRequest = IncomingMessage | Http2ServerRequest;
export type HttpResponse = ServerResponse | Http2ServerResponse;
/** What tells where a request comes from. */
export type RequestOrigin = {
  readonly headers: IncomingHttpHeaders;
  readonly socket: { readonly remoteAddress?: string | undefined };
};
export type RequestListener = (request: HttpRequest, response: HttpResponse) => void;

/** Answers true when it took the stream of an HTTP/2 call, and false, having touched nothing, when it is not its own. */
export type StreamTaker = (stream: ServerHttp2Stream, headers: IncomingHttpHeaders, rawHeaders: string[]) => boolean;

/** Given to every handler beside request and response. */
export type ExchangeContext = {
  readonly requestId: string;
  /** The client's IP address as text. */
  readonly address: string;
  /** Path without query, as sent: not decoded. */
  readonly path: string;
  /** What every answer says: names and values in turn, see every-answer. */
  readonly said: readonly string[];
  /** The same facts as RPC handlers read them. */
  readonly values: ContextValues;
};

/**
 * Answers true when it took the exchange, and false, having touched nothing, when it is not its own. Nothing has been said
 * when it is asked: who takes says what every answer says.
 */
export type Taker = (request: HttpRequest, response: HttpResponse, context: ExchangeContext) => boolean;

export type ExchangeHandler = (
  request: HttpRequest,
  response: HttpResponse,
  context: ExchangeContext,
) => void | Promise<void>;

/** Answers true when it took the exchange, and false, having touched nothing, when it is not its own. */
export type MaybeHandler = (request: HttpRequest, response: HttpResponse, context: ExchangeContext) => Promise<boolean>;

/** Sends a whole answer. Headers set before stay. */
export function reply(
  response: HttpResponse,
  status: number,
  headers: Readonly<Record<string, string>> = {},
  body?: string | Uint8Array,
): void {
  response.statusCode = status;
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
  if (body !== undefined) response.setHeader("content-length", String(Buffer.byteLength(body)));
  // Both versions take a string or bytes here; only their overloads differ.
  (response as ServerResponse).end(body);
}

/** A google.rpc.Status without details, which is what REST clients read errors from. `code` is the gRPC number. */
export function replyStatus(response: HttpResponse, status: number, code: number, message: string): void {
  const body = JSON.stringify({ code, message });
  reply(response, status, { "content-type": "application/json" }, body);
}

/** The blank answer to a fault; one that has begun is broken off, so that nobody takes the half for the whole. */
export function replyFault(response: HttpResponse): void {
  if (!response.headersSent) replyStatus(response, 500, Code.Internal, "internal error");
  else if ("stream" in response) response.stream.close(constants.NGHTTP2_INTERNAL_ERROR);
  else response.destroy();
}

/** Aborts when the client goes away before it has its answer. */
export function clientSignal(response: HttpResponse): AbortSignal {
  const controller = new AbortController();
  const onClose = () => {
    // Not writableFinished: an HTTP/2 stream that was torn down says true there.
    if (!response.writableEnded) controller.abort(clientGone());
  };
  // It may be asked for late in a call.
  if ("stream" in response ? response.stream.destroyed : response.destroyed) onClose();
  else response.once("close", onClose);
  return controller.signal;
}

/** The same of a stream without a response. */
export function streamSignal(stream: ServerHttp2Stream): AbortSignal {
  const controller = new AbortController();
  const onClose = () => controller.abort(clientGone());
  if (stream.closed) onClose();
  else stream.once("close", onClose);
  return controller.signal;
}

function clientGone(): ConnectError {
  return new ConnectError("the client went away", Code.Canceled);
}
