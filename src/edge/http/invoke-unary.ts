// How is a unary method called without any wire format? Gate, interceptors and implementation, exactly as connect runs them.

import type { DescMessage, DescMethodUnary, Message, MessageShape } from "@bufbuild/protobuf";
import { Code, ConnectError } from "@connectrpc/connect";

import type { HeaderReader } from "./request-headers.ts";
import type { Served } from "./served.ts";
import { type CallInit, type Chain, chainOf, type Implement, UnaryCall } from "./unary-call.ts";

export type UnaryMethod<I extends DescMessage = DescMessage, O extends DescMessage = DescMessage> = DescMethodUnary<
  I,
  O
>;

/** A call in three steps, so that the gate can answer before a body is read: `admit`, `invoke`, and always `end`. */
export type OpenCall<I extends DescMessage = DescMessage, O extends DescMessage = DescMessage> = {
  /** Holds the headers and trailers of the answer, also after a failure. */
  readonly context: UnaryCall;
  /** Runs the gate, and throws or rejects with what that threw. `header` as in `Gate`. */
  admit(header?: HeaderReader): void | Promise<void>;
  /** Runs interceptors and implementation, and completes the answer to a whole message. */
  invoke(message: MessageShape<I>): Promise<MessageShape<O>>;
  /** Stops the deadline's timer and aborts the signal that handlers see. May be called twice. */
  end(): void;
};

export function openCall<I extends DescMessage, O extends DescMessage>(
  served: Served,
  method: UnaryMethod<I, O>,
  init: CallInit,
): OpenCall<I, O> {
  const call = new UnaryCall(method, init);
  return {
    context: call,
    admit: (header) => served.gate?.(call, header),
    invoke: async (message) => call.take(await chainFor(served, method)(call.ask(message))) as MessageShape<O>,
    end: () => call.end(),
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

const chains = new WeakMap<Served, Map<DescMethodUnary, Chain>>();

function chainFor(served: Served, method: DescMethodUnary): Chain {
  const known = chains.get(served)?.get(method);
  if (known !== undefined) return known;
  const implement = served.implementation[method.localName] as Implement | undefined;
  if (implement === undefined) {
    throw new ConnectError(`${served.service.typeName}.${method.name} is not implemented`, Code.Unimplemented);
  }
  const chain = chainOf(served.interceptors, implement);
  const ofService = chains.get(served) ?? new Map<DescMethodUnary, Chain>();
  chains.set(served, ofService.set(method, chain));
  return chain;
}
