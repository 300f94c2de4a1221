// What does the vendor say when the rules say no? One row per reason, with the vendor's statuses, codes and pointers.
//
// Vendor: Keygen 1.8. Codes that start with REKEY are ours, for cases that the vendor does not have; the README lists them.

import type { PolicyViolation } from "../../password/policy.ts";
import type { RefusalDetails, RefusalOf, RefusalReason } from "../../reset/refusal.ts";
import type { JsonError } from "./json-error.ts";

/** What a row may name of the request: the user as the path names it. */
type Asked = { readonly user: string };

type Row<Reason extends RefusalReason> = (details: RefusalOf<Reason>, asked: Asked) => JsonError;

/** Vendor: Keygen, an unknown user and a wrong token are the same. */
const notFound = (_: unknown, { user }: Asked): JsonError => ({
  status: 404,
  detail: `The requested user '${user}' was not found`,
  code: "NOT_FOUND",
});

const tooMany = (): JsonError => ({
  status: 429,
  detail: "Throttle limit has been reached",
  code: "TOO_MANY_REQUESTS",
});
const denied = (): JsonError => ({ status: 403, detail: "You do not have permission to complete the request" });

/** Where the vendor has nothing like it. */
function ours(status: number, code: string, detail: string): () => JsonError {
  return () => ({ status, detail, code: `REKEY_${code}` });
}

const words: { readonly [Reason in RefusalReason]: Row<Reason> } = {
  permission_missing: denied,
  realm_unknown: () => ({ status: 404, detail: "account is required", code: "NOT_FOUND" }),
  bot_check_required: tooMany,
  bot_check_failed: tooMany,
  recovery_blocked: ours(403, "BLOCKED", "The user has asked for no more resets for a time"),
  user_unknown: notFound,
  user_not_ready: notFound,
  channel_unavailable: notFound,
  url_template_invalid: ours(500, "PAGE_INVALID", "The password page of the account cannot be used"),
  url_template_missing: ours(500, "PAGE_MISSING", "The account has no password page"),
  template_unknown: ours(500, "TEMPLATE_UNKNOWN", "The account has no such template"),
  delivery_unknown: ours(404, "DELIVERY_UNKNOWN", "The delivery was not found"),
  delivery_not_resendable: ours(409, "DELIVERY_NOT_RESENDABLE", "The delivery cannot be sent again"),
  delivery_off: ours(503, "DELIVERY_OFF", "Nothing is configured that could send"),
  code_absent: notFound,
  code_wrong: notFound,
  code_replaced: notFound,
  code_expired: (details, asked) =>
    details.matched
      ? { status: 401, detail: "is expired", source: { pointer: "/meta/passwordResetToken" } }
      : notFound(details, asked),
  code_used: notFound,
  code_exhausted: notFound,
  code_busy: ours(409, "TOKEN_BUSY", "The token is being used by another request at this moment"),
  guesses_spent: tooMany,
  rate_limited: tooMany,
  password_rejected: ({ violations }) => passwordWords(violations[0]),
  password_incorrect: oldPasswordInvalid,
  password_not_set: oldPasswordInvalid,
  password_unchanged: () => passwordError("PASSWORD_UNCHANGED", "must differ from the old password"),
  hash_unsupported: ours(400, "HASH_UNSUPPORTED", "The hash is not supported"),
  hash_too_costly: ours(400, "HASH_TOO_COSTLY", "The hash is too costly"),
  user_exists: ours(409, "USER_EXISTS", "The user exists already"),
  organization_unknown: ours(404, "ORGANIZATION_UNKNOWN", "The organization was not found"),
  field_invalid: ours(400, "FIELD_INVALID", "A field is not valid"),
  conflict: ours(409, "CONFLICT", "The user was changed at the same moment"),
  overloaded: ours(503, "BUSY", "The service is busy"),
};

export function refusalError(details: RefusalDetails, asked: Asked): JsonError {
  const row = words[details.reason] as (details: RefusalDetails, asked: Asked) => JsonError;
  return row(details, asked);
}

function oldPasswordInvalid(): JsonError {
  return { status: 401, detail: "is not valid", source: { pointer: "/meta/oldPassword" } };
}

/** Vendor: Keygen, one error, for the first rule that is broken. */
function passwordWords(violation: PolicyViolation | undefined): JsonError {
  switch (violation?.rule) {
    case "too_long": {
      return passwordError("PASSWORD_TOO_LONG", `is too long (maximum is ${violation.maxLength} characters)`);
    }
    case "lowercase_missing":
      return passwordError("PASSWORD_LOWERCASE_MISSING", "must contain a lower-case letter");
    case "uppercase_missing":
      return passwordError("PASSWORD_UPPERCASE_MISSING", "must contain an upper-case letter");
    case "digit_missing":
      return passwordError("PASSWORD_DIGIT_MISSING", "must contain a digit");
    case "symbol_missing":
      return passwordError("PASSWORD_SYMBOL_MISSING", "must contain a symbol");
    case "common":
      return passwordError("PASSWORD_TOO_COMMON", "is too common");
    case "context_word":
      return passwordError("PASSWORD_TOO_OBVIOUS", "is too close to a name");
    case "too_short":
    case undefined:
      return passwordError("PASSWORD_TOO_SHORT", `is too short (minimum is ${violation?.minLength ?? 6} characters)`);
  }
}

/** Vendor: Keygen, the pointer is into the user, not into the request. */
function passwordError(code: string, detail: string): JsonError {
  const about = "https://keygen.sh/docs/api/users/#users-object";
  return { status: 422, detail, code, source: { pointer: "/data/attributes/password" }, about };
}
