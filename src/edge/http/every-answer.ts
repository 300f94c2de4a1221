// What does every answer say, whoever gives it? The id of its request, what protects it, and which page may read it.

import type { ExchangeContext, HttpRequest, HttpResponse } from "./exchange.ts";
import { corsFields } from "./cors.ts";
import { securityHeaders } from "./security-headers.ts";
import { dropUnread } from "./unread.ts";

/** Names and values in turn, of one request. */
export function makeEveryAnswer(origins: ReadonlySet<string>) {
  const plain = Object.entries(securityHeaders(false)).flat();
  const secure = Object.entries(securityHeaders(true)).flat();
  return (from: { readonly isSecure: boolean; readonly origin: unknown }, requestId: string): readonly string[] =>
    ["x-request-id", requestId].concat(from.isSecure ? secure : plain, corsFields(from.origin, origins));
}

/** To be called before the answer begins, by whoever does not write `said` with it. May be called twice. */
export function say(request: HttpRequest, response: HttpResponse, { said }: Pick<ExchangeContext, "said">): void {
  if (response.headersSent) return;
  dropUnread(request, response);
  for (let at = 0; at < said.length; at += 2) response.setHeader(said[at] ?? "", said[at + 1] ?? "");
}
