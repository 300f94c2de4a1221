// What do interceptors see of a call's request and answer? All that connect shows them; headers and signal when they are read.
//
// Their accessors are the objects' own, so that `{ ...request, header }` keeps what it does not change. They are the same
// functions for every call: one that is written into an object costs three times as much.

import type { DescMessage, MessageShape } from "@bufbuild/protobuf";
import type { HandlerContext, UnaryRequest, UnaryResponse } from "@connectrpc/connect";

type Call = Pick<HandlerContext, "signal" | "requestHeader" | "responseHeader" | "responseTrailer">;

/** Where an object keeps the call that it shows. */
const callKey = Symbol("call");
type OfCall = { readonly [callKey]: Call };

const signal = accessor("signal");
const requestHeader = accessor("requestHeader");
const responseHeader = accessor("responseHeader");
const responseTrailer = accessor("responseTrailer");

function accessor(name: keyof Call): PropertyDescriptor {
  return {
    enumerable: true,
    configurable: true,
    get(this: OfCall) {
      return this[callKey][name];
    },
  };
}

export function requestOf(call: HandlerContext, message: MessageShape<DescMessage>): UnaryRequest {
  const { service, method, url, requestMethod, values: contextValues } = call;
  const request = { stream: false, service, method, message, requestMethod, contextValues, url, [callKey]: call };
  Object.defineProperty(request, "signal", signal);
  Object.defineProperty(request, "header", requestHeader);
  return request as unknown as UnaryRequest;
}

export function answerOf(call: HandlerContext, message: MessageShape<DescMessage>): UnaryResponse {
  const { service, method } = call;
  const answer = { stream: false, service, method, message, [callKey]: call };
  Object.defineProperty(answer, "header", responseHeader);
  Object.defineProperty(answer, "trailer", responseTrailer);
  return answer as unknown as UnaryResponse;
}
