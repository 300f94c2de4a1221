// What does a caller hear of a failure that has no words? That it was ours, and nothing of its cause.

import { Code, ConnectError } from "@connectrpc/connect";

export function internalError(): ConnectError {
  return new ConnectError("internal error", Code.Internal);
}

/** A failure that has words keeps them. */
export function inWords(cause: unknown): ConnectError {
  return cause instanceof ConnectError ? cause : internalError();
}
