// What does the vendor say when the rules say no? One row per reason, with the vendor's numbers.

import type { PolicyViolation } from "../../password/policy.ts";
import type { RefusalDetails, RefusalOf, RefusalReason } from "../../reset/refusal.ts";
import type { PlainAnswer, PlainWords } from "../http/plain-call.ts";
import { proofKindKey, type ProofKind } from "./proof.ts";
import { vendorError, type VendorCode } from "./vendor-error.ts";

/** Vendor: LoginRadius, per kind of proof. */
const proofCodes = {
  token: { wrong: 1063, used: 974, expired: 975, replaced: 979 },
  email_otp: { wrong: 1185, used: 1186, expired: 1187, replaced: 1187 },
  phone_otp: { wrong: 1067, used: 1068, expired: 1069, replaced: 1070 },
} as const satisfies Record<ProofKind, Record<string, VendorCode>>;

type Row<Reason extends RefusalReason> = (details: RefusalOf<Reason>, proof: ProofKind) => VendorCode | PlainAnswer;

const rows: { readonly [Reason in RefusalReason]: Row<Reason> } = {
  permission_missing: () => 1143,
  realm_unknown: () => 942,
  bot_check_required: () => 1218,
  bot_check_failed: ({ problem }) => (problem === "captcha_unavailable" ? vendorError(950, { status: 503 }) : 1218),
  user_unknown: (_, proof) => (proof === "phone_otp" ? 1043 : 938),
  user_not_ready: () => 970,
  channel_unavailable: ({ channel }) => (channel === "sms" ? 1043 : 1039),
  url_template_invalid: () => 1249,
  url_template_missing: () => vendorError(908, { description: "The resetpasswordurl is a required parameter." }),
  template_unknown: () => 950,
  delivery_unknown: () => 971,
  delivery_not_resendable: () => 971,
  delivery_off: ({ channel }) => (channel === "sms" ? 1071 : 950),
  // What is told of a secret's past is for its holder only.
  code_absent: (_, proof) => proofCodes[proof].wrong,
  code_wrong: (_, proof) => proofCodes[proof].wrong,
  code_replaced: (_, proof) => proofCodes[proof].replaced,
  code_expired: ({ matched }, proof) => proofCodes[proof][matched ? "expired" : "wrong"],
  code_used: ({ matched }, proof) => proofCodes[proof][matched ? "used" : "wrong"],
  code_exhausted: (_, proof) => proofCodes[proof].replaced,
  recovery_blocked: () => 1198,
  code_busy: (_, proof) => proofCodes[proof].used,
  guesses_spent: () => 1198,
  rate_limited: ({ limit }, proof) => limitCode(limit, proof),
  password_rejected: ({ violations }) => rejected(violations),
  password_incorrect: () => 967,
  password_not_set: () => 967,
  password_unchanged: () => 1015,
  hash_unsupported: () => 1015,
  hash_too_costly: () => 1015,
  user_exists: () => 971,
  organization_unknown: () => 971,
  field_invalid: ({ field }) => vendorError(908, { description: `The ${field} is not valid.` }),
  conflict: () => vendorError(950, { status: 503 }),
  overloaded: () => vendorError(950, { status: 503 }),
};

export const loginRadiusWords: PlainWords = {
  refusal(details, { values }) {
    const row = rows[details.reason] as (details: RefusalDetails, proof: ProofKind) => VendorCode | PlainAnswer;
    const said = row(details, values.get(proofKindKey));
    return typeof said === "number" ? vendorError(said) : said;
  },
  unreadable: (problem) => vendorError(1090, problem === "too_large" ? { status: 413 } : {}),
  wrongMethod: () => vendorError(971, { status: 405 }),
  outage: () => vendorError(950, { status: 503 }),
  fault: () => vendorError(950),
};

/** Vendor: LoginRadius, what one person has too much of has its own code; what a site has too much of is a plain 429. */
function limitCode(limit: string, proof: ProofKind): VendorCode {
  const isSms = proof === "phone_otp";
  switch (limit) {
    case "start_recovery.identifier":
    case "send_message.account":
      return isSms ? 1123 : 1122;
    case "return_code.account":
      return isSms ? 1179 : 1178;
    default:
      return 429;
  }
}

/** Vendor: LoginRadius, 1134 says of each field what is wrong; a password that is only known or obvious has its own code. */
function rejected(violations: readonly PolicyViolation[]): VendorCode | PlainAnswer {
  const errors = violations.flatMap((violation) => {
    const words = ruleWords(violation);
    return words === undefined ? [] : [{ FieldName: "Password", ErrorMessage: words }];
  });
  if (errors.length > 0) return vendorError(1134, { errors });
  return violations.some(({ rule }) => rule === "common") ? 1315 : 1216;
}

function ruleWords(violation: PolicyViolation): string | undefined {
  switch (violation.rule) {
    case "too_short":
      return `The Password field must be at least ${violation.minLength} characters in length.`;
    case "too_long":
      return `The Password field must not exceed ${violation.maxLength} characters in length.`;
    case "lowercase_missing":
      return "The Password field must contain a lower-case letter.";
    case "uppercase_missing":
      return "The Password field must contain an upper-case letter.";
    case "digit_missing":
      return "The Password field must contain a number.";
    case "symbol_missing":
      return "The Password field must contain a special character.";
    case "common":
    case "context_word":
      return undefined;
  }
}
