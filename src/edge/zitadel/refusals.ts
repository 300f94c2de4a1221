// What does the vendor say when the rules say no? One row per reason, with the vendor's ids.
//
// Vendor: Zitadel v2, newest version (4.13 to 4.19). Ids that start with REKEY are ours, for cases that the vendor does
// not have; the README lists them.

import { Code } from "@connectrpc/connect";

import { UserService } from "../../../gen/zitadel/user/v2/user_service_pb.ts";
import type { PolicyViolation } from "../../password/policy.ts";
import type { RefusalDetails, RefusalOf, RefusalReason } from "../../reset/refusal.ts";
import { second } from "../../units.ts";
import type { ErrorWords } from "../http/answer-errors.ts";
import { invalidMessage } from "./invalid.ts";
import { type VendorError, vendorError } from "./vendor-error.ts";

/** Used, never issued, and dead by too many tries are the same to the vendor's clients. */
const codeNotFound: VendorError = { code: Code.FailedPrecondition, id: "COMMAND-2M9fs", message: "Code not found" };

/** Wrong, and replaced by a newer one: the vendor keeps only the newest. Vendor: Zitadel v2, "asked twice". */
const codeWrong: VendorError = { code: Code.InvalidArgument, id: "CODE-woT0xc", message: "Code is invalid" };

/** No call of this dialect asks for one. */
const botCheck: VendorError = { code: Code.FailedPrecondition, id: "REKEY-Bots1", message: "A bot check is needed" };

/** `method` is the name of the call: of some noes the vendor has one id for each. */
type Row<Reason extends RefusalReason> = (details: RefusalOf<Reason>, method: string) => VendorError;

const { passwordReset, setPassword, getUserByID, addHumanUser, createUser, updateUser } = UserService.method;

/** By call; the password calls have their own. */
const unknownUser: Readonly<Record<string, string>> = {
  [getUserByID.name]: "QUERY-Dfbg2",
  [updateUser.name]: "COMMAND-ugjs0upun6",
};

/** What the vendor's own rules would have said of it. */
const invalidFields: Readonly<Record<string, Pick<VendorError, "id" | "message">>> = {
  "email.address": { id: "EMAIL-599BI", message: "Email is invalid" },
  "phone.number": { id: "PHONE-so0wa", message: "Phone is invalid" },
};

function hashUnsupported(method: string): VendorError {
  const id = method === updateUser.name ? "USER-oz74onzvqr" : "USER-JDk4t";
  return { code: Code.InvalidArgument, id, message: "Password hash encoding not supported" };
}

