// How does a call run that is already one message in hand? As connect runs it, but nothing is built that nobody looks at.

import {
  create,
  type DescMessage,
  type DescMethodUnary,
  type DescService,
  type MessageInitShape,
  type MessageShape,
} from "@bufbuild/protobuf";
import {
  Code,
  ConnectError,
  type ContextValues,
  type HandlerContext,
  type Interceptor,
  type UnaryRequest,
  type UnaryResponse,
} from "@connectrpc/connect";
import { createDeadlineSignal, createLinkedAbortController } from "@connectrpc/connect/protocol";

import type { Instant, Milliseconds } from "../../units.ts";
import { hasDeadlineKey, protocolKey } from "./call-values.ts";
import { answerOf, callBehind, requestOf } from "./lazy-messages.ts";

/** What a protocol knows of a call. The functions are called when somebody first looks, and once at most. */
export type CallInit = {
  /** The name handlers see: "connect", "grpc", "grpc-web" or "rest". */
  readonly protocolName: string;
  readonly requestMethod: string;
  readonly url: string;
  readonly header: () => Headers;
  /** Aborts when the client goes away. */
  readonly signal: () => AbortSignal;
  readonly contextValues: ContextValues;
  /** The client's deadline, counted from now. */
  readonly timeoutMs?: Milliseconds | undefined;
  /** Aborts when the service stops. */
  readonly shutdownSignal?: AbortSignal | undefined;
  /** What the protocol itself says beside every answer. */
  readonly answerHeader?: Readonly<Record<string, string>>;
  readonly answerTrailer?: Readonly<Record<string, string>>;
};

export type Implement = (
  message: MessageShape<DescMessage>,
  context: HandlerContext,
) => MessageInitShape<DescMessage> | Promise<MessageInitShape<DescMessage>>;

/** What stands between a request and the answer to it. Made once for a method; each call runs through the same. */
export type Chain = (request: UnaryRequest) => Promise<UnaryResponse>;

/** The first interceptor is the outermost. Each hands on the request that it got, or one that is spread from it. */
export function chainOf(interceptors: readonly Interceptor[], implement: Implement): Chain {
  const innermost: Chain = (request) => callBehind(request).implementBy(implement, request);
  return interceptors.reduceRight((next, intercept) => intercept(next), innermost as Next) as Chain;
}

/** Given to every abort without a reason: without one, each call would build a DOMException with a stack. */
const callEnded = new ConnectError("the call has ended", Code.Canceled);

/**
 * One call, as the gate and the handler see it. Headers and signal come into being when they are first read. A class: an
 * accessor that is written into an object is made anew with each object, and costs more than all that a call has besides.
 */
export class UnaryCall implements HandlerContext {
  readonly service: DescService;
  readonly method: DescMethodUnary;
  readonly protocolName: string;
  readonly requestMethod: string;
  readonly url: string;
  readonly values: ContextValues;
  /** What was said beside the answer; undefined when nobody touched it. */
  saidHeader: Headers | undefined;
  saidTrailer: Headers | undefined;
  readonly #init: CallInit;
  readonly #deadline: ReturnType<typeof createDeadlineSignal> | undefined;
  readonly #endsAt: Instant | undefined;
  #requestHeader: Headers | undefined;
  #request: UnaryRequest | undefined;
  #answer: UnaryResponse | undefined;
  #aborts: AbortController | undefined;
  #isOver = false;

  constructor(method: DescMethodUnary, init: CallInit) {
    const { timeoutMs, contextValues } = init;
    this.service = method.parent;
    this.method = method;
    this.protocolName = init.protocolName;
    this.requestMethod = init.requestMethod;
    this.url = init.url;
    this.values = contextValues;
    this.#init = init;
    this.#deadline = timeoutMs === undefined ? undefined : createDeadlineSignal(timeoutMs);
    this.#endsAt = timeoutMs === undefined ? undefined : Date.now() + timeoutMs;
    if (timeoutMs === undefined) contextValues.set(hasDeadlineKey, false);
    contextValues.set(protocolKey, init.protocolName);
  }

  timeoutMs(): Milliseconds | undefined {
    return this.#endsAt === undefined ? undefined : this.#endsAt - Date.now();
  }

  get requestHeader(): Headers {
    return (this.#requestHeader ??= this.#init.header());
  }

  get responseHeader(): Headers {
    return (this.saidHeader ??= new Headers(this.#init.answerHeader));
  }

  get responseTrailer(): Headers {
    return (this.saidTrailer ??= new Headers(this.#init.answerTrailer));
  }

  get signal(): AbortSignal {
    if (this.#aborts === undefined) {
      const { signal, shutdownSignal } = this.#init;
      this.#aborts = createLinkedAbortController(this.#deadline?.signal, signal(), shutdownSignal);
      if (this.#isOver) this.#aborts.abort(callEnded);
    }
    return this.#aborts.signal;
  }

  /** What is asked of a chain. */
  ask(message: MessageShape<DescMessage>): UnaryRequest {
    this.#request = requestOf(this, message);
    return this.#request;
  }

  /** The message that a chain answered, with what stands beside it taken over. */
  take(answer: UnaryResponse): MessageShape<DescMessage> {
    if (answer !== this.#answer) {
      replace(this.responseHeader, answer.header);
      replace(this.responseTrailer, answer.trailer);
    }
    return answer.message;
  }

  /** What the innermost of a chain does. */
  async implementBy(implement: Implement, asked: UnaryRequest): Promise<UnaryResponse> {
    const said = await implement(asked.message, asked === this.#request ? this : changed(this, asked));
    this.#answer = answerOf(this, create(this.method.output, said));
    return this.#answer;
  }

  /** The same as a plain object with everything in it, for who makes another of it. */
  whole(): HandlerContext {
    const { service, method, protocolName, requestMethod, url, values } = this;
    const { signal, requestHeader, responseHeader, responseTrailer } = this;
    return {
      service,
      method,
      protocolName,
      requestMethod,
      url,
      values,
      timeoutMs: () => this.timeoutMs(),
      signal,
      requestHeader,
      responseHeader,
      responseTrailer,
    };
  }

  /** Stops the deadline's timer and aborts the signal, if there are any. May be called twice. */
  end(): void {
    this.#isOver = true;
    this.#deadline?.cleanup();
    this.#aborts?.abort(callEnded);
  }
}

type Next = Parameters<Interceptor>[0];

/** An interceptor may hand on a request of its own. */
function changed(call: UnaryCall, asked: UnaryRequest): HandlerContext {
  const { service, header: requestHeader, signal, contextValues: values } = asked;
  return { ...call.whole(), service, requestHeader, signal, values };
}

/** An interceptor may answer with headers of its own. */
function replace(current: Headers, next: Headers): void {
  if (current === next) return;
  for (const name of Array.from(current.keys())) current.delete(name);
  for (const [name, value] of next) current.set(name, value);
}
