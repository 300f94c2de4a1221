// Which credential does a call bring? Reads `authorization: Bearer …`, and nothing else.

import type { HeaderReader } from "./request-headers.ts";

export type Bearer =
  | { readonly kind: "absent" }
  | { readonly kind: "malformed" }
  | { readonly kind: "token"; readonly token: string };

/** Spec: RFC 6750 §2.1. A longer header than any key of ours is not looked at. */
const bearerForm = /^Bearer +([A-Za-z0-9._~+/-]{1,512}=*)$/i;

export function bearerOf(header: HeaderReader): Bearer {
  const authorization = header.get("authorization");
  if (authorization === null) return { kind: "absent" };
  const token = bearerForm.exec(authorization)?.[1];
  return token === undefined ? { kind: "malformed" } : { kind: "token", token };
}
