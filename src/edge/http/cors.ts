// Which web pages may call us from a browser? Those on a list of origins, and no other.

import { cors } from "@connectrpc/connect";
import { hour, second } from "../../units.ts";
import { reply, type HttpRequest, type HttpResponse } from "./exchange.ts";

const allowedMethods = [...new Set([...cors.allowedMethods, "GET", "POST", "PUT", "PATCH", "DELETE"])].join(", ");

const allowedHeaders = [...cors.allowedHeaders, "Authorization", "Accept-Language", "X-Request-Id"].join(", ");

const exposedHeaders = [...cors.exposedHeaders, "X-Request-Id", "Retry-After", "WWW-Authenticate"].join(", ");

/** How long a browser remembers a preflight. Chromium's ceiling is two hours. */
const maxAgeSeconds = String((2 * hour) / second);

/**
 * Answers true when it took the request, a preflight. Origins are compared as whole strings; `*` is one that no browser
 * sends. Credentials are never allowed: callers bring a bearer token, not a cookie. Guard: ASVS 5.0 3.4.2.
 */
export function answerCors(
  request: HttpRequest,
  response: HttpResponse,
  origins: ReadonlySet<string>,
  vendorHeaders: readonly string[] = [],
): boolean {
  const { origin } = request.headers;
  if (origins.size > 0) response.setHeader("vary", "Origin");
  const allowed = typeof origin === "string" && origins.has(origin);
  if (allowed) {
    response.setHeader("access-control-allow-origin", origin);
    response.setHeader("access-control-expose-headers", exposedHeaders);
  }
  const preflight = request.method === "OPTIONS" && request.headers["access-control-request-method"] !== undefined;
  if (!preflight || origin === undefined) return false;
  reply(response, 204, allowed ? preflightHeaders(vendorHeaders) : {});
  return true;
}

function preflightHeaders(vendorHeaders: readonly string[]): Readonly<Record<string, string>> {
  return {
    "access-control-allow-methods": allowedMethods,
    "access-control-allow-headers": [allowedHeaders, ...vendorHeaders].join(", "),
    "access-control-max-age": maxAgeSeconds,
  };
}
