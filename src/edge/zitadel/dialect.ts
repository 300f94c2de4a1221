// How does a Zitadel instance reset? The arguments that this edge gives to the acts.

import type { PasswordPolicy } from "../../password/policy.ts";
import type { Dialect } from "../../reset/dialect.ts";

/**
 * Vendor: Zitadel v2, default complexity: at least 8, one of each kind. The vendor has no upper bound but the 200 of
 * the field, and knows no common passwords; we refuse those everywhere. Guard: ASVS 5.0 6.2.4.
 */
const passwordPolicy: PasswordPolicy = {
  minLength: 8,
  maxLength: 200,
  requireLowercase: true,
  requireUppercase: true,
  requireDigit: true,
  requireSymbol: true,
  refuseCommon: true,
  contextWords: [],
};

export const zitadelDialect: Dialect = {
  name: "zitadel",
  returnedShape: "zitadel",
  linkShape: "zitadel",
  linkNames: ["UserID", "Code", "OrgID"],
  linkNeedsCode: false,
  missingAddress: "ignore",
  unverifiedAddress: "use",
  unknownUser: "tell",
  toldFirst: "proof",
  passwordPolicy,
};
