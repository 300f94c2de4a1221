// What does the Keygen edge say to each no of the rules? Status, code and pointer, row by row.

import { expect, test } from "vitest";

import { limitHeaders } from "../../src/edge/keygen/limit-headers.ts";
import { refusalError } from "../../src/edge/keygen/refusals.ts";
import type { RefusalDetails, RefusalReason } from "../../src/reset/refusal.ts";
import { makeRealm, noLimits } from "../support/open-rekey.ts";

type Row = readonly [details: RefusalDetails, status: number, code?: string | undefined, pointer?: string];

const password = "/data/attributes/password";
const rejected = (violation: Extract<RefusalDetails, { reason: "password_rejected" }>["violations"][number]) =>
  ({ reason: "password_rejected", violations: [violation] }) as const;
const limit = { limit: "start_recovery.identifier", retryAfterMs: 1000 };

const rows: Readonly<Record<RefusalReason, readonly Row[]>> = {
  permission_missing: [
    [{ reason: "permission_missing", permission: "password.set_with_current", hasAny: true }, 403, undefined],
  ],
  realm_unknown: [[{ reason: "realm_unknown" }, 404, "NOT_FOUND"]],
  bot_check_required: [[{ reason: "bot_check_required" }, 429, "TOO_MANY_REQUESTS"]],
  bot_check_failed: [[{ reason: "bot_check_failed", problem: "stale" }, 429, "TOO_MANY_REQUESTS"]],
  recovery_blocked: [[{ reason: "recovery_blocked", retryAfterMs: 1000 }, 403, "REKEY_BLOCKED"]],
  user_unknown: [[{ reason: "user_unknown" }, 404, "NOT_FOUND"]],
  user_not_ready: [[{ reason: "user_not_ready" }, 404, "NOT_FOUND"]],
  channel_unavailable: [[{ reason: "channel_unavailable", channel: "email" }, 404, "NOT_FOUND"]],
  url_template_invalid: [
    [{ reason: "url_template_invalid", problem: "syntax", description: "" }, 500, "REKEY_PAGE_INVALID"],
  ],
  url_template_missing: [[{ reason: "url_template_missing" }, 500, "REKEY_PAGE_MISSING"]],
  template_unknown: [[{ reason: "template_unknown", template: "x" }, 500, "REKEY_TEMPLATE_UNKNOWN"]],
  delivery_unknown: [[{ reason: "delivery_unknown" }, 404, "REKEY_DELIVERY_UNKNOWN"]],
  delivery_not_resendable: [[{ reason: "delivery_not_resendable" }, 409, "REKEY_DELIVERY_NOT_RESENDABLE"]],
  delivery_off: [[{ reason: "delivery_off", channel: "email" }, 503, "REKEY_DELIVERY_OFF"]],
  code_absent: [[{ reason: "code_absent" }, 404, "NOT_FOUND"]],
  code_wrong: [[{ reason: "code_wrong" }, 404, "NOT_FOUND"]],
  code_replaced: [[{ reason: "code_replaced" }, 404, "NOT_FOUND"]],
  code_expired: [
    [{ reason: "code_expired", matched: true }, 401, undefined, "/meta/passwordResetToken"],
    [{ reason: "code_expired", matched: false }, 404, "NOT_FOUND"],
  ],
  code_used: [[{ reason: "code_used", matched: true }, 404, "NOT_FOUND"]],
  code_exhausted: [[{ reason: "code_exhausted" }, 404, "NOT_FOUND"]],
  code_busy: [[{ reason: "code_busy", retryAfterMs: 1000 }, 409, "REKEY_TOKEN_BUSY"]],
  guesses_spent: [[{ reason: "guesses_spent", ...limit }, 429, "TOO_MANY_REQUESTS"]],
  rate_limited: [[{ reason: "rate_limited", ...limit }, 429, "TOO_MANY_REQUESTS"]],
  password_rejected: [
    [rejected({ rule: "too_short", minLength: 6 }), 422, "PASSWORD_TOO_SHORT", password],
    [rejected({ rule: "too_long", maxLength: 72 }), 422, "PASSWORD_TOO_LONG", password],
    [rejected({ rule: "lowercase_missing" }), 422, "PASSWORD_LOWERCASE_MISSING", password],
    [rejected({ rule: "uppercase_missing" }), 422, "PASSWORD_UPPERCASE_MISSING", password],
    [rejected({ rule: "digit_missing" }), 422, "PASSWORD_DIGIT_MISSING", password],
    [rejected({ rule: "symbol_missing" }), 422, "PASSWORD_SYMBOL_MISSING", password],
    [rejected({ rule: "common" }), 422, "PASSWORD_TOO_COMMON", password],
    [rejected({ rule: "context_word", word: "acme" }), 422, "PASSWORD_TOO_OBVIOUS", password],
  ],
  password_incorrect: [[{ reason: "password_incorrect" }, 401, undefined, "/meta/oldPassword"]],
  password_not_set: [[{ reason: "password_not_set" }, 401, undefined, "/meta/oldPassword"]],
  password_unchanged: [[{ reason: "password_unchanged" }, 422, "PASSWORD_UNCHANGED", password]],
  hash_unsupported: [[{ reason: "hash_unsupported", description: "" }, 400, "REKEY_HASH_UNSUPPORTED"]],
  hash_too_costly: [[{ reason: "hash_too_costly", description: "" }, 400, "REKEY_HASH_TOO_COSTLY"]],
  user_exists: [[{ reason: "user_exists", field: "user_id" }, 409, "REKEY_USER_EXISTS"]],
  organization_unknown: [[{ reason: "organization_unknown", organizationId: "x" }, 404, "REKEY_ORGANIZATION_UNKNOWN"]],
  field_invalid: [[{ reason: "field_invalid", field: "x", description: "" }, 400, "REKEY_FIELD_INVALID"]],
  conflict: [[{ reason: "conflict" }, 409, "REKEY_CONFLICT"]],
  overloaded: [[{ reason: "overloaded", retryAfterMs: 1000 }, 503, "REKEY_BUSY"]],
};

const cases = Object.values(rows)
  .flat()
  .map(([details, status, code, pointer]) => ({ details, status, code, pointer }));

test.each(cases)("$details.reason is $status $code", ({ details, status, code, pointer }) => {
  const { detail: _, about: __, ...error } = refusalError(details, { user: "ann" });
  expect(error).toEqual({ status, ...(code && { code }), ...(pointer && { source: { pointer } }) });
});

test("a limit that is not the realm's is told without its numbers", () => {
  const { limits } = makeRealm({ limits: { ...noLimits, start_recovery: { identifier: { max: 5, windowMs: 1000 } } } });
  const headersOf = (row: string) =>
    limitHeaders({ reason: "rate_limited", limit: row, retryAfterMs: 1500 }, { limits }, 0);
  const always = { "x-ratelimit-window": "rstpwd", "x-ratelimit-remaining": "0", "x-ratelimit-reset": "2" };
  expect(headersOf("start_recovery.everywhere")).toEqual(always);
  expect(headersOf("start_recovery.identifier")).toEqual({
    ...always,
    "x-ratelimit-count": "6",
    "x-ratelimit-limit": "5",
  });
});
