// How does a call run that is already one message in hand? As connect runs it, but nothing is built that nobody looks at.

import {
  create,
  type DescMessage,
  type DescMethodUnary,
  type DescService,
  type MessageShape,
} from "@bufbuild/protobuf";
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

import type { Instant, Milliseconds } from "../../../units.ts";
import { hasDeadlineKey } from "../call-values.ts";
import { callEnded } from "../invoke-unary.ts";
import { callHeaders } from "../request-headers.ts";
import type { FastMethod } from "./fast-method.ts";
import { answerOf, requestOf } from "./lazy-messages.ts";

export type FastCallInit = {
  readonly stream: ServerHttp2Stream;
  readonly headers: IncomingHttpHeaders;
  readonly origin: string;
  readonly values: ContextValues;
  /** The client's deadline, counted from now. */
  readonly timeoutMs: Milliseconds | undefined;
  readonly shutdownSignal: AbortSignal | undefined;
};

/**
 * One call, as the gate and the handler see it. Headers and signal come into being when they are first read. A class: an
 * accessor that is written into an object is made anew with each object, and costs more than all that a call has besides.
 */
export class FastCall implements HandlerContext {
  readonly service: DescService;
  readonly method: DescMethodUnary;
  readonly protocolName = "grpc";
  readonly requestMethod = "POST";
  readonly values: ContextValues;
  /** What was said beside the answer; undefined when nobody touched it. */
  saidHeader: Headers | undefined;
  saidTrailer: Headers | undefined;
  readonly #fast: FastMethod;
  readonly #init: FastCallInit;
  readonly #deadline: ReturnType<typeof createDeadlineSignal> | undefined;
  readonly #endsAt: Instant | undefined;
  #requestHeader: Headers | undefined;
  #aborts: AbortController | undefined;
  #isOver = false;

  constructor(fast: FastMethod, init: FastCallInit) {
    const { timeoutMs, values } = init;
    this.service = fast.method.parent;
    this.method = fast.method;
    this.values = values;
    this.#fast = fast;
    this.#init = init;
    this.#deadline = timeoutMs === undefined ? undefined : createDeadlineSignal(timeoutMs);
    this.#endsAt = timeoutMs === undefined ? undefined : Date.now() + timeoutMs;
    if (timeoutMs === undefined) values.set(hasDeadlineKey, false);
  }

  readonly timeoutMs = (): Milliseconds | undefined =>
    this.#endsAt === undefined ? undefined : this.#endsAt - Date.now();

  get url(): string {
    return this.#init.origin + this.#fast.path;
  }

  get requestHeader(): Headers {
    return (this.#requestHeader ??= callHeaders(this.#init.headers));
  }

  get responseHeader(): Headers {
    return (this.saidHeader ??= new Headers({ [headerContentType]: contentTypeProto }));
  }

  get responseTrailer(): Headers {
    return (this.saidTrailer ??= new Headers({ [headerGrpcStatus]: grpcStatusOk }));
  }

  get signal(): AbortSignal {
    if (this.#aborts === undefined) {
      const { stream, shutdownSignal } = this.#init;
      this.#aborts = createLinkedAbortController(this.#deadline?.signal, closeSignal(stream), shutdownSignal);
      if (this.#isOver) this.#aborts.abort(callEnded);
    }
    return this.#aborts.signal;
  }

  /** Runs interceptors and implementation, and completes the answer to a whole message. */
  async invoke(message: MessageShape<DescMessage>): Promise<MessageShape<DescMessage>> {
    const { implement, interceptors, method } = this.#fast;
    const request = requestOf(this, message);
    let own: UnaryResponse | undefined;
    const implementation = async (asked: UnaryRequest): Promise<UnaryResponse> => {
      const answer = await implement(asked.message, asked === request ? this : changed(this, asked));
      own = answerOf(this, create(method.output, answer));
      return own;
    };
    const chain = interceptors.reduceRight((next, intercept) => intercept(next), implementation as Next);
    const answer = await chain(request);
    if (answer !== own) {
      replace(this.responseHeader, answer.header);
      replace(this.responseTrailer, answer.trailer);
    }
    return answer.message as MessageShape<DescMessage>;
  }

  /** Stops the deadline's timer and aborts the signal, if there are any. */
  end(): void {
    this.#isOver = true;
    this.#deadline?.cleanup();
    this.#aborts?.abort(callEnded);
  }
}

type Next = Parameters<FastMethod["interceptors"][number]>[0];

/** An interceptor may hand on a request of its own. */
function changed(call: FastCall, asked: UnaryRequest): HandlerContext {
  const { method, protocolName, requestMethod, url, timeoutMs, responseHeader, responseTrailer } = call;
  const { service, header: requestHeader, signal, contextValues: values } = asked;
  return {
    service,
    method,
    protocolName,
    requestMethod,
    url,
    values,
    signal,
    timeoutMs,
    requestHeader,
    responseHeader,
    responseTrailer,
  };
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
