// What happens to a request, in which order? Named, protected, then given to the first that knows it: route, RPC, REST.

import { Code } from "@connectrpc/connect";
import { callValues } from "./call-values.ts";
import { clientAddress } from "./client-address.ts";
import { answerCors } from "./cors.ts";
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
} from "./exchange.ts";
import { hostNameOf } from "./host-name.ts";
import { requestIdOf } from "./request-id.ts";
import type { OnFault, RpcHandler } from "./rpc.ts";
import { setSecurityHeaders } from "./security-headers.ts";
import { dropUnread } from "./unread.ts";

export type ApplicationOptions = {
  /** By "METHOD /path", for example "GET /healthz". HEAD is answered by GET. */
  readonly routes: ReadonlyMap<string, ExchangeHandler>;
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
  const { rpc, rest, onFault } = options;
  const origins = new Set(options.allowedOrigins);
  const routes = byPath(options.routes);

  return (request, response) => {
    const requestId = requestIdOf(request);
    handle(request, response, requestId).catch((cause: unknown) => {
      onFault(cause, requestId);
      replyFault(response);
    });
  };

  async function handle(request: HttpRequest, response: HttpResponse, requestId: string): Promise<void> {
    dropUnread(request, response);
    const context = introduce(request, response, requestId);
    if (answerCors(request, response, origins, options.vendorHeaders)) return;
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
  function introduce(request: HttpRequest, response: HttpResponse, requestId: string): ExchangeContext {
    const address = clientAddress(request, options.trustedHops);
    response.setHeader("x-request-id", requestId);
    setSecurityHeaders(response, "encrypted" in request.socket);
    const values = callValues({ address, host: hostNameOf(request), requestId });
    return { requestId, address, path: pathOf(request.url ?? "/"), values };
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
  const local = target.replace(/^https?:\/\/[^/?#]*/i, "");
  return local.split(/[?#]/, 1)[0] ?? "/";
}
