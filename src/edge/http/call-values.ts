// What does the transport tell a handler about a call, beside its headers?

import { createContextKey, type ContextKey, type ContextValues } from "@connectrpc/connect";

import type { Milliseconds } from "../../units.ts";

/** Where the call came from: an IP address as text, never a port. */
export const addressKey: ContextKey<string> = createContextKey("", {
  description: "the IP address the call came from",
});

/** The host name that the request was sent to, in lower case, without a port. Its sender chose it. */
export const hostKey: ContextKey<string> = createContextKey("", { description: "the host name the call was sent to" });

/** Quoted in the log and in the answer, so that the two can be brought together. */
export const requestIdKey: ContextKey<string> = createContextKey("", { description: "the id of the HTTP request" });

/** By the clock that only goes forward: `performance.now()`. */
export const begunAtKey: ContextKey<Milliseconds> = createContextKey<Milliseconds>(0, {
  description: "when the headers of the call were read",
});

/** Set where a protocol is known. What speaks none is a page, or an edge that is no RPC. */
export const protocolKey: ContextKey<string> = createContextKey("http", {
  description: "connect, grpc, grpc-web, rest or http",
});

/** Set by a handler that has started something which people will speak of by this number. */
export const requestNumberKey: ContextKey<string | undefined> = createContextKey<string | undefined>(undefined, {
  description: "the number that log, message and support share",
});

/** False when the client certainly set none, so that nothing has to watch for it. */
export const hasDeadlineKey: ContextKey<boolean> = createContextKey(true, {
  description: "whether the client's deadline may end the call",
});

/** Set by a handler that has found out whom a call is about. For the record only. */
export const userIdKey: ContextKey<string | undefined> = createContextKey<string | undefined>(undefined, {
  description: "the user that the call is about",
});

/** Set by a gate to whose caller the service is not there. */
export const notServedKey: ContextKey<boolean> = createContextKey(false, {
  description: "whether the call is answered as one of an unknown service",
});

/** Connect's own are made of three functions and a dictionary for each call; these are all of one shape. */
class CallValues implements ContextValues {
  [id: symbol]: unknown;

  constructor(address: string, host: string, requestId: string) {
    this[addressKey.id] = address;
    this[hostKey.id] = host;
    this[requestIdKey.id] = requestId;
    this[begunAtKey.id] = performance.now();
  }

  get<T>(key: ContextKey<T>): T {
    return key.id in this ? (this[key.id] as T) : key.defaultValue;
  }

  set<T>(key: ContextKey<T>, value: T): this {
    this[key.id] = value;
    return this;
  }

  delete(key: ContextKey<unknown>): this {
    delete this[key.id];
    return this;
  }
}

export function callValues(of: {
  readonly address: string;
  readonly host: string;
  readonly requestId: string;
}): ContextValues {
  return new CallValues(of.address, of.host, of.requestId);
}
