// Who may come in? The vendor's personal access token is an API key of ours; the organization header is checked.

import { Code, ConnectError } from "@connectrpc/connect";

import type { IdentifyCaller } from "../../reset/api-key.ts";
import { bearerOf } from "../http/bearer.ts";
import { callerKey } from "../http/caller-value.ts";
import type { HeaderReader } from "../http/request-headers.ts";
import type { Gate } from "../http/served.ts";
import { refuseSwitchedOff } from "../http/switched-off.ts";
import { zitadelDialect } from "./dialect.ts";
import { vendorError } from "./vendor-error.ts";

/** Vendor: Zitadel v2, authentication comes before field validation; its messages are not translated. */
export function accessTokenGate(identify: IdentifyCaller): Gate {
  return (context, header = context.requestHeader) => {
    const bearer = bearerOf(header);
    if (bearer.kind === "absent") throw new ConnectError("auth header missing", Code.Unauthenticated);
    const caller = bearer.kind === "token" ? identify(bearer.token) : undefined;
    if (caller === undefined) {
      throw vendorError({ code: Code.Unauthenticated, id: "AUTH-7fs1e", message: "Errors.Token.Invalid" });
    }
    refuseSwitchedOff(context, caller.realm, zitadelDialect.name);
    const organization = organizationOf(header);
    if (organization !== undefined && !caller.realm.organizations.includes(organization)) {
      throw vendorError({ code: Code.PermissionDenied, id: "AUTH-Bs7Ds", message: "Organisation doesn't exist" });
    }
    context.values.set(callerKey, caller);
  };
}

/** The organization that the caller speaks for; absent and empty are the same. */
export function organizationOf(header: HeaderReader): string | undefined {
  return header.get("x-zitadel-orgid") || undefined;
}
