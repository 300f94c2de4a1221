// What do interceptors see of a call's request and answer? All that connect shows them; headers and signal when they are read.
//
// Their accessors are the objects' own, so that `{ ...request, header }` keeps what it does not change. They are the same
// functions for every call: one that is written into an object costs three times as much.

import type { DescMessage, MessageShape } from "@bufbuild/protobuf";
import type { UnaryRequest, UnaryResponse } from "@connectrpc/connect";

import type { UnaryCall } from "./unary-call.ts";

/** Where an object keeps the call that it shows. */
const callKey = Symbol("call");
type OfCall = { readonly [callKey]: UnaryCall };

const signal = accessor("signal");
const requestHeader = accessor("requestHeader");
const responseHeader = accessor("responseHeader");
const responseTrailer = accessor("responseTrailer");

function accessor(name: "signal" | "requestHeader" | "responseHeader" | "responseTrailer"): PropertyDescriptor {
  return {
    enumerable: true,
    configurable: true,
    get(this: OfCall) {
      return this[callKey][name];
    },
  };
}

export function requestOf(call: UnaryCall, message: MessageShape<DescMessage>): UnaryRequest {
  const { service, method, url, requestMethod, values: contextValues } = call;
  const request = { stream: false, service, method, message, requestMethod, contextValues, url, [callKey]: call };
  Object.defineProperty(request, "signal", signal);
  Object.defineProperty(request, "header", requestHeader);
  return request as unknown as UnaryRequest;
}

export function answerOf(call: UnaryCall, message: MessageShape<DescMessage>): UnaryResponse {
  const { service, method } = call;
  const answer = { stream: false, service, method, message, [callKey]: call };
  Object.defineProperty(answer, "header", responseHeader);
  Object.defineProperty(answer, "trailer", responseTrailer);
  return answer as unknown as UnaryResponse;
}

/** Also of a request that an interceptor has spread into one of its own. */
export function callBehind(request: UnaryRequest): UnaryCall {
  if (callKey in request) return (request as UnaryRequest & OfCall)[callKey];
  throw new Error("an interceptor handed on a request that is not made of the one it got");
}
