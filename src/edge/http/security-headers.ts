// Which headers protect every answer, whatever it is?

/** Two years. Guard: ASVS 5.0 3.4.1 asks for one at least. */
const hsts = "max-age=63072000; includeSubDomains";

export function securityHeaders(secure: boolean): Readonly<Record<string, string>> {
  return {
    // Answers carry codes and personal data: no cache between us and the caller may keep them. Guard: ASVS 5.0 14.3.2.
    "cache-control": "no-store",
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    ...(secure ? { "strict-transport-security": hsts } : {}),
  };
}
