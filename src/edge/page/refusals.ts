// What does the page say when the rules say no? One row per reason, in its own words; docs/errors.md has the API's.

import type { PageTexts } from "../../page/texts/page-texts.ts";
import type { PolicyViolation } from "../../password/policy.ts";
import type { RefusalDetails, RefusalOf, RefusalReason } from "../../reset/refusal.ts";
import { type Milliseconds, minute } from "../../units.ts";

export type PageRefusal =
  /** The form is shown again: what was presented is not right. */
  | { readonly kind: "wrong_proof" }
  | { readonly kind: "wrong_password"; readonly violations: readonly PolicyViolation[] }
  | {
      readonly kind: "end";
      readonly end: keyof PageTexts["ends"];
      readonly status: number;
      retryAfterMs?: Milliseconds;
    };

/** Wrong, never issued, dead by too many tries, foreign: all the same. Guard: ASVS 5.0 6.3.8; Incident: C9. */
const wrongProof: PageRefusal = { kind: "wrong_proof" };

/** Nothing that somebody without a key can bring about: said without a word about what it is. */
const unavailable: PageRefusal = { kind: "end", end: "unavailable", status: 503, retryAfterMs: minute };

type Row<Reason extends RefusalReason> = (details: RefusalOf<Reason>) => PageRefusal;

const rows: { readonly [Reason in RefusalReason]: Row<Reason> } = {
  realm_unknown: () => ({ kind: "end", end: "closed", status: 404 }),
  user_not_ready: () => ({ kind: "end", end: "notReady", status: 403 }),
  recovery_blocked: ({ retryAfterMs }) => ({ kind: "end", end: "blocked", status: 403, retryAfterMs }),
  code_absent: () => wrongProof,
  code_wrong: () => wrongProof,
  code_exhausted: () => wrongProof,
  code_replaced: () => ({ kind: "end", end: "replaced", status: 410 }),
  code_expired: ({ matched }) => (matched ? { kind: "end", end: "expired", status: 410 } : wrongProof),
  code_used: ({ matched }) => (matched ? { kind: "end", end: "used", status: 410 } : wrongProof),
  code_busy: ({ retryAfterMs }) => ({ kind: "end", end: "unavailable", status: 503, retryAfterMs }),
  guesses_spent: ({ retryAfterMs }) => ({ kind: "end", end: "tooManyTries", status: 429, retryAfterMs }),
  rate_limited: ({ retryAfterMs }) => ({ kind: "end", end: "rateLimited", status: 429, retryAfterMs }),
  overloaded: ({ retryAfterMs }) => ({ kind: "end", end: "unavailable", status: 503, retryAfterMs }),
  password_rejected: ({ violations }) => ({ kind: "wrong_password", violations }),
  // No form is asked for an answer.
  bot_check_required: () => unavailable,
  bot_check_failed: () => unavailable,
  conflict: () => unavailable,
  permission_missing: () => unavailable,
  user_unknown: () => unavailable,
  channel_unavailable: () => unavailable,
  url_template_invalid: () => unavailable,
  url_template_missing: () => unavailable,
  template_unknown: () => unavailable,
  delivery_unknown: () => unavailable,
  delivery_not_resendable: () => unavailable,
  delivery_off: () => unavailable,
  password_incorrect: () => unavailable,
  password_not_set: () => unavailable,
  password_unchanged: () => unavailable,
  hash_unsupported: () => unavailable,
  hash_too_costly: () => unavailable,
  user_exists: () => unavailable,
  organization_unknown: () => unavailable,
  field_invalid: () => unavailable,
};

export function pageRefusal(details: RefusalDetails): PageRefusal {
  return (rows[details.reason] as (details: RefusalDetails) => PageRefusal)(details);
}
