// In which order does the service start and stop? Readiness before the first call, and no call lost at the end.

import { Code, ConnectError } from "@connectrpc/connect";

import type { Listener } from "./edge/http/listener.ts";
import type { ServingSource } from "./edge/grpc/health.ts";
import type { Milliseconds } from "./units.ts";

/** What a load balancer is told, and what open streams end with. */
export type Lifecycle = ServingSource & {
  readonly shutdownSignal: AbortSignal;
  /** Says "not serving" and ends open streams with UNAVAILABLE. */
  drain(): void;
};

export function makeLifecycle(): Lifecycle {
  const changed = new EventTarget();
  const shutdown = new AbortController();
  let state: "serving" | "not_serving" = "serving";
  return {
    current: () => state,
    changed,
    shutdownSignal: shutdown.signal,
    drain() {
      state = "not_serving";
      changed.dispatchEvent(new Event("change"));
      shutdown.abort(new ConnectError("the service is stopping", Code.Unavailable));
    },
  };
}

/**
 * Stops in order: tell the balancer, end streams, take no new call and let those under way finish, then close what they
 * used, the newest first. Every closing is tried, whatever the ones before it did.
 */
export async function stop(parts: {
  readonly lifecycle: Lifecycle;
  readonly listener: Listener;
  readonly graceMs: Milliseconds;
  readonly resources: readonly { close(): void | Promise<void> }[];
}): Promise<void> {
  parts.lifecycle.drain();
  await parts.listener.close({ graceMs: parts.graceMs });
  const failures: unknown[] = [];
  for (const resource of parts.resources.toReversed()) {
    try {
      await resource.close();
    } catch (cause) {
      failures.push(cause);
    }
  }
  if (failures.length > 0) throw new AggregateError(failures, "some resources did not close");
}
