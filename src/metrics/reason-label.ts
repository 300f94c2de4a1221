// Which word for a refusal or a failure may stand in a label? One of a closed list; whatever is not on it is "other".
//
// Edges and drivers give a reason as a text. All of them are ours, but nothing that a caller writes may ever become one.

import { Code } from "@connectrpc/connect";

import type { RefusalReason } from "../reset/refusal.ts";

/** A reason that is missing here does not compile. */
const refusals: Readonly<Record<RefusalReason, true>> = {
  permission_missing: true,
  realm_unknown: true,
  bot_check_required: true,
  bot_check_failed: true,
  user_unknown: true,
  user_not_ready: true,
  channel_unavailable: true,
  url_template_invalid: true,
  url_template_missing: true,
  template_unknown: true,
  delivery_unknown: true,
  delivery_not_resendable: true,
  delivery_off: true,
  code_absent: true,
  code_wrong: true,
  code_replaced: true,
  code_expired: true,
  code_used: true,
  code_exhausted: true,
  recovery_blocked: true,
  code_busy: true,
  guesses_spent: true,
  rate_limited: true,
  password_rejected: true,
  password_incorrect: true,
  password_not_set: true,
  password_unchanged: true,
  hash_unsupported: true,
  hash_too_costly: true,
  user_exists: true,
  organization_unknown: true,
  field_invalid: true,
  conflict: true,
  overloaded: true,
};

/** What edges that are no RPC say of a request that they cannot read. */
const unreadable = ["malformed", "not_acceptable", "too_large", "unknown_encoding"];
/** Dependencies that are down or late, and what nobody expected. */
const failures = ["redis", "sqlite", "captcha", "outbox", "deadline", "fault"];
/** Connect's codes, as they stand on record: "unauthenticated", "deadlineexceeded". */
const codes = Object.values(Code).flatMap((name) => (typeof name === "string" ? [name.toLowerCase()] : []));

export const reasons: ReadonlySet<string> = new Set([...Object.keys(refusals), ...unreadable, ...failures, ...codes]);

/** Empty for a call that came to its end. Of "url_template_invalid: syntax" the first word. */
export function reasonLabel(reason: string | undefined): string {
  if (reason === undefined) return "";
  const [word = ""] = reason.split(":", 1);
  return reasons.has(word) ? word : "other";
}
