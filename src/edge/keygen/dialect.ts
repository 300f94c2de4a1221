// How does a Keygen account reset? The arguments that this edge gives to the acts.

import type { PasswordPolicy } from "../../password/policy.ts";
import type { Dialect } from "../../reset/dialect.ts";

/** Vendor: Keygen, 6 to 72 characters and no other rule; we refuse common passwords everywhere. Guard: ASVS 5.0 6.2.4. */
const passwordPolicy: PasswordPolicy = {
  minLength: 6,
  maxLength: 72,
  requireLowercase: false,
  requireUppercase: false,
  requireDigit: false,
  requireSymbol: false,
  refuseCommon: true,
  contextWords: [],
};

export const keygenDialect: Dialect = {
  name: "keygen",
  returnedShape: "keygen",
  linkShape: "keygen",
  linkNames: [],
  linkNeedsCode: true,
  missingAddress: "ignore",
  unverifiedAddress: "refuse",
  unknownUser: "hide",
  toldFirst: "proof",
  passwordPolicy,
};
