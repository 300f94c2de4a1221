// Which web pages may call us from a browser? Those on a list of origins, and no other.

import { cors } from "@connectrpc/connect";
import { hour, second } from "../../units.ts";
import { reply, type HttpRequest, type HttpResponse } from "./exchange.ts";

const allowedMethods = [...new Set([...cors.allowedMethods, "GET", "POST", "PUT", "PATCH", "DELETE"])].join(", ");

const allowedHeaders = [...cors.allowedHeaders, "Authorization", "Accept-Language", "X-Request-Id"].join(", ");

const exposedHeaders = [...cors.exposedHeaders, "X-Request-Id", "Retry-After", "WWW-Authenticate"].join(", ");

/** How long a browser remembers a preflight. Chromium's ceiling is two hours. */
const maxAgeSeconds = String((2 * hour) / second);

const notAllowed = ["vary", "Origin"];

/**
 * What an answer says of this: names and values in turn. Origins are compared as whole strings; `*` is one that no browser
 * sends. Credentials are never allowed: callers bring a bearer token, not a cookie. Guard: ASVS 5.0 3.4.2.
 */
export function corsFields(origin: unknown, origins: ReadonlySet<string>): readonly string[] {
  if (origins.size === 0) return [];
  if (typeof origin !== "string" || !origins.has(origin)) return notAllowed;
  return [...notAllowed, "access-control-allow-origin", origin, "access-control-expose-headers", exposedHeaders];
}

/** Answers true when it took the request, a preflight. */
export function answerPreflight(
  request: HttpRequest,
  response: HttpResponse,
  origins: ReadonlySet<string>,
  vendorHeaders: readonly string[] = [],
): boolean {
  const { origin, "access-control-request-method": asked } = request.headers;
  if (request.method !== "OPTIONS" || asked === undefined || origin === undefined) return false;
  reply(response, 204, typeof origin === "string" && origins.has(origin) ? preflightHeaders(vendorHeaders) : {});
  return true;
}

function preflightHeaders(vendorHeaders: readonly string[]): Readonly<Record<string, string>> {
  return {
    "access-control-allow-methods": allowedMethods,
    "access-control-allow-headers": [allowedHeaders, ...vendorHeaders].join(", "),
    "access-control-max-age": maxAgeSeconds,
  };
}
