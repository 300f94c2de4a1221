// What is said of a limit that is full? The vendor's counters, told from the row of ours that said no.

import type { RefusalOf } from "../../reset/refusal.ts";
import type { Realm } from "../../reset/realm.ts";
import { second, type Instant } from "../../units.ts";

/** Vendor: Keygen, the last part of the names of its two rules. */
const windowOf = (limit: string): string => (limit.startsWith("start_recovery.") ? "rstpwd" : "mutpwd");

export function limitHeaders(
  { limit, retryAfterMs }: RefusalOf<"rate_limited" | "guesses_spent">,
  { limits }: Pick<Realm, "limits">,
  now: Instant,
): Readonly<Record<string, string>> {
  const max = mostOf(limits, limit);
  return {
    "x-ratelimit-window": windowOf(limit),
    // The refused one counts, as the vendor says; those after it are not counted here. What is not the realm's is not told.
    ...(max !== undefined && { "x-ratelimit-count": String(max + 1), "x-ratelimit-limit": String(max) }),
    "x-ratelimit-remaining": "0",
    "x-ratelimit-reset": String(Math.ceil((now + retryAfterMs) / second)),
  };
}

/** A row is named by its action and its party. Undefined for one that no realm has. */
function mostOf(limits: Realm["limits"], row: string): number | undefined {
  const [action = "", party = ""] = row.split(".");
  const rows = limits as Readonly<Record<string, Readonly<Record<string, { readonly max: number }>>>>;
  return rows[action]?.[party]?.max;
}