const words: { readonly [Reason in RefusalReason]: Row<Reason> } = {
  permission_missing: ({ hasAny }, method) =>
    hasAny
      ? {
          code: Code.PermissionDenied,
          // The only one that the vendor guards before its command.
          id: method === addHumanUser.name ? "AUTH-5mWD2" : "AUTH-AWfge",
          message: "No matching permissions found",
        }
      : { code: Code.NotFound, id: "AUTHZ-cdgFk", message: "membership not found" },
  realm_unknown: () => ({ code: Code.NotFound, id: "REKEY-Real1", message: "Realm not found" }),
  bot_check_required: () => botCheck,
  bot_check_failed: () => botCheck,
  user_unknown: (_, method) =>
    method === setPassword.name
      ? { code: Code.FailedPrecondition, id: "COMMAND-G8dh3", message: "Password not found" }
      : { code: Code.NotFound, id: unknownUser[method] ?? "COMMAND-SAF4f", message: "User could not be found" },
  user_not_ready: (_, method) => ({
    code: Code.FailedPrecondition,
    id: method === passwordReset.name ? "COMMAND-Sfe4g" : "COMMAND-M9dse",
    message: "User is not yet initialized",
  }),
  channel_unavailable: () => ({
    code: Code.FailedPrecondition,
    id: "REKEY-Chan1",
    message: "No address for the channel",
  }),
  url_template_invalid: ({ problem }) => ({
    code: Code.InvalidArgument,
    id: problem === "unknown_name" ? "DOMAIN-ieYa7" : "DOMAIN-oGh5e",
    message: "URL Template is invalid",
  }),
  url_template_missing: () => ({
    code: Code.FailedPrecondition,
    id: "REKEY-Page1",
    message: "The realm has no password page: send a url template",
  }),
  template_unknown: () => ({ code: Code.InvalidArgument, id: "REKEY-Temp1", message: "Template not found" }),
  delivery_unknown: () => ({ code: Code.NotFound, id: "REKEY-Deli1", message: "Delivery not found" }),
  delivery_not_resendable: () => ({
    code: Code.FailedPrecondition,
    id: "REKEY-Deli2",
    message: "Delivery cannot be sent again",
  }),
  delivery_off: () => ({ code: Code.FailedPrecondition, id: "REKEY-Mail1", message: "No delivery is configured" }),
  code_absent: () => codeNotFound,
  code_wrong: () => codeWrong,
  code_replaced: () => codeWrong,
  code_expired: () => ({ code: Code.FailedPrecondition, id: "CODE-QvUQ4P", message: "Code is expired" }),
  code_used: () => codeNotFound,
  code_exhausted: () => codeNotFound,
  code_busy: () => codeNotFound,
  recovery_blocked: ({ retryAfterMs }, onReset) =>
    onReset
      ? { code: Code.FailedPrecondition, id: "REKEY-Bloc1", message: "Password resets are blocked", retryAfterMs }
      : codeNotFound,
  guesses_spent: ({ retryAfterMs }) => ({
    code: Code.ResourceExhausted,
    id: "REKEY-Gues1",
    message: "Too many wrong codes",
    retryAfterMs,
  }),
  rate_limited: ({ retryAfterMs }) => ({
    code: Code.ResourceExhausted,
    id: "REKEY-Rate1",
    message: "Too many requests",
    retryAfterMs,
  }),
  password_rejected: ({ violations }) => ruleWords(violations[0]),
  password_incorrect: () => ({
    code: Code.InvalidArgument,
    id: "COMMAND-3M0fs",
    message: "Password is invalid",
    detail: "credentials_check",
  }),
  password_not_set: () => ({
    code: Code.FailedPrecondition,
    id: "COMMAND-3nJ4t",
    message: "User has not set a password",
  }),
  password_unchanged: () => ({
    code: Code.FailedPrecondition,
    id: "COMMAND-Aesh5",
    message: "New password cannot be the same as your current password",
  }),
  hash_unsupported: (_, method) => hashUnsupported(method),
  hash_too_costly: (_, method) => hashUnsupported(method),
  user_exists: ({ field }) =>
    field === "user_id"
      ? { code: Code.FailedPrecondition, id: "COMMAND-7yiox1isql", message: "User already exists" }
      : { code: Code.AlreadyExists, id: "V3-DKcYh", message: "User already exists" },
  organization_unknown: (_, method) =>
    method === createUser.name
      ? { code: Code.FailedPrecondition, id: "COMMAND-QXPGs", message: "Organisation not found" }
      : { code: Code.PermissionDenied, id: "AUTH-Bs7Ds", message: "Organisation doesn't exist" },
  field_invalid: ({ field }) => ({
    code: Code.InvalidArgument,
    ...(invalidFields[field] ?? { id: "REKEY-Fiel1", message: `${field} is invalid` }),
  }),
  conflict: () => ({
    code: Code.Aborted,
    id: "REKEY-Conf1",
    message: "The user was changed at the same moment",
    retryAfterMs: second,
  }),
  overloaded: ({ retryAfterMs }) => ({
    code: Code.ResourceExhausted,
    id: "REKEY-Load1",
    message: "The service is busy",
    retryAfterMs,
  }),
};

export const zitadelWords: ErrorWords = {
  refusal: (details, { method }) => {
    const row = words[details.reason] as (details: RefusalDetails, method: string) => VendorError;
    return vendorError(row(details, method.name));
  },
  invalid: (violations, { method }) => invalidMessage(method.input, violations),
  outage: () =>
    vendorError({ code: Code.Unavailable, id: "REKEY-Down1", message: "Service unavailable", retryAfterMs: second }),
};

/** Vendor: Zitadel v2, the first failing rule only. */
function ruleWords(violation: PolicyViolation | undefined): VendorError {
  const code = Code.InvalidArgument;
  switch (violation?.rule) {
    case "lowercase_missing":
      return { code, id: "DOMAIN-co3Xw", message: "Password must contain lower case" };
    case "uppercase_missing":
      return { code, id: "DOMAIN-VoaRj", message: "Password must contain upper case" };
    case "digit_missing":
      return { code, id: "DOMAIN-ZBv4H", message: "Password must contain number" };
    case "symbol_missing":
      return { code, id: "DOMAIN-ZDLwA", message: "Password must contain symbol" };
    case "too_long":
      return { code, id: "REKEY-Long1", message: "Password is too long" };
    case "common":
      return { code, id: "REKEY-Comm1", message: "Password is too common" };
    case "context_word":
      return { code, id: "REKEY-Word1", message: "Password is too close to a name" };
    case "too_short":
    case undefined:
      return { code, id: "DOMAIN-HuJf6", message: "Password is too short" };
  }
}
