// Who is told how a call ended? The audit of every call, and the log of what nobody expected.

import type { ContextValues } from "@connectrpc/connect";

import type { Audit, AuditEvent, AuditOutcome } from "../../telemetry/audit.ts";
import type { Log } from "../../telemetry/log.ts";
import { addressKey, requestIdKey, requestNumberKey, userIdKey } from "./call-values.ts";
import { callerKey } from "./caller-value.ts";
import { type Gate, tellingGate } from "./served.ts";

export type CallEnd = {
  readonly event: AuditEvent;
  readonly outcome: AuditOutcome;
  readonly values: ContextValues;
  readonly userId?: string | undefined;
  /** A refusal's reason, or which dependency was down. */
  readonly reason?: string | undefined;
};

export type CallObserver = {
  ended(call: CallEnd): void;
  /** Logged with the request id, told to nobody else. */
  fault(cause: unknown, requestId: string): void;
};

export function observeCalls({ log, audit }: { readonly log: Log; readonly audit: Audit }): CallObserver {
  return {
    ended({ event, outcome, values, userId = values.get(userIdKey), reason }) {
      const caller = values.get(callerKey);
      audit.record({
        event,
        outcome,
        realmId: caller?.realm.id,
        callerId: caller?.id,
        userId: userId === "" ? undefined : userId,
        requestId: values.get(requestIdKey),
        address: values.get(addressKey),
        requestNumber: values.get(requestNumberKey),
        reason,
      });
    },
    fault: (cause, requestId) => log.error({ error: cause, requestId }, "a call failed unexpectedly"),
  };
}

/** The same gate; who is turned away at it is on record too. Guard: ASVS 5.0 16.3.1. */
export function auditedGate(gate: Gate, observer: CallObserver): Gate {
  return tellingGate(gate, ({ values }) => {
    observer.ended({ event: "call.rejected", outcome: "refused", values, reason: "unauthenticated" });
  });
}
