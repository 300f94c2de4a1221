// Which headers protect every answer, whatever it is?

import type { HttpResponse } from "./exchange.ts";

/** Two years. Guard: ASVS 5.0 3.4.1 asks for one at least. */
const hsts = "max-age=63072000; includeSubDomains";

export function setSecurityHeaders(response: HttpResponse, secure: boolean): void {
  // Answers carry codes and personal data: no cache between us and the caller may keep them. Guard: ASVS 5.0 14.3.2.
  response.setHeader("cache-control", "no-store");
  response.setHeader("x-content-type-options", "nosniff");
  response.setHeader("referrer-policy", "no-referrer");
  if (secure) response.setHeader("strict-transport-security", hsts);
}
