// May a balancer send calls here? The health service that gRPC balancers and orchestrators ask.

import { once } from "node:events";
import { Code, ConnectError, type HandlerContext } from "@connectrpc/connect";
import { Health, HealthCheckResponse_ServingStatus as Status } from "../../../gen/grpc/health/v1/health_pb.ts";
import { serve, type Served } from "../http/served.ts";

/** Turns "not_serving" before the service drains, so that balancers look elsewhere first. */
export type ServingSource = {
  current(): "serving" | "not_serving";
  /** Dispatches "change" after each change. */
  readonly changed: EventTarget;
};

/** `services` are full names, "rekey.v1.UserService". All share one fate; the empty name is the whole process. */
export function health(services: readonly string[], source: ServingSource): Served {
  const known = new Set(["", ...services]);

  function statusOf(service: string): Status {
    if (!known.has(service)) return Status.SERVICE_UNKNOWN;
    return source.current() === "serving" ? Status.SERVING : Status.NOT_SERVING;
  }

  return serve(Health, {
    check: ({ service }) => {
      if (!known.has(service)) throw new ConnectError("this service is not known here", Code.NotFound);
      return { status: statusOf(service) };
    },
    list: () => ({ statuses: Object.fromEntries([...known].map((name) => [name, { status: statusOf(name) }])) }),
    watch: ({ service }, context) => watch(() => statusOf(service), source.changed, context),
  });
}

/** Tells the status at once, then each change, until the client or the process ends it: "not serving" is the last word. */
async function* watch(status: () => Status, changed: EventTarget, { signal }: HandlerContext) {
  let told: Status | undefined;
  for (;;) {
    const now = status();
    if (now !== told) {
      told = now;
      yield { status: now };
    } else if (signal.aborted) {
      throw ConnectError.from(signal.reason, Code.Canceled);
    } else {
      // Nothing is missed: no other code runs between reading the status and listening.
      await once(changed, "change", { signal }).catch(() => undefined);
    }
  }
}
