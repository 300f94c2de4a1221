// How do gRPC, gRPC-Web and Connect reach one implementation? Through connect, with what it leaves open closed here.

import { createRegistry, type Registry } from "@bufbuild/protobuf";
import {
  Code,
  ConnectError,
  type ContextValues,
  createConnectRouter,
  createServiceImplSpec,
} from "@connectrpc/connect";
import { universalResponseToNodeResponse } from "@connectrpc/connect-node";
import type {
  UniversalHandler,
  UniversalHandlerFn,
  UniversalServerRequest,
  UniversalServerResponse,
} from "@connectrpc/connect/protocol";
import { file_google_rpc_error_details } from "../../../gen/google/rpc/error_details_pb.ts";
import { minute, type Milliseconds } from "../../units.ts";
import { notServedKey, protocolKey, requestIdKey } from "./call-values.ts";
import { compressMinBytes, compressions } from "./compression.ts";
import {
  clientSignal,
  replyFault,
  replyStatus,
  type ExchangeContext,
  type HttpRequest,
  type HttpResponse,
} from "./exchange.ts";
import { reencodeMessage } from "./grpc-message.ts";
import { inBase64, isGrpcWebText } from "./grpc-web-text.ts";
import { withJudgedText } from "./json/connect-json.ts";
import { callHeaders } from "./request-headers.ts";
import { type Gate, type Served, tellingGate } from "./served.ts";
import { refuseUnknownRpc } from "./unknown-rpc.ts";
import { chunksOf } from "./unread.ts";
import { refuseMethod } from "./wrong-method.ts";

/** Something unexpected: logged with the request id, told to nobody else. */
export type OnFault = (cause: unknown, requestId: string) => void;

export type RpcOptions = {
  readonly onFault: OnFault;
  /** Per message, before and after decompression. */
  readonly readMaxBytes?: number;
  readonly writeMaxBytes?: number;
  /** A client that wants longer is refused, so that no call waits for ever. */
  readonly maxTimeoutMs?: Milliseconds;
  /** Aborts when the service stops; its reason ends open streams. */
  readonly shutdownSignal?: AbortSignal;
};

/** Answers true when it took the exchange: the path or the content type said that it was a call. */
export type RpcHandler = (request: HttpRequest, response: HttpResponse, context: ExchangeContext) => boolean;

/** Our largest request is a password of 4 kB, or a search of a hundred conditions. */
const defaultReadMaxBytes = 1024 * 1024;
/** A thousand users on a page of a vendor's, of 2 kB each; what gRPC's clients take unless they are told otherwise. */
const defaultWriteMaxBytes = 4 * 1024 * 1024;

export type CallLimits = Required<Pick<RpcOptions, "readMaxBytes" | "writeMaxBytes" | "maxTimeoutMs">>;

export function limitsOf(options: RpcOptions): CallLimits {
  return {
    readMaxBytes: options.readMaxBytes ?? defaultReadMaxBytes,
    writeMaxBytes: options.writeMaxBytes ?? defaultWriteMaxBytes,
    maxTimeoutMs: options.maxTimeoutMs ?? 10 * minute,
  };
}

const grpcType = /^application\/grpc(?:[+;]|$)/i;
const grpcWebType = /^application\/grpc-web/i;

export function makeRpc(served: readonly Served[], options: RpcOptions): RpcHandler {
  const methods = new Map(handlersOf(served, options).map((handler) => [handler.requestPath, handler]));
  const gates = new Map(
    served.map(({ service, gate }) => [service.typeName, gate && reportingGate(gate, options.onFault)]),
  );

  return (request, response, context) => {
    const type = request.headers["content-type"] ?? "";
    if (grpcType.test(type) && request.httpVersionMajor < 2) {
      // Connect would answer; no gRPC client asks so, and proxies lose the trailers that carry the outcome.
      replyStatus(response, 505, Code.Unimplemented, "gRPC needs HTTP/2");
      return true;
    }
    const method = methods.get(context.path);
    if (method === undefined) return refuseUnknownRpc(request, response, context.path);
    const work = method.allowedMethods.includes(request.method ?? "")
      ? answer(isGrpcWebText(type) ? inBase64(method) : method, request, response, context)
      : refuseMethod(
          { method: method.method, gate: gates.get(method.service.typeName), allow: method.allowedMethods },
          request,
          response,
          context,
        );
    work.catch((cause: unknown) => {
      // The client went away in the middle of its answer.
      if (ConnectError.from(cause).code === Code.Aborted) return;
      options.onFault(cause, context.requestId);
      replyFault(response);
    });
    return true;
  };
}

