// How do plain HTTP clients reach the RPC services? Through the routes that google.api.http gives the methods.

import { createRegistry } from "@bufbuild/protobuf";
import { file_google_rpc_error_details } from "../../../gen/google/rpc/error_details_pb.ts";
import { say } from "../http/every-answer.ts";
import { replyFault, type MaybeHandler, type Taker } from "../http/exchange.ts";
import type { OnFault } from "../http/rpc.ts";
import type { Served } from "../http/served.ts";
import { minute, type Milliseconds } from "../../units.ts";
import { isJsonType } from "./request-body.ts";
import { makeRouteTable } from "./route-table.ts";
import { makeServeRoute } from "./serve-route.ts";

export type RestOptions = {
  /** Their `jsonOptions` say how strict a service is: see the README. */
  readonly served: readonly Served[];
  readonly onFault: OnFault;
  /** Of a request body, before and after decompression. */
  readonly maxBodyBytes?: number;
  /** A client that wants longer is refused, so that no call waits for ever. */
  readonly maxTimeoutMs?: Milliseconds;
  /** Aborts when the service stops. */
  readonly shutdownSignal?: AbortSignal;
};

/** Our largest request is a password of 4 kB, or a search of a hundred conditions. */
const defaultMaxBytes = 1024 * 1024;

export type RestHandler = {
  /** Whoever asks plainly for a route that there is. */
  readonly take: Taker;
  /** Everybody else. */
  readonly handle: MaybeHandler;
};

/** Throws at once when a rule cannot work or two rules want the same requests. */
export function makeRestHandler(options: RestOptions): RestHandler {
  const { served, onFault, maxBodyBytes = defaultMaxBytes, maxTimeoutMs = 10 * minute, shutdownSignal } = options;
  const table = makeRouteTable(withRegistry(served));
  const serveRoute = makeServeRoute({
    onFault,
    maxBodyBytes,
    maxTimeoutMs,
    ...(shutdownSignal === undefined ? {} : { shutdownSignal }),
  });

  return {
    take(request, response, context) {
      const type = request.headers["content-type"];
      // By its type it may be a call of another protocol, which is asked before.
      if (type !== undefined && !isJsonType(type)) return false;
      const found = table.find(request.method ?? "", context.path);
      if (found.kind !== "found") return false;
      serveRoute({ request, response, context }, found).catch((cause: unknown) => {
        onFault(cause, context.requestId);
        say(request, response, context);
        replyFault(response);
      });
      return true;
    },
    async handle(request, response, context) {
      const found = table.find(request.method ?? "", context.path);
      if (found.kind === "unknown") return false;
      await serveRoute({ request, response, context }, found);
      return true;
    },
  };
}

/** JSON of an Any needs to know its type: all that the services themselves know, and Google's error details. */
function withRegistry(served: readonly Served[]): Served[] {
  const registry = createRegistry(file_google_rpc_error_details, ...served.map(({ service }) => service.file));
  return served.map((one) => ({ ...one, jsonOptions: { registry, ...one.jsonOptions } }));
}
