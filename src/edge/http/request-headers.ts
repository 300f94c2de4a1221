// Which headers did a request bring? As connect and fetch know them, whichever HTTP version they came by.

import type { IncomingHttpHeaders } from "node:http2";

import { byPreference } from "./compression.ts";
import type { HttpRequest } from "./exchange.ts";

/** A header by its name in lower case, in the words of `Headers`. */
export type HeaderReader = Pick<Headers, "get">;

/** Spec: Fetch, "normalize": what a value neither begins nor ends with. */
const edges = /^[\t\n\r ]+|[\t\n\r ]+$/g;
const hasEdges = /^[\t\n\r ]|[\t\n\r ]$/;

/** One at a time: all of them together cost more than a call's own work. For headers whose order says nothing. */
export function readHeaders(fields: IncomingHttpHeaders): HeaderReader {
  return {
    get(name) {
      const value = fields[name];
      if (value === undefined) return null;
      return typeof value === "string" ? normalized(value) : value.map(normalized).join(", ");
    },
  };
}

function normalized(value: string): string {
  return hasEdges.test(value) ? value.replace(edges, "") : value;
}

export function headersOf(request: HttpRequest): Headers {
  return toHeaders(request.headers);
}

/** The same as an RPC sees them: what the client accepts stands in the order that it prefers. */
export function callHeaders(fields: IncomingHttpHeaders): Headers {
  const headers = toHeaders(fields);
  const accepted = headers.get("accept-encoding");
  if (accepted !== null) headers.set("accept-encoding", byPreference(accepted));
  return headers;
}

function toHeaders(fields: IncomingHttpHeaders): Headers {
  const headers = new Headers();
  for (const [name, value] of Object.entries(fields)) {
    // HTTP/2's own fields, such as ":path", are no headers.
    if (name.startsWith(":") || value === undefined) continue;
    for (const one of Array.isArray(value) ? value : [value]) headers.append(name, one);
  }
  return headers;
}
