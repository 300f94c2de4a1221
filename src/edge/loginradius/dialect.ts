// How does a LoginRadius app reset? The arguments that this edge gives to the acts.

import type { PasswordPolicy } from "../../password/policy.ts";
import type { Dialect } from "../../reset/dialect.ts";

/** Vendor: LoginRadius, documented default: at least 10, a number and a symbol. We refuse common ones everywhere. */
const passwordPolicy: PasswordPolicy = {
  minLength: 10,
  maxLength: 200,
  requireLowercase: false,
  requireUppercase: false,
  requireDigit: true,
  requireSymbol: true,
  refuseCommon: true,
  contextWords: [],
};

export const loginRadiusDialect: Dialect = {
  name: "loginradius",
  returnedShape: "loginradius_code",
  linkShape: "loginradius_token",
  linkNames: [],
  linkNeedsCode: false,
  missingAddress: "refuse",
  unverifiedAddress: "refuse",
  unknownUser: "hide",
  toldFirst: "password",
  passwordPolicy,
};
