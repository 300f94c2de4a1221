// What does our own API say when the rules say no? One row per reason; docs/errors.md is the list for callers.

import { Code, type UnaryRequest } from "@connectrpc/connect";
import type { Violation } from "@bufbuild/protovalidate/gen/buf/validate/validate_pb.js";

import { PasswordService } from "../../../gen/rekey/v1/password_service_pb.ts";
import { RecoveryService } from "../../../gen/rekey/v1/recovery_service_pb.ts";
import { UserService } from "../../../gen/rekey/v1/user_service_pb.ts";
import type { RefusalDetails, RefusalOf, RefusalReason } from "../../reset/refusal.ts";
import { second } from "../../units.ts";
import { type ErrorWords, fieldPath } from "../http/answer-errors.ts";
import { type FieldViolation, type Rendering, richError } from "../http/rich-error.ts";
import { botWords } from "./bot-words.ts";
import { ruleWords } from "./rule-words.ts";

/**
 * Wrong, never issued, dead by too many tries, foreign: all the same to the caller. Only the holder of the right code
 * hears that it was used or replaced, or has expired. Guard: ASVS 5.0 6.3.8; Incident: C9.
 */
const codeInvalid: Rendering = {
  code: Code.FailedPrecondition,
  reason: "CODE_INVALID",
  message: "the code is not valid; start a new reset",
};

/** Wrong, or there is none: whoever has proven nothing learns nothing. Guard: ASVS 5.0 6.3.8; Incident: C9. */
const passwordIncorrect: Rendering = {
  code: Code.FailedPrecondition,
  reason: "PASSWORD_INCORRECT",
  message: "the current password is not correct",
};

type Row<Reason extends RefusalReason> = (details: RefusalOf<Reason>, places: Places) => Rendering;