async function answer(
  handle: UniversalHandlerFn,
  request: HttpRequest,
  response: HttpResponse,
  context: ExchangeContext,
): Promise<void> {
  const call = asCall(request, response, context);
  if (call === undefined) {
    replyStatus(response, 400, Code.InvalidArgument, "the request target or the host is malformed");
    return;
  }
  const answered = await handle(call);
  await universalResponseToNodeResponse(withReadableMessage(atItsPlace(answered, context.values)), response);
}

/** Connect's own status is that of a method nobody wrote; a service that is not there is 404, see unknown-rpc. */
export function atItsPlace(answered: UniversalServerResponse, values: ContextValues): UniversalServerResponse {
  return answered.status === 501 && values.get(notServedKey) ? { ...answered, status: 404 } : answered;
}

/**
 * Undefined when no URL can be made of what the client sent. Not by connect's own function: that one aborts the signal of
 * every call when it is over, without a reason, and so makes a DOMException each time.
 */
function asCall(
  request: HttpRequest,
  response: HttpResponse,
  context: ExchangeContext,
): UniversalServerRequest | undefined {
  const authority = "authority" in request ? request.authority : request.headers.host;
  if (authority === undefined) return undefined;
  const scheme = "encrypted" in request.socket ? "https" : "http";
  const url = URL.parse(request.url ?? "", `${scheme}://${authority}`);
  if (url === null) return undefined;
  return {
    httpVersion: request.httpVersion,
    method: request.method ?? "",
    url: url.href,
    header: callHeaders(request.headers),
    body: chunksOf(request),
    signal: clientSignal(response),
    contextValues: context.values.set(protocolKey, protocolOf(request.headers["content-type"] ?? "")),
  };
}

function protocolOf(type: string): string {
  if (grpcType.test(type)) return "grpc";
  return grpcWebType.test(type) ? "grpc-web" : "connect";
}

/** Trailers are complete only after the body, so they are re-encoded when they are asked for. */
function withReadableMessage(answered: UniversalServerResponse): UniversalServerResponse {
  const { trailer } = answered;
  if (trailer === undefined) return answered;
  return {
    ...answered,
    get trailer() {
      reencodeMessage(trailer);
      return trailer;
    },
  };
}

function handlersOf(served: readonly Served[], options: RpcOptions): UniversalHandler[] {
  const { onFault, shutdownSignal } = options;
  const router = createConnectRouter({
    acceptCompression: [...compressions],
    compressMinBytes,
    ...limitsOf(options),
    ...(shutdownSignal === undefined ? {} : { shutdownSignal }),
  });
  const registry = registryOf(served);
  for (const { service, implementation, interceptors, gate, jsonOptions } of served) {
    const { methods } = createServiceImplSpec(service, implementation);
    for (const { method, impl } of Object.values(methods)) {
      router.rpc(method, impl, {
        interceptors: [...interceptors],
        jsonOptions: withJudgedText(method.input, { registry, ...jsonOptions }),
        ...(gate === undefined ? {} : { requestGate: reportingGate(gate, onFault) }),
      });
    }
  }
  return router.handlers;
}

/** For the readable form of what an Any holds. */
export function registryOf(served: readonly Served[]): Registry {
  return createRegistry(file_google_rpc_error_details, ...served.map(({ service }) => service.file));
}

/** Interceptors report the faults behind them, but the gate runs before any of them. */
export function reportingGate(gate: Gate, onFault: OnFault): Gate {
  return tellingGate(gate, ({ values }, cause) => {
    if (!(cause instanceof ConnectError)) onFault(cause, values.get(requestIdKey));
  });
}
