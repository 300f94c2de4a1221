// What is served? Every edge, the tools' services and the probes, as one listener of HTTP requests.

import type { Interceptor } from "@connectrpc/connect";

import { health } from "../edge/grpc/health.ts";
import { reflection, reflectionAlpha } from "../edge/grpc/reflection.ts";
import { makeApplication } from "../edge/http/application.ts";
import { endAtDeadline } from "../edge/http/deadline.ts";
import { reply, type ExchangeHandler } from "../edge/http/exchange.ts";
import { takeHttpCalls } from "../edge/http/fast/take-http-calls.ts";
import { takeUnaryCalls } from "../edge/http/fast/take-unary-calls.ts";
import type { ListenerOptions } from "../edge/http/listener.ts";
import type { CallObserver } from "../edge/http/observe-calls.ts";
import { makeRpc } from "../edge/http/rpc.ts";
import { servePlain, type PlainEdge } from "../edge/http/serve-plain.ts";
import { validateMessages } from "../edge/http/validate-messages.ts";
import type { Account as KeygenAccount } from "../edge/keygen/account.ts";
import { keygenEdge } from "../edge/keygen/routes.ts";
import { nativeRoutes } from "../edge/native/routes.ts";
import { makeRestHandler } from "../edge/rest/rest-handler.ts";
import { zitadelDialect } from "../edge/zitadel/dialect.ts";
import { zitadelRoutes } from "../edge/zitadel/routes.ts";
import type { IdentifyCaller } from "../reset/api-key.ts";
import type { Dialect } from "../reset/dialect.ts";
import type { Lifecycle } from "../server.ts";
import type { Clock } from "../units.ts";
import { loginRadiusEdges, type LoginRadiusRealm } from "./login-radius-edges.ts";
import type { Acts } from "./make-acts.ts";

export type Listeners = Pick<ListenerOptions, "onRequest" | "takeStream">;

export function makeRequestListeners(parts: {
  readonly acts: Acts;
  readonly identify: IdentifyCaller;
  readonly observer: CallObserver;
  readonly lifecycle: Lifecycle;
  readonly nativeDialect: Dialect;
  readonly keygenAccounts: readonly KeygenAccount[];
  /** Whether some realm speaks a dialect; where none does, it is not served at all. */
  readonly isSpoken: (dialect: Dialect) => boolean;
  /** Whether some realm lets strangers recover by our own API; where none does, that is not served at all. */
  readonly isRecoveryOpen: boolean;
  /** The realms that LoginRadius's clients call. */
  readonly loginRadius: readonly LoginRadiusRealm[];
  /** Pages besides: the developer's inbox. */
  readonly pages: ReadonlyMap<string, ExchangeHandler>;
  /** Whether calls may be sent to this process. */
  readonly isReady: () => boolean;
  readonly reflection: boolean;
  readonly allowedOrigins: readonly string[];
  readonly trustedHops: number;
  readonly fastPath: boolean;
  readonly clock: Clock;
}): Listeners {
  const { acts, identify, observer, lifecycle } = parts;
  const interceptors: readonly Interceptor[] = [endAtDeadline, validateMessages()];
  const dialects = [
    ...nativeRoutes({
      isSpoken: parts.isSpoken(parts.nativeDialect),
      identify,
      passwords: acts,
      users: acts.manageUsers,
      ...(acts.manageDeliveries && { deliveries: acts.manageDeliveries }),
      ...(acts.recovery && parts.isRecoveryOpen && { recovery: acts.recovery }),
      ...(acts.readInbox && { readInbox: acts.readInbox }),
      dialect: parts.nativeDialect,
      observer,
      interceptors,
    }),
    ...(parts.isSpoken(zitadelDialect) ? zitadelRoutes({ identify, acts, observer, interceptors }) : []),
  ];
  const plainEdges = [
    ...keygenEdges(parts),
    ...(acts.recovery === undefined ? [] : loginRadiusEdges(parts.loginRadius, acts.recovery, parts.clock)),
  ];
  const names = dialects.map(({ service }) => service.typeName);
  const withHealth = [...dialects, health(names, lifecycle)];
  const services = withHealth.map(({ service }) => service);
  const details = withHealth.flatMap(({ errorDetails }) => errorDetails);
  const tools = parts.reflection ? [reflection(services, details), reflectionAlpha(services, details)] : [];
  const served = [...withHealth, ...tools];

  const { onFault, shutdownSignal } = { onFault: observer.fault, shutdownSignal: lifecycle.shutdownSignal };
  const { allowedOrigins, trustedHops } = parts;
  const rest = makeRestHandler({ served: dialects, onFault, shutdownSignal });
  const ordinary = makeRpc(served, { onFault, shutdownSignal });
  const onRequest = makeApplication({
    routes: new Map([...probes(parts.isReady), ...parts.pages]),
    takers: [...(parts.fastPath ? [takeHttpCalls({ served, onFault, shutdownSignal, ordinary })] : []), rest.take],
    rpc: ordinary,
    plain: plainEdges.map((edge) => servePlain(edge, { observer })),
    rest: rest.handle,
    allowedOrigins,
    vendorHeaders: plainEdges.flatMap(({ requestHeaders }) => requestHeaders),
    trustedHops,
    onFault,
  });
  if (!parts.fastPath) return { onRequest };
  const takeStream = takeUnaryCalls({ served, onFault, shutdownSignal, allowedOrigins, trustedHops, onRequest });
  return { onRequest, takeStream };
}

/** None without an account: its paths are nobody's. */
function keygenEdges(parts: {
  readonly acts: Acts;
  readonly identify: IdentifyCaller;
  readonly keygenAccounts: readonly KeygenAccount[];
  readonly clock: Clock;
}): readonly PlainEdge[] {
  const { acts, identify, keygenAccounts: accounts, clock } = parts;
  if (accounts.length === 0 || acts.recovery === undefined) return [];
  return [keygenEdge({ accounts, acts: { ...acts, start: acts.recovery.start }, identify, clock })];
}

/** For orchestrators: is the process alive, and may calls be sent to it? */
function probes(isReady: () => boolean): ReadonlyMap<string, ExchangeHandler> {
  const say = (status: number, word: string): ExchangeHandler => {
    const body = JSON.stringify({ status: word });
    return (_, response) => reply(response, status, { "content-type": "application/json" }, body);
  };
  const alive = say(200, "alive");
  const ready = say(200, "ready");
  const notReady = say(503, "not_ready");
  return new Map<string, ExchangeHandler>([
    ["GET /healthz", alive],
    ["GET /readyz", (...exchange) => (isReady() ? ready : notReady)(...exchange)],
  ]);
}
