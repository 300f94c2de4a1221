// Which answers are an expected no? The closed list, and the one error that carries them to the edges.
//
// Each edge puts every reason into its own words in its `refusals` file; a missing row does not compile. Acts throw
// refusals, nobody else does. What a stranger may learn is said per reason; callers with an API key may learn more.

import type { BotProblem } from "../bot-check/bot-check.ts";
import type { PolicyViolation } from "../password/policy.ts";
import type { Milliseconds } from "../units.ts";
import type { Permission } from "./permission.ts";

export type RefusalDetails =
  /** The caller's key lacks a permission. `hasAny`: it has others. */
  | { readonly reason: "permission_missing"; readonly permission: Permission; readonly hasAny: boolean }
  /** No realm of this name or host, or none that strangers may use: the same for everybody. */
  | { readonly reason: "realm_unknown" }
  /** At this moment a stranger has to bring a proof of work or the answer to a CAPTCHA. */
  | { readonly reason: "bot_check_required" }
  /** What the stranger brought does not do; a new one may. */
  | { readonly reason: "bot_check_failed"; readonly problem: BotProblem }
  /** No such user in the caller's realm. Never told to a stranger. */
  | { readonly reason: "user_unknown" }
  /** The user is not set up yet and cannot recover. Never told to a stranger. */
  | { readonly reason: "user_not_ready" }
  /** The user has no address for the channel. Never told to a stranger. */
  | { readonly reason: "channel_unavailable"; readonly channel: "email" | "sms" }
  /** The link template cannot be used: not parseable, an unknown name in it, or a target that the realm does not allow. */
  | {
      readonly reason: "url_template_invalid";
      readonly problem: "syntax" | "unknown_name" | "no_code" | "target_not_allowed";
      readonly description: string;
    }
  /** The request names no link page and the realm has none. */
  | { readonly reason: "url_template_missing" }
  /** Neither the built-in set nor the realm has a template of this name. */
  | { readonly reason: "template_unknown"; readonly template: string }
  /** No such delivery in the caller's realm, or it is forgotten. */
  | { readonly reason: "delivery_unknown" }
  /** It is not a dead reset message, so it cannot be made anew. */
  | { readonly reason: "delivery_not_resendable" }
  /** Nothing is configured that could send a message of the realm over this channel. */
  | { readonly reason: "delivery_off"; readonly channel: "email" | "sms" }
  /** No code is known for the user: never issued, or forgotten. A stranger hears the same as for `code_wrong`. */
  | { readonly reason: "code_absent" }
  /** Not the user's code. The try was counted. */
  | { readonly reason: "code_wrong" }
  /** The code of an older request of the same user, which a newer one has replaced. Only said to its holder. */
  | { readonly reason: "code_replaced" }
  /** Past its end. `matched`: it was the user's code; only then may its holder hear so. */
  | { readonly reason: "code_expired"; readonly matched: boolean }
  /** Used, revoked, or outlived by a password change. `matched`: as above. */
  | { readonly reason: "code_used"; readonly matched: boolean }
  /** The code had too many wrong tries and is dead; a new one helps. */
  | { readonly reason: "code_exhausted" }
  /** The user said "it was not me": until then no code is made. A stranger hears it as the holder of the right code only. */
  | { readonly reason: "recovery_blocked"; readonly retryAfterMs: Milliseconds }
  /** The right code, but another call is using it at this moment. */
  | { readonly reason: "code_busy"; readonly retryAfterMs: Milliseconds }
  /** The account had too many wrong codes; typed codes rest until then, links go on working. */
  | { readonly reason: "guesses_spent"; readonly limit: string; readonly retryAfterMs: Milliseconds }
  /** A row of the limit table is full. */
  | { readonly reason: "rate_limited"; readonly limit: string; readonly retryAfterMs: Milliseconds }
  /** The new password breaks the policy. Every broken rule, in the policy's order; never empty. */
  | { readonly reason: "password_rejected"; readonly violations: readonly PolicyViolation[] }
  /** The current password did not match. */
  | { readonly reason: "password_incorrect" }
  /** There is no current password to prove. */
  | { readonly reason: "password_not_set" }
  /** The new password is the current one. Only said to somebody who has just proven the current one. */
  | { readonly reason: "password_unchanged" }
  /** A ready hash in a form that Rekey does not verify. */
  | { readonly reason: "hash_unsupported"; readonly description: string }
  /** A ready hash whose cost is outside the bounds. Incident: C28. */
  | { readonly reason: "hash_too_costly"; readonly description: string }
  /** Another user of the realm has this name or id. */
  | { readonly reason: "user_exists"; readonly field: "user_id" | "user_name" }
  /** The realm has no such organization. */
  | { readonly reason: "organization_unknown"; readonly organizationId: string }
  /** A field whose value cannot be. */
  | { readonly reason: "field_invalid"; readonly field: string; readonly description: string }
  /** Somebody else changed the user at the same moment; asking again is safe. */
  | { readonly reason: "conflict" }
  /** A waiting line is full: hashing, or delivery. */
  | { readonly reason: "overloaded"; readonly retryAfterMs: Milliseconds };

export type RefusalReason = RefusalDetails["reason"];

/** As it stands in the audit: the reason, and the problem where a reason has several. */
export function reasonOnRecord(details: RefusalDetails): string {
  return "problem" in details ? `${details.reason}: ${details.problem}` : details.reason;
}

/** An expected no on its way to the edge. */
export class Refusal extends Error {
  override readonly name = "Refusal";
  readonly details: RefusalDetails;

  constructor(details: RefusalDetails) {
    super(details.reason);
    this.details = details;
  }
}

/** The details of one reason, for the edges' tables. */
export type RefusalOf<Reason extends RefusalReason> = Extract<RefusalDetails, { readonly reason: Reason }>;
