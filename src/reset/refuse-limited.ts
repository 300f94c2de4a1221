// What does an act say when a counter is full? The row of the limit table, and when it is free again.

import type { ChargeOutcome } from "../throttle/throttle.ts";
import { Refusal } from "./refusal.ts";

export function refuseLimited(charged: ChargeOutcome): void {
  if (charged.kind === "granted") return;
  throw new Refusal({ reason: "rate_limited", limit: charged.limit, retryAfterMs: charged.retryAfterMs });
}
