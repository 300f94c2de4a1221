// Which host name was a request sent to? Its sender chose it: it may find a realm, and never makes a link.

import type { IncomingHttpHeaders } from "node:http";

/** In lower case, without a port. By HTTP/2's name of it or the header of HTTP/1.1; no header of a proxy is read. */
export function hostNameOf({ headers }: { readonly headers: IncomingHttpHeaders }): string {
  const authority = headers[":authority"] ?? headers.host;
  return String(authority ?? "")
    .toLowerCase()
    .replace(/:\d*$/, "");
}
