// How does our own API reset? The arguments that it gives to the acts.

import type { PasswordPolicy } from "../../password/policy.ts";
import type { Dialect } from "../../reset/dialect.ts";

export const nativeName = "native";

/** `passwordPolicy` is for realms that have none of their own. */
export function nativeDialect(passwordPolicy: PasswordPolicy): Dialect {
  return {
    name: nativeName,
    returnedShape: "code",
    linkShape: "link",
    linkNames: ["UserID", "Code", "OrgID", "LoginName"],
    linkNeedsCode: true,
    missingAddress: "refuse",
    unverifiedAddress: "refuse",
    unknownUser: "hide",
    toldFirst: "password",
    passwordPolicy,
  };
}
