// How many calls were there, how did they end, and how long did they take? Counted where they are put on record.

import { begunAtKey, protocolKey } from "../edge/http/call-values.ts";
import { callerKey } from "../edge/http/caller-value.ts";
import type { CallObserver } from "../edge/http/observe-calls.ts";
import type { RecoveryEnd } from "../reset/perform-recovery.ts";
import { second } from "../units.ts";
import type { Meter } from "./meter.ts";
import { reasonLabel } from "./reason-label.ts";

/** In seconds. A code over gRPC takes about a millisecond, a password's hash a tenth of a second, a full line seconds. */
const buckets = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

/** The same observer. It is told after the counting, of everything. */
export function countCalls(observer: CallObserver, meter: Meter): CallObserver {
  const calls = meter.counter(
    { name: "rekey_calls_total", help: "Calls, by what they were, how they ended and why." },
    "event",
    "outcome",
    "reason",
    "realm",
  );
  const durations = meter.histogram(
    {
      name: "rekey_call_duration_seconds",
      help: "From the headers of a call to its answer, before that is sent.",
      buckets,
    },
    "event",
    "outcome",
    "protocol",
  );

  return {
    ended(call) {
      const { event, outcome, values } = call;
      const realmId = values.get(callerKey)?.realm.id ?? "";
      calls.at(event).at(outcome).at(reasonLabel(call.reason)).at(realmId).place.count += 1;
      const tookMs = performance.now() - values.get(begunAtKey);
      durations
        .at(event)
        .at(outcome)
        .at(values.get(protocolKey))
        .place.add(tookMs / second);
      observer.ended(call);
    },
    fault: observer.fault,
  };
}

/** What became of the requests of strangers, which is looked into after their answer. */
export function countRecoveries(onEnd: (end: RecoveryEnd) => void, meter: Meter): (end: RecoveryEnd) => void {
  const recoveries = meter.counter(
    { name: "rekey_recoveries_total", help: "What came of requests of strangers, after they were answered." },
    "outcome",
    "reason",
    "realm",
  );
  return (end) => {
    const { reason } = end;
    const outcome = reason === undefined ? "done" : "refused";
    recoveries
      .at(outcome)
      .at(reason ?? "")
      .at(end.work.realmId).place.count += 1;
    onEnd(end);
  };
}
