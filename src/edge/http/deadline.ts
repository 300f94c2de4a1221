// What ends a call whose handler takes longer than its client waits? The client's deadline, even if the handler ignores it.

import { Code, ConnectError, type Interceptor } from "@connectrpc/connect";

import { hasDeadlineKey } from "./call-values.ts";

/**
 * Connect only aborts the signal at the deadline, and would send the late answer as a success. The handler goes on in the
 * background: what it has begun is finished or released by its own rules. Streams end by their signal.
 */
export const endAtDeadline: Interceptor = (next) => (request) =>
  request.stream || !request.contextValues.get(hasDeadlineKey)
    ? next(request)
    : beforeDeadline(() => next(request), request.signal);

/** Only the deadline ends a call. A stopping service lets calls in flight finish, and a client that left hears nothing. */
function isDeadline(reason: unknown): reason is ConnectError {
  return reason instanceof ConnectError && reason.code === Code.DeadlineExceeded;
}

async function beforeDeadline<T>(begin: () => Promise<T>, signal: AbortSignal): Promise<T> {
  if (isDeadline(signal.reason)) throw signal.reason;
  return new Promise<T>((resolve, reject) => {
    const onAbort = () => {
      if (isDeadline(signal.reason)) reject(signal.reason);
    };
    signal.addEventListener("abort", onAbort);
    begin()
      .then(resolve, reject)
      .finally(() => signal.removeEventListener("abort", onAbort));
  });
}
