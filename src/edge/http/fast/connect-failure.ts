// In which words does a failed Connect call leave? In connect's: a handler of its own that fails with the same cause.

import { type ContextKey, createConnectRouter, createContextKey, type HandlerContext } from "@connectrpc/connect";
import type { UniversalHandler } from "@connectrpc/connect/protocol";

import { compressMinBytes, compressions } from "../compression.ts";
import { type CallLimits, registryOf } from "../rpc.ts";
import type { Implementation, Served } from "../served.ts";
import type { UnaryCall } from "../unary-call.ts";

export type Failure = { readonly call: UnaryCall; readonly cause: unknown };

export const failureKey: ContextKey<Failure | undefined> = createContextKey<Failure | undefined>(undefined, {
  description: "what a call has failed with",
});

/** By the path of the method. No gate, no interceptor: the call has passed them. */
export function failureHandlers(served: readonly Served[], limits: CallLimits): ReadonlyMap<string, UniversalHandler> {
  const router = createConnectRouter({
    acceptCompression: [...compressions],
    compressMinBytes,
    ...limits,
    grpc: false,
    grpcWeb: false,
  });
  const registry = registryOf(served);
  for (const { service, jsonOptions } of served) {
    const unary = service.methods.filter(({ methodKind }) => methodKind === "unary");
    const implementation = Object.fromEntries(
      unary.map(({ localName }) => [localName, failAgain]),
    ) as unknown as Implementation;
    router.service(service, implementation, { jsonOptions: { registry, ...jsonOptions } });
  }
  return new Map(router.handlers.map((handler) => [handler.requestPath, handler]));
}

function failAgain(_: unknown, context: HandlerContext): never {
  const failure = context.values.get(failureKey);
  for (const [name, value] of failure?.call.saidHeader ?? []) context.responseHeader.set(name, value);
  for (const [name, value] of failure?.call.saidTrailer ?? []) context.responseTrailer.set(name, value);
  throw failure?.cause;
}
