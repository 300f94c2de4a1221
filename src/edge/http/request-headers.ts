// Which headers did a request bring? As connect and fetch know them, whichever HTTP version they came by.

import type { HttpRequest } from "./exchange.ts";

export function headersOf(request: HttpRequest): Headers {
  const headers = new Headers();
  for (const [name, value] of Object.entries(request.headers)) {
    // HTTP/2's own fields, such as ":path", are no headers.
    if (name.startsWith(":") || value === undefined) continue;
    for (const one of Array.isArray(value) ? value : [value]) headers.append(name, one);
  }
  return headers;
}
