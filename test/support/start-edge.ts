// How does a test get a running edge? On a free loopback port, closed when the test is over.

import { onTestFinished } from "vitest";
import { makeApplication, type ApplicationOptions } from "../../src/edge/http/application.ts";
import { takeHttpCalls } from "../../src/edge/http/fast/take-http-calls.ts";
import { takeUnaryCalls } from "../../src/edge/http/fast/take-unary-calls.ts";
import type { RequestListener } from "../../src/edge/http/exchange.ts";
import { openListener, type Listener, type ListenerOptions } from "../../src/edge/http/listener.ts";
import { makeRpc, type RpcHandler, type RpcOptions } from "../../src/edge/http/rpc.ts";
import type { Served } from "../../src/edge/http/served.ts";

export type Edge = Listener & {
  readonly url: string;
  readonly port: number;
  /** How many were not taken by the fast path. */
  requests(): number;
  /** How many of those went the way of connect. */
  ordinaryRequests(): number;
  /** What was reported as unexpected, with the id of its request. */
  readonly faults: readonly { readonly cause: unknown; readonly requestId: string }[];
};

export type EdgeOptions = {
  readonly served?: readonly Served[];
  readonly rpc?: Omit<RpcOptions, "onFault">;
  readonly application?: Partial<ApplicationOptions>;
  readonly listener?: Partial<ListenerOptions>;
  /** Taken unless it is false. */
  readonly fastPath?: boolean;
};

export async function startEdge(options: EdgeOptions = {}): Promise<Edge> {
  const faults: { cause: unknown; requestId: string }[] = [];
  const onFault = (cause: unknown, requestId: string) => void faults.push({ cause, requestId });
  const served = options.served ?? [];
  const rpc = { ...options.rpc, onFault };
  const ordinary = makeRpc(served, rpc);
  let ordinaryRequests = 0;
  const counted: RpcHandler = (...exchange) => {
    ordinaryRequests += 1;
    return ordinary(...exchange);
  };
  const application: ApplicationOptions = {
    routes: new Map(),
    takers: options.fastPath === false ? [] : [takeHttpCalls({ ...rpc, served, ordinary: counted })],
    rpc: counted,
    rest: async () => false,
    allowedOrigins: [],
    trustedHops: 0,
    onFault,
    ...options.application,
  };
  const handle = makeApplication(application);
  let requests = 0;
  const onRequest: RequestListener = (request, response) => {
    requests += 1;
    handle(request, response);
  };
  const takeStream =
    options.fastPath === false ? undefined : takeUnaryCalls({ ...application, ...rpc, served, onRequest });
  const listener = await openListener({
    host: "127.0.0.1",
    port: 0,
    onRequest,
    ...(takeStream && { takeStream }),
    ...options.listener,
  });
  onTestFinished(async () => listener.close({ graceMs: 0 }));
  return {
    ...listener,
    url: listener.address.url,
    port: listener.address.port,
    requests: () => requests,
    ordinaryRequests: () => ordinaryRequests,
    faults,
  };
}
