// How did a step end, for its person and on record? The act's answer, or the page's words for its no.

import { Outage } from "../../outage.ts";
import { Refusal } from "../../reset/refusal.ts";
import type { AuditEvent } from "../../telemetry/audit.ts";
import { second } from "../../units.ts";
import type { ExchangeContext } from "../http/exchange.ts";
import type { CallObserver } from "../http/observe-calls.ts";
import { type PageRefusal, pageRefusal } from "./refusals.ts";

export type StepEnd<Answer> =
  | { readonly kind: "done"; readonly answer: Answer }
  | { readonly kind: "refused"; readonly refusal: PageRefusal };

export type RecordStep = <Answer>(
  event: AuditEvent,
  context: ExchangeContext,
  act: () => Promise<Answer>,
) => Promise<StepEnd<Answer>>;

const failed: PageRefusal = { kind: "end", end: "unavailable", status: 503, retryAfterMs: 10 * second };

/** On record like the same step over the API. Guard: ASVS 5.0 16.3.1. */
export function makeRecordStep(observer: CallObserver): RecordStep {
  return async function recordStep(event, { values, requestId }, act) {
    try {
      const answer = await act();
      observer.ended({ event, outcome: "done", values });
      return { kind: "done", answer };
    } catch (cause) {
      if (cause instanceof Refusal) {
        observer.ended({ event, outcome: "refused", values, reason: cause.details.reason });
        return { kind: "refused", refusal: pageRefusal(cause.details) };
      }
      observer.fault(cause, requestId);
      const reason = cause instanceof Outage ? cause.dependency : "fault";
      observer.ended({ event, outcome: "failed", values, reason });
      return { kind: "refused", refusal: failed };
    }
  };
}
