// What does the head of an HTTP request say?

import type { HttpRequest } from "../http/exchange.ts";

/** Without the question mark; may be empty. */
export function queryOf({ url: target = "" }: HttpRequest): string {
  const at = target.indexOf("?");
  return at < 0 ? "" : target.slice(at + 1).split("#", 1)[0]!;
}

export function single(request: HttpRequest, name: string): string | undefined {
  const value = request.headers[name];
  return Array.isArray(value) ? value.join(", ") : value;
}
