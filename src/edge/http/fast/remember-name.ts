// By which name did a call reach us? Clients say the same again and again, so that the last one is remembered.

import type { IncomingHttpHeaders } from "node:http2";

import { hostNameOf } from "../host-name.ts";

/** Undefined for a name that makes no URL. */
export function rememberName() {
  let last = { isSecure: false, authority: "", origin: "", host: "" };
  return (isSecure: boolean, headers: IncomingHttpHeaders): Readonly<typeof last> | undefined => {
    const authority = headers[":authority"] ?? headers.host;
    if (authority === undefined) return undefined;
    if (authority !== last.authority || isSecure !== last.isSecure) {
      const url = URL.parse(`${isSecure ? "https" : "http"}://${authority}`);
      if (url === null) return undefined;
      last = { isSecure, authority, origin: url.origin, host: hostNameOf({ headers }) };
    }
    return last;
  };
}
