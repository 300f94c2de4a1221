// Who makes this call? Where a gate leaves the caller that it found, and where handlers take the whole call from.

import { createContextKey, type ContextKey, type HandlerContext } from "@connectrpc/connect";

import type { Call, Caller } from "../../reset/caller.ts";
import type { PublicCall } from "../../reset/public-callers.ts";
import { addressKey, hostKey, requestIdKey, requestNumberKey, userIdKey } from "./call-values.ts";

export const callerKey: ContextKey<Caller | undefined> = createContextKey<Caller | undefined>(undefined, {
  description: "the caller that the gate found",
});

/** The call as an act sees it. Only behind a gate that sets the caller. */
export function callOf(context: Pick<HandlerContext, "values">): Call {
  const caller = context.values.get(callerKey);
  if (caller === undefined) throw new Error("a handler ran without its gate");
  return { caller, address: context.values.get(addressKey), requestId: context.values.get(requestIdKey) };
}

/** A stranger's call as an act sees it, which says by itself for the record whose it is. */
export function publicCallOf({ values }: Pick<HandlerContext, "values">): PublicCall {
  return {
    host: values.get(hostKey),
    address: values.get(addressKey),
    requestId: values.get(requestIdKey),
    onKnown({ caller, userId, requestNumber }) {
      values.set(callerKey, caller).set(userIdKey, userId).set(requestNumberKey, requestNumber);
    },
  };
}
