// Which methods have the short way? The unary ones that somebody wrote, by the path that gRPC calls them by.

import {
  type DescMessage,
  type DescMethod,
  type DescMethodUnary,
  type JsonWriteOptions,
  type MessageShape,
  type Registry,
  toJson,
} from "@bufbuild/protobuf";
import { createMethodSerializationLookup, createMethodUrl, type Serialization } from "@connectrpc/connect/protocol";

import { readConnectJson } from "../json/connect-json.ts";
import { type CallLimits, type OnFault, registryOf, reportingGate } from "../rpc.ts";
import type { Gate, Served } from "../served.ts";
import { type Chain, chainOf, type Implement } from "../unary-call.ts";

export type FastMethod = {
  readonly method: DescMethodUnary;
  readonly path: string;
  readonly gate: Gate | undefined;
  readonly chain: Chain;
  /** Of what comes in and goes out; JSON comes in by `readJson`. */
  readonly codecs: {
    getI(isBinary: boolean): Serialization<MessageShape<DescMessage>>;
    getO(isBinary: boolean): Serialization<MessageShape<DescMessage>>;
  };
  /** Throws what connect would, but no values of the message. `bytes` are within their bound. */
  readonly readJson: (bytes: Uint8Array) => MessageShape<DescMessage>;
  /** The same JSON as a text. Undefined where the codec says why there is none. */
  readonly writeJson: (message: MessageShape<DescMessage>) => string | undefined;
};

export function fastMethods(
  served: readonly Served[],
  limits: CallLimits,
  onFault: OnFault,
): ReadonlyMap<string, FastMethod> {
  const registry = registryOf(served);
  const methods = served.flatMap((one) => methodsOf(one, registry, limits, onFault));
  return new Map(methods.map((method) => [method.path, method]));
}

function methodsOf(served: Served, registry: Registry, limits: CallLimits, onFault: OnFault): FastMethod[] {
  const { service, implementation, interceptors, jsonOptions } = served;
  const gate = served.gate === undefined ? undefined : reportingGate(served.gate, onFault);
  return service.methods.flatMap((method) => {
    const implement = implementation[method.localName] as Implement | undefined;
    if (!isUnary(method) || implement === undefined) return [];
    const options = { registry, ...jsonOptions };
    // Connect's own: the same limits, and the same words for what cannot be read.
    const codecs = createMethodSerializationLookup(method, undefined, options, limits);
    return {
      method,
      path: createMethodUrl("/", method),
      gate,
      chain: chainOf(interceptors, implement.bind(implementation)),
      codecs,
      readJson: (bytes) => readConnectJson(method.input, bytes, options),
      writeJson: jsonWriter(method.output, options),
    };
  });
}

function jsonWriter(desc: DescMessage, options: Partial<JsonWriteOptions>): FastMethod["writeJson"] {
  return (message) => {
    try {
      return JSON.stringify(toJson(desc, message, options));
    } catch {
      return undefined;
    }
  };
}

function isUnary(method: DescMethod): method is DescMethodUnary {
  return method.methodKind === "unary";
}
