// What does an edge serve? One RPC service, with the gate, the interceptors and the implementation every protocol shares.

import type { DescFile, DescService, JsonReadOptions, JsonWriteOptions } from "@bufbuild/protobuf";
import type { HandlerContext, Interceptor, ServiceImpl } from "@connectrpc/connect";

import type { HeaderReader } from "./request-headers.ts";

/**
 * Decides from headers alone whether a call may go on. Runs before the body is read; refuses by throwing a ConnectError.
 * `header` says the same as the context's own, and costs less where only one or two are read.
 */
export type Gate = (context: HandlerContext, header?: HeaderReader) => void | Promise<void>;

/** The same gate, which tells of what it throws. A gate that answers at once still does: waiting for it costs a turn. */
export function tellingGate(gate: Gate, tell: (context: HandlerContext, cause: unknown) => void): Gate {
  return (context, header) => {
    const refuse = (cause: unknown): never => {
      tell(context, cause);
      throw cause;
    };
    try {
      return gate(context, header)?.catch(refuse);
    } catch (cause) {
      return refuse(cause);
    }
  };
}

export type ServeOptions = {
  readonly gate?: Gate;
  /** The first is the outermost. */
  readonly interceptors?: readonly Interceptor[];
  /** How this service reads and writes JSON, in Connect and in REST. */
  readonly jsonOptions?: Partial<JsonReadOptions & JsonWriteOptions>;
  /** Where the details of its errors are declared, if they are not Google's: for reflection. */
  readonly errorDetails?: readonly DescFile[];
};

/** The methods of one service, by local name. Checked against the service in `serve`, open here so that a list can mix services. */
export type Implementation = Partial<ServiceImpl<DescService>>;

export type Served = {
  readonly service: DescService;
  readonly implementation: Implementation;
  readonly gate?: Gate;
  readonly interceptors: readonly Interceptor[];
  readonly jsonOptions: Partial<JsonReadOptions & JsonWriteOptions>;
  readonly errorDetails: readonly DescFile[];
};

/**
 * A field or an enum name that the service does not know is refused, by the field's name: connect would drop it in
 * silence, and a misspelt field of a password call would then do something else than its sender meant.
 */
const strictJson = { ignoreUnknownFields: false } as const;

export function serve<S extends DescService>(
  service: S,
  implementation: Partial<ServiceImpl<S>>,
  options: ServeOptions = {},
): Served {
  return {
    service,
    implementation,
    ...(options.gate === undefined ? {} : { gate: options.gate }),
    interceptors: options.interceptors ?? [],
    jsonOptions: { ...strictJson, ...options.jsonOptions },
    errorDetails: options.errorDetails ?? [],
  };
}
