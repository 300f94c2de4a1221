// Why was a presented code not accepted? Turns what the code store says into the refusal that a caller hears.

import type { PresentRejection } from "../codes/code-store.ts";
import { Refusal } from "./refusal.ts";

export function refusalOf(rejection: PresentRejection): Refusal {
  switch (rejection.kind) {
    case "limited":
      return new Refusal({ reason: "rate_limited", limit: rejection.limit, retryAfterMs: rejection.retryAfterMs });
    case "absent":
      return new Refusal({ reason: "code_absent" });
    case "over_budget":
      return new Refusal({ reason: "guesses_spent", limit: rejection.limit, retryAfterMs: rejection.retryAfterMs });
    case "mismatch":
      return new Refusal({ reason: "code_wrong" });
    case "superseded":
      return new Refusal({ reason: "code_replaced" });
    case "exhausted":
      return new Refusal({ reason: "code_exhausted" });
    case "blocked":
      return new Refusal({ reason: "recovery_blocked", retryAfterMs: rejection.retryAfterMs });
    case "used":
      return new Refusal({ reason: "code_used", matched: rejection.matched });
    case "expired":
      return new Refusal({ reason: "code_expired", matched: rejection.matched });
    case "busy":
      return new Refusal({ reason: "code_busy", retryAfterMs: rejection.retryAfterMs });
  }
}