const words: { readonly [Reason in RefusalReason]: Row<Reason> } = {
  permission_missing: ({ permission }) => ({
    code: Code.PermissionDenied,
    reason: "PERMISSION_DENIED",
    message: `the API key lacks the permission ${permission}`,
    metadata: { permission },
  }),
  realm_unknown: () => ({
    code: Code.NotFound,
    reason: "REALM_NOT_FOUND",
    message: "no realm of this name or host name is open to the public; name one in realm_id",
  }),
  ...botWords,
  user_unknown: () => ({
    code: Code.NotFound,
    reason: "USER_NOT_FOUND",
    message: "the realm of this API key has no such user",
  }),
  user_not_ready: () => ({
    code: Code.FailedPrecondition,
    reason: "USER_NOT_READY",
    message: "the user is in the initial state; activate the user first",
    precondition: { type: "USER_STATE", subject: "user", description: "the state has to leave USER_STATE_INITIAL" },
  }),
  channel_unavailable: ({ channel }) => ({
    code: Code.FailedPrecondition,
    reason: "CHANNEL_UNAVAILABLE",
    message: `the user has no verified ${channel === "email" ? "e-mail address" : "phone number"}; use another medium`,
    metadata: { channel },
    precondition: { type: "CHANNEL", subject: channel, description: "a verified address is needed" },
  }),
  url_template_invalid: ({ problem, description }) => ({
    code: Code.InvalidArgument,
    reason: "URL_TEMPLATE_INVALID",
    message: `send_link.url_template: ${description}`,
    fields: [{ field: "send_link.url_template", description, reason: problem.toUpperCase() }],
  }),
  url_template_missing: () => ({
    code: Code.InvalidArgument,
    reason: "URL_TEMPLATE_MISSING",
    message: "send_link.url_template: the realm has no page of its own; name one",
    fields: [{ field: "send_link.url_template", description: "the realm has no page of its own", reason: "REQUIRED" }],
  }),
  template_unknown: ({ template }) => ({
    code: Code.InvalidArgument,
    reason: "TEMPLATE_UNKNOWN",
    message: `send_link.template: there is no template ${template}`,
    fields: [{ field: "send_link.template", description: "is not a template of this realm", reason: "INVALID" }],
  }),
  delivery_unknown: () => ({
    code: Code.NotFound,
    reason: "DELIVERY_NOT_FOUND",
    message: "the realm of this API key has no such delivery, or it is forgotten",
  }),
  delivery_not_resendable: () => ({
    code: Code.FailedPrecondition,
    reason: "DELIVERY_NOT_RESENDABLE",
    message: "only a dead message of a reset can be sent again",
  }),
  delivery_off: ({ channel }) => ({
    code: Code.FailedPrecondition,
    reason: "DELIVERY_NOT_CONFIGURED",
    message: `no ${channel === "email" ? "mail" : "text message"} of this realm can be sent; use return_code and bring the code to the user yourself`,
    metadata: { channel },
  }),
  code_absent: () => codeInvalid,
  code_wrong: () => codeInvalid,
  code_exhausted: () => codeInvalid,
  code_replaced: () => ({
    code: Code.FailedPrecondition,
    reason: "CODE_REPLACED",
    message: "a newer message was sent; use that one",
  }),
  code_expired: ({ matched }) =>
    matched
      ? { code: Code.FailedPrecondition, reason: "CODE_EXPIRED", message: "the code has expired; start a new reset" }
      : codeInvalid,
  code_used: ({ matched }) =>
    matched
      ? {
          code: Code.FailedPrecondition,
          reason: "CODE_USED",
          message: "the code was used already, or the password has changed since; start a new reset",
        }
      : codeInvalid,
  recovery_blocked: ({ retryAfterMs }) => ({
    code: Code.FailedPrecondition,
    reason: "RECOVERY_BLOCKED",
    message: "the user said that it was not them: resets rest until then, unless a caller with password.set sets one",
    retryAfterMs,
  }),
  code_busy: ({ retryAfterMs }) => ({
    code: Code.Aborted,
    reason: "CODE_BUSY",
    message: "another call is using this code at this moment",
    retryAfterMs,
  }),
  guesses_spent: ({ limit, retryAfterMs }) => ({
    code: Code.ResourceExhausted,
    reason: "TOO_MANY_TRIES",
    message: "too many wrong codes for this user; links go on working, typed codes rest",
    metadata: { limit },
    retryAfterMs,
  }),
  rate_limited: ({ limit, retryAfterMs }) => ({
    code: Code.ResourceExhausted,
    reason: "RATE_LIMITED",
    message: `the limit ${limit} is reached`,
    metadata: { limit },
    retryAfterMs,
  }),
  password_rejected: ({ violations }, { password }) => {
    const fields = violations.map((violation) => ruleWords(violation, password));
    return {
      code: Code.InvalidArgument,
      reason: "PASSWORD_REJECTED",
      message: `the password ${fields.map(({ description }) => description).join("; it ")}`,
      fields,
    };
  },
  password_incorrect: () => passwordIncorrect,
  password_not_set: () => passwordIncorrect,
  password_unchanged: (_, { password }) => ({
    code: Code.InvalidArgument,
    reason: "PASSWORD_UNCHANGED",
    message: "the new password is the current one; choose another",
    fields: [{ field: password, description: "is the current password", reason: "UNCHANGED" }],
  }),
  hash_unsupported: ({ description }) => ({
    code: Code.InvalidArgument,
    reason: "HASH_UNSUPPORTED",
    message: `hashed_password.hash: ${description}`,
    fields: [{ field: "hashed_password.hash", description, reason: "UNSUPPORTED" }],
  }),
  hash_too_costly: ({ description }) => ({
    code: Code.InvalidArgument,
    reason: "HASH_TOO_COSTLY",
    message: `hashed_password.hash: ${description}`,
    fields: [{ field: "hashed_password.hash", description, reason: "TOO_COSTLY" }],
  }),
  user_exists: ({ field }) => ({
    code: Code.AlreadyExists,
    reason: "USER_EXISTS",
    message: `another user of the realm has this ${field}`,
    metadata: { field },
  }),
  organization_unknown: ({ organizationId }) => ({
    code: Code.NotFound,
    reason: "ORGANIZATION_NOT_FOUND",
    message: "organization_id: the realm has no such organization",
    metadata: { organization_id: organizationId },
  }),
  field_invalid: ({ field, description }, { profile }) =>
    invalidFields([{ field: `${profile}${field}`, description, reason: "INVALID" }]),
  conflict: () => ({
    code: Code.Aborted,
    reason: "CONFLICT",
    message: "the user was changed by another call at the same moment; ask again",
    retryAfterMs: second,
  }),
  overloaded: ({ retryAfterMs }) => ({
    code: Code.ResourceExhausted,
    reason: "OVERLOADED",
    message: "the service has more to do than it can take; ask again later",
    retryAfterMs,
  }),
};

export const nativeWords = {
  refusal: (details: RefusalDetails, { method }: Pick<UnaryRequest, "method">) => {
    const row = words[details.reason] as (details: RefusalDetails, places: Places) => Rendering;
    return richError(row(details, placesIn(method.name)));
  },
  invalid: (violations: readonly Violation[]) => richError(invalidFields(violations.map(fieldViolation))),
  /** One field that the wire form itself rules out. */
  field: (field: string, description: string) => richError(invalidFields([{ field, description, reason: "INVALID" }])),
  outage: () =>
    richError({
      code: Code.Unavailable,
      reason: "DEPENDENCY_UNAVAILABLE",
      message: "something that this service needs does not answer; ask again",
      retryAfterMs: second,
    }),
} satisfies ErrorWords & { field: unknown };

/** Where a request has the password, and what stands before the fields of the user. */
type Places = { readonly password: string; readonly profile: "" | "user." };

const withNewPassword: ReadonlySet<string> = new Set([
  PasswordService.method.setPassword.name,
  RecoveryService.method.completeRecovery.name,
]);

function placesIn(method: string): Places {
  return {
    password: withNewPassword.has(method) ? "new_password.password" : "password.password",
    profile: method === UserService.method.updateUser.name ? "user." : "",
  };
}

function invalidFields(fields: readonly FieldViolation[]): Rendering {
  return {
    code: Code.InvalidArgument,
    reason: "FIELD_INVALID",
    message: fields
      .map(({ field, description }) => (field === "" ? description : `${field}: ${description}`))
      .join("; "),
    fields,
  };
}

function fieldViolation(violation: Violation): FieldViolation {
  return { field: fieldPath(violation), description: violation.message, reason: violation.ruleId };
}
