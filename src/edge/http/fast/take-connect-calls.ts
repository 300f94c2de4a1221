// Which Connect calls need not go through connect? Unary ones in their plainest form: one message of a known length, not
// packed. The gate, the interceptors and the handler are the same; what fails is put into words by connect itself.

import type { OutgoingHttpHeaders, ServerResponse } from "node:http";
import { buffer } from "node:stream/consumers";
import { createContextValues } from "@connectrpc/connect";
import { compressionNegotiate } from "@connectrpc/connect/protocol";
import {
  contentTypeUnaryJson,
  contentTypeUnaryProto,
  headerTimeout,
  headerUnaryAcceptEncoding,
  headerUnaryContentLength,
  headerUnaryEncoding,
  parseTimeout,
  trailerMux,
} from "@connectrpc/connect/protocol-connect";

import { readBody } from "../body.ts";
import { byPreference, compressMinBytes, compressions } from "../compression.ts";
import { clientSignal, replyFault, type HttpRequest, type HttpResponse } from "../exchange.ts";
import { callHeaders, readHeaders } from "../request-headers.ts";
import { atItsPlace, limitsOf, type RpcHandler, type RpcOptions } from "../rpc.ts";
import type { Served } from "../served.ts";
import { UnaryCall } from "../unary-call.ts";
import { type Failure, failureHandlers, failureKey } from "./connect-failure.ts";
import { fastMethods, type FastMethod } from "./fast-method.ts";
import { rememberName } from "./remember-name.ts";
import { fieldsOf } from "./send-answer.ts";

export type TakeConnectCallsOptions = RpcOptions & {
  readonly served: readonly Served[];
  readonly ordinary: RpcHandler;
};

/** As Node names it. */
const timeoutField = headerTimeout.toLowerCase();

type ContentType = typeof contentTypeUnaryJson | typeof contentTypeUnaryProto;

type Exchange = { readonly request: HttpRequest; readonly response: HttpResponse; readonly type: ContentType };

export function takeConnectCalls(options: TakeConnectCallsOptions): RpcHandler {
  const { onFault, ordinary, shutdownSignal } = options;
  const limits = limitsOf(options);
  const methods = fastMethods(options.served, limits, onFault);
  const failures = failureHandlers(options.served, limits);
  const nameOf = rememberName();

  return (request, response, context) => {
    const method = methods.get(context.path);
    const type = contentTypeOf(request, limits.readMaxBytes);
    const timeout = parseTimeout(request.headers[timeoutField]?.toString() ?? null, limits.maxTimeoutMs);
    // What is more than the path may say the same in other words.
    const isPlain = request.url === context.path && timeout.error === undefined;
    if (method === undefined || type === undefined || !isPlain) return ordinary(request, response, context);
    const name = nameOf("encrypted" in request.socket, request.headers);
    if (name === undefined) return ordinary(request, response, context);
    const call = new UnaryCall(method.method, {
      protocolName: "connect",
      requestMethod: "POST",
      url: name.origin + method.path,
      header: () => callHeaders(request.headers),
      signal: () => clientSignal(response),
      contextValues: context.values,
      timeoutMs: timeout.timeoutMs,
      shutdownSignal,
      answerHeader: { "content-type": type },
    });
    serve(method, call, { request, response, type })
      .catch((cause: unknown) => {
        onFault(cause, context.requestId);
        replyFault(response);
      })
      .finally(() => call.end());
    return true;
  };

  async function serve(method: FastMethod, call: UnaryCall, exchange: Exchange): Promise<void> {
    const { request, response, type } = exchange;
    const isBinary = type === contentTypeUnaryProto;
    let bytes: Uint8Array;
    try {
      await method.gate?.(call, readHeaders(request.headers));
      const body = await readBody(request, limits.readMaxBytes);
      if (body.kind !== "read") {
        // Its length was known and within the bound: the client went away.
        response.destroy();
        return;
      }
      const message = method.codecs.getI(isBinary).parse(body.bytes);
      bytes = method.codecs.getO(isBinary).serialize(await call.invoke(message, method.interceptors, method.implement));
    } catch (cause) {
      // As connect does, before anybody hears of it.
      call.end();
      await fail(method, { call, cause }, exchange);
      return;
    }
    await send(call, bytes, exchange);
  }

  /** As connect answers, from a call that fails at once with the same cause. */
  async function fail(method: FastMethod, { call, cause }: Failure, exchange: Exchange): Promise<void> {
    const { request, type } = exchange;
    const header = callHeaders(request.headers);
    // They are about a message and a time that are over.
    for (const name of [headerUnaryContentLength, headerTimeout]) header.delete(name);
    const answer = await failures.get(method.path)?.({
      httpVersion: request.httpVersion,
      method: "POST",
      url: call.url,
      header,
      body: emptyMessage(type === contentTypeUnaryProto),
      signal: new AbortController().signal,
      contextValues: createContextValues().set(failureKey, { call, cause }),
    });
    if (answer?.body === undefined) return;
    const { status, header: fields } = atItsPlace(answer, call.values);
    sendWhole(exchange, status, fieldsOf(new Headers(fields)), await buffer(answer.body));
  }
}

/** Undefined for whatever is not plain. */
function contentTypeOf({ method, headers }: HttpRequest, readMaxBytes: number): ContentType | undefined {
  const type = headers["content-type"];
  const length = headers["content-length"];
  if (method !== "POST" || headers["content-encoding"] !== undefined || headers.expect !== undefined) return undefined;
  if (length === undefined || Number(length) > readMaxBytes) return undefined;
  return type === contentTypeUnaryJson || type === contentTypeUnaryProto ? type : undefined;
}

async function* emptyMessage(isBinary: boolean): AsyncIterable<Uint8Array> {
  if (!isBinary) yield Buffer.from("{}");
}

/**
 * Over HTTP/2 in one piece, as far as the client has said all of its own: Node's response would wait for trailers, which
 * Connect has none of, and say by a frame of its own, a turn later, that this was all. A client whose own deadline passes
 * in between takes one that was exceeded for a service that is away. Who left hears nothing.
 */
function sendWhole({ request, response }: Exchange, status: number, fields: OutgoingHttpHeaders, body: Uint8Array) {
  if ("stream" in response && request.complete) {
    const { stream } = response;
    if (stream.closed || stream.destroyed) return;
    stream.respond({ ":status": status, ...response.getHeaders(), ...fields });
    stream.end(body);
    return;
  }
  // Both versions take the same; only their overloads differ.
  (response as ServerResponse).writeHead(status, fields).end(body);
}

async function send(call: UnaryCall, bytes: Uint8Array, exchange: Exchange): Promise<void> {
  const { request, type } = exchange;
  const { saidHeader, saidTrailer } = call;
  const accepted = request.headers["accept-encoding"];
  const isSmall = bytes.byteLength < compressMinBytes || accepted === undefined;
  const compression = isSmall
    ? null
    : compressionNegotiate([...compressions], null, byPreference(accepted), headerUnaryAcceptEncoding).response;
  const body = compression === null ? bytes : await compression.compress(bytes);
  const said =
    saidHeader === undefined && saidTrailer === undefined
      ? { "content-type": type }
      : fieldsOf(trailerMux(call.responseHeader, call.responseTrailer));
  const packing = compression === null ? {} : { [headerUnaryEncoding]: compression.name };
  sendWhole(exchange, 200, { ...said, ...packing, [headerUnaryContentLength]: String(body.byteLength) }, body);
}
