// How is a unary method called without any wire format? Gate, interceptors and implementation, exactly as connect runs them.

import type { DescMessage, DescMethodUnary, Message, MessageShape } from "@bufbuild/protobuf";
import {
  Code,
  ConnectError,
  createHandlerContext,
  type ContextValues,
  type HandlerContext,
  type MethodImpl,
} from "@connectrpc/connect";
import { invokeUnaryImplementation } from "@connectrpc/connect/protocol";
import type { Served } from "./served.ts";

export type UnaryMethod<I extends DescMessage = DescMessage, O extends DescMessage = DescMessage> = DescMethodUnary<
  I,
  O
>;

export type CallInit = {
  /** The name handlers see: "connect", "grpc", "grpc-web" or "rest". */
  readonly protocolName: string;
  readonly requestMethod: string;
  readonly url: string;
  readonly header: Headers;
  /** Aborts when the client goes away. */
  readonly signal: AbortSignal;
  readonly contextValues: ContextValues;
  /** The client's deadline, counted from now. */
  readonly timeoutMs?: number;
  /** Aborts when the service stops. */
  readonly shutdownSignal?: AbortSignal;
};

/** A call in three steps, so that the gate can answer before a body is read: `admit`, `invoke`, and always `end`. */
export type OpenCall<I extends DescMessage = DescMessage, O extends DescMessage = DescMessage> = {
  /** Holds the headers and trailers of the answer, also after a failure. */
  readonly context: HandlerContext;
  /** Runs the gate; rejects with what the gate threw. */
  admit(): Promise<void>;
  /** Runs interceptors and implementation, and completes the answer to a whole message. */
  invoke(message: MessageShape<I>): Promise<MessageShape<O>>;
  /** Stops the deadline's timer and aborts the signal that handlers see. May be called twice. */
  end(reason?: unknown): void;
};

/** Given to every abort without a reason: without one, each call would build a DOMException with a stack. */
export const callEnded = new ConnectError("the call has ended", Code.Canceled);

export function openCall<I extends DescMessage, O extends DescMessage>(
  served: Served,
  method: UnaryMethod<I, O>,
  init: CallInit,
): OpenCall<I, O> {
  const { header, signal, ...rest } = init;
  const context = createHandlerContext({
    ...rest,
    service: served.service,
    method,
    requestHeader: header,
    requestSignal: signal,
  });
  return {
    context,
    admit: async () => served.gate?.(context),
    invoke: (message) => {
      const spec = { kind: "unary" as const, method, impl: implementationOf(served, method) };
      return invokeUnaryImplementation<I, O>(spec, context, message, [...served.interceptors]);
    },
    end: (reason) => context.abort(reason ?? callEnded),
  };
}

export type UnaryAnswer<M extends Message = Message> = {
  readonly message: M;
  readonly header: Headers;
  readonly trailer: Headers;
};

/** All steps at once, for a caller who already holds the message. */
export async function invokeUnary<I extends DescMessage, O extends DescMessage>(
  served: Served,
  method: UnaryMethod<I, O>,
  init: CallInit & { readonly message: MessageShape<I> },
): Promise<UnaryAnswer<MessageShape<O>>> {
  const { message, ...callInit } = init;
  const call = openCall(served, method, callInit);
  try {
    await call.admit();
    const answer = await call.invoke(message);
    return { message: answer, header: call.context.responseHeader, trailer: call.context.responseTrailer };
  } finally {
    call.end();
  }
}

function implementationOf<I extends DescMessage, O extends DescMessage>(served: Served, method: UnaryMethod<I, O>) {
  const implement = served.implementation[method.localName] as MethodImpl<UnaryMethod<I, O>> | undefined;
  if (implement !== undefined) return implement;
  throw new ConnectError(`${served.service.typeName}.${method.name} is not implemented`, Code.Unimplemented);
}
