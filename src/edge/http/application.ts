// What happens to a request, in which order? Named, protected, then given to the first that knows it: route, RPC, REST.

import { Code } from "@connectrpc/connect";
import { callValues } from "./call-values.ts";
import { clientAddress } from "./client-address.ts";
import { answerPreflight } from "./cors.ts";
import { makeEveryAnswer, say } from "./every-answer.ts";
import {
  reply,
  replyFault,
  replyStatus,
  type ExchangeContext,
  type ExchangeHandler,
  type HttpRequest,
  type HttpResponse,
  type MaybeHandler,
  type RequestListener,
  type Taker,
} from "./exchange.ts";
import { hostNameOf } from "./host-name.ts";
import { requestIdOf } from "./request-id.ts";
import type { OnFault, RpcHandler } from "./rpc.ts";

export type ApplicationOptions = {
  /** By "METHOD /path", for example "GET /healthz". HEAD is answered by GET. */
  readonly routes: ReadonlyMap<string, ExchangeHandler>;
  /** Short ways, asked after the routes. */
  readonly takers?: readonly Taker[];
  readonly rpc: RpcHandler;
  readonly rest: MaybeHandler;
  /** Edges that are no RPC, asked before `rest`. */
  readonly plain?: readonly MaybeHandler[];
  /** Origins of web pages that may call, each whole: "https://app.example.org". */
  readonly allowedOrigins: readonly string[];
  /** Headers that such a page may send besides those that every edge reads. */
  readonly vendorHeaders?: readonly string[];
  /** Proxies of ours in front, see client-address.ts. */
  readonly trustedHops: number;
  /** Told once about each error that nobody expected. */
  readonly onFault: OnFault;
};

export function makeApplication(options: ApplicationOptions): RequestListener {
  const { rpc, rest, onFault, takers = [] } = options;
  const origins = new Set(options.allowedOrigins);
  const routes = byPath(options.routes);
  const everyAnswer = makeEveryAnswer(origins);

  return (request, response) => {
    const requestId = requestIdOf(request);
    const fail = (cause: unknown) => {
      onFault(cause, requestId);
      replyFault(response);
    };
    try {
      const context = introduce(request, requestId);
      if (take(request, response, context)) return;
      say(request, response, context);
      handle(request, response, context).catch(fail);
    } catch (cause) {
      fail(cause);
    }
  };

  function take(request: HttpRequest, response: HttpResponse, context: ExchangeContext): boolean {
    // A preflight is answered before anything else, and so is a route.
    if (request.method === "OPTIONS" || routes.has(context.path)) return false;
    for (const taker of takers) if (taker(request, response, context)) return true;
    return false;
  }

  async function handle(request: HttpRequest, response: HttpResponse, context: ExchangeContext): Promise<void> {
    if (answerPreflight(request, response, origins, options.vendorHeaders)) return;
    const route = routes.get(context.path);
    if (route !== undefined) {
      await follow(route, request, response, context);
      return;
    }
    if (rpc(request, response, context)) return;
    for (const edge of options.plain ?? []) if (await edge(request, response, context)) return;
    if (await rest(request, response, context)) return;
    replyStatus(response, 404, Code.NotFound, "Not Found");
  }

  /** What is known of every request, and said on every answer. */
  function introduce(request: HttpRequest, requestId: string): ExchangeContext {
    const address = clientAddress(request, options.trustedHops);
    const values = callValues({ address, host: hostNameOf(request), requestId });
    const from = { isSecure: "encrypted" in request.socket, origin: request.headers.origin };
    return { requestId, address, path: pathOf(request.url ?? "/"), said: everyAnswer(from, requestId), values };
  }
}

type Route = ReadonlyMap<string, ExchangeHandler>;

function byPath(routes: ReadonlyMap<string, ExchangeHandler>): ReadonlyMap<string, Route> {
  const paths = new Map<string, Map<string, ExchangeHandler>>();
  for (const [name, handler] of routes) {
    const [method = "", path = ""] = name.split(" ");
    const methods = paths.get(path) ?? new Map<string, ExchangeHandler>();
    paths.set(path, methods.set(method, handler));
    if (method === "GET") methods.set("HEAD", handler);
  }
  return paths;
}

async function follow(
  route: Route,
  request: HttpRequest,
  response: HttpResponse,
  context: ExchangeContext,
): Promise<void> {
  const handler = route.get(request.method ?? "");
  if (handler === undefined) reply(response, 405, { allow: [...route.keys()].join(", ") });
  else await handler(request, response, context);
}

/** A proxy's absolute form is taken too. Spec: RFC 9112 §3.2.2. */
function pathOf(target: string): string {
  const local = target.startsWith("/") ? target : target.replace(/^https?:\/\/[^/?#]*/i, "");
  const end = local.search(/[?#]/);
  return end < 0 ? local : local.slice(0, end);
}
