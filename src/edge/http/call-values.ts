// What does the transport tell a handler about a call, beside its headers?

import { createContextKey, createContextValues, type ContextKey, type ContextValues } from "@connectrpc/connect";

/** Where the call came from: an IP address as text, never a port. */
export const addressKey: ContextKey<string> = createContextKey("", {
  description: "the IP address the call came from",
});

/** Quoted in the log and in the answer, so that the two can be brought together. */
export const requestIdKey: ContextKey<string> = createContextKey("", { description: "the id of the HTTP request" });

/** Set by a handler that has started something which people will speak of by this number. */
export const requestNumberKey: ContextKey<string | undefined> = createContextKey<string | undefined>(undefined, {
  description: "the number that log, message and support share",
});

export function callValues(of: { readonly address: string; readonly requestId: string }): ContextValues {
  return createContextValues().set(addressKey, of.address).set(requestIdKey, of.requestId);
}
