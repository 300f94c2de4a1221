// Who may come in? The gate of our own API: an API key, checked before a body is read.

import { Code } from "@connectrpc/connect";

import type { IdentifyCaller } from "../../reset/api-key.ts";
import { bearerOf } from "../http/bearer.ts";
import { callerKey } from "../http/caller-value.ts";
import { richError } from "../http/rich-error.ts";
import type { Gate } from "../http/served.ts";
import { refuseSwitchedOff } from "../http/switched-off.ts";
import { nativeName } from "./dialect.ts";

export function apiKeyGate(identify: IdentifyCaller): Gate {
  return (context, header = context.requestHeader) => {
    const bearer = bearerOf(header);
    const caller = bearer.kind === "token" ? identify(bearer.token) : undefined;
    if (caller === undefined) {
      const error = richError({
        code: Code.Unauthenticated,
        reason: bearer.kind === "absent" ? "API_KEY_MISSING" : "API_KEY_INVALID",
        message:
          bearer.kind === "absent"
            ? "send an API key as `authorization: Bearer rk_…`"
            : "the API key is not known; send one of this service as `authorization: Bearer rk_…`",
      });
      // Spec: RFC 9110 §11.6.1.
      error.metadata.set("www-authenticate", "Bearer");
      throw error;
    }
    refuseSwitchedOff(context, caller.realm, nativeName);
    context.values.set(callerKey, caller);
  };
}
