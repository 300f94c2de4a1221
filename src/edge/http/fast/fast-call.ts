// How does a call run that is already one message in hand? As connect runs it, but nothing is built that nobody looks at.

import { create, type DescMessage, type MessageShape } from "@bufbuild/protobuf";
import type { IncomingHttpHeaders, ServerHttp2Stream } from "node:http2";
import {
  Code,
  ConnectError,
  type ContextValues,
  type HandlerContext,
  type UnaryRequest,
  type UnaryResponse,
} from "@connectrpc/connect";
import { createDeadlineSignal, createLinkedAbortController } from "@connectrpc/connect/protocol";
import { contentTypeProto, grpcStatusOk, headerContentType, headerGrpcStatus } from "@connectrpc/connect/protocol-grpc";

import type { Milliseconds } from "../../../units.ts";
import { hasDeadlineKey } from "../call-values.ts";
import { callEnded } from "../invoke-unary.ts";
import { callHeaders } from "../request-headers.ts";
import type { FastMethod } from "./fast-method.ts";

export type FastCallInit = {
  readonly stream: ServerHttp2Stream;
  readonly headers: IncomingHttpHeaders;
  readonly origin: string;
  readonly values: ContextValues;
  /** The client's deadline, counted from now. */
  readonly timeoutMs: Milliseconds | undefined;
  readonly shutdownSignal: AbortSignal | undefined;
};

export type FastCall = {
  /** As the gate and the handler see the call. Headers and signal come into being when they are first read. */
  readonly context: HandlerContext;
  /** Runs interceptors and implementation, and completes the answer to a whole message. */
  invoke(message: MessageShape<DescMessage>): Promise<MessageShape<DescMessage>>;
  /** What was said beside the answer; undefined when nobody touched it. */
  said(): { readonly header: Headers | undefined; readonly trailer: Headers | undefined };
  /** Stops the deadline's timer and aborts the signal, if there are any. */
  end(): void;
};

export function openFastCall(fast: FastMethod, init: FastCallInit): FastCall {
  const { stream, values, timeoutMs, shutdownSignal } = init;
  const { method } = fast;
  const service = method.parent;
  let requestHeader: Headers | undefined;
  let header: Headers | undefined;
  let trailer: Headers | undefined;
  let aborts: AbortController | undefined;
  let isOver = false;
  const deadline = timeoutMs === undefined ? undefined : createDeadlineSignal(timeoutMs);
  const endsAt = timeoutMs === undefined ? undefined : Date.now() + timeoutMs;
  if (deadline === undefined) values.set(hasDeadlineKey, false);

  const context: HandlerContext = {
    service,
    method,
    protocolName: "grpc",
    requestMethod: "POST",
    values,
    timeoutMs: () => (endsAt === undefined ? undefined : endsAt - Date.now()),
    get url() {
      return init.origin + fast.path;
    },
    get requestHeader() {
      return (requestHeader ??= callHeaders(init.headers));
    },
    get responseHeader() {
      return (header ??= new Headers({ [headerContentType]: contentTypeProto }));
    },
    get responseTrailer() {
      return (trailer ??= new Headers({ [headerGrpcStatus]: grpcStatusOk }));
    },
    get signal() {
      if (aborts === undefined) {
        aborts = createLinkedAbortController(deadline?.signal, closeSignal(stream), shutdownSignal);
        if (isOver) aborts.abort(callEnded);
      }
      return aborts.signal;
    },
  };

  return {
    context,
    async invoke(message) {
      const request: UnaryRequest = {
        stream: false,
        service,
        method,
        message,
        requestMethod: "POST",
        contextValues: values,
        get url() {
          return context.url;
        },
        get signal() {
          return context.signal;
        },
        get header() {
          return context.requestHeader;
        },
      };
      let own: UnaryResponse | undefined;
      const implementation = async (asked: UnaryRequest): Promise<UnaryResponse> => {
        const answer = await fast.implement(asked.message, asked === request ? context : changed(context, asked));
        own = {
          stream: false,
          service,
          method,
          message: create(method.output, answer),
          get header() {
            return context.responseHeader;
          },
          get trailer() {
            return context.responseTrailer;
          },
        };
        return own;
      };
      const chain = fast.interceptors.reduceRight((next, intercept) => intercept(next), implementation as Next);
      const answer = await chain(request);
      if (answer !== own) {
        replace(context.responseHeader, answer.header);
        replace(context.responseTrailer, answer.trailer);
      }
      return answer.message as MessageShape<DescMessage>;
    },
    said: () => ({ header, trailer }),
    end() {
      isOver = true;
      deadline?.cleanup();
      aborts?.abort(callEnded);
    },
  };
}

type Next = Parameters<FastMethod["interceptors"][number]>[0];

/** An interceptor may hand on a request of its own. */
function changed(context: HandlerContext, asked: UnaryRequest): HandlerContext {
  const { service, header: requestHeader, signal, contextValues: values } = asked;
  return { ...context, service, requestHeader, signal, values };
}

/** An interceptor may answer with headers of its own. */
function replace(current: Headers, next: Headers): void {
  if (current === next) return;
  for (const name of Array.from(current.keys())) current.delete(name);
  for (const [name, value] of next) current.set(name, value);
}

/** Aborts when the client goes away before it has its answer. */
function closeSignal(stream: ServerHttp2Stream): AbortSignal {
  const controller = new AbortController();
  const onClose = () => controller.abort(new ConnectError("the client went away", Code.Canceled));
  if (stream.closed) onClose();
  else stream.once("close", onClose);
  return controller.signal;
}
