// Who is told how a call ended? The audit of every call, and the log of what nobody expected.

import type { ContextValues } from "@connectrpc/connect";

import type { Audit, AuditEvent, AuditOutcome } from "../../telemetry/audit.ts";
import type { Log } from "../../telemetry/log.ts";
import { addressKey, requestIdKey, requestNumberKey, userIdKey } from "./call-values.ts";
import { callerKey } from "./caller-value.ts";
import type { Gate } from "./served.ts";

export type CallEnd = {
  readonly event: AuditEvent;
  readonly outcome: AuditOutcome;
  readonly values: ContextValues;
  readonly userId?: string;
  /** A refusal's reason, or which dependency was down. */
  readonly reason?: string;
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
      const requestNumber = values.get(requestNumberKey);
      audit.record({
        event,
        outcome,
        requestId: values.get(requestIdKey),
        address: values.get(addressKey),
        ...(caller === undefined ? {} : { realmId: caller.realm.id, callerId: caller.id }),
        ...(userId === undefined || userId === "" ? {} : { userId }),
        ...(requestNumber === undefined ? {} : { requestNumber }),
        ...(reason === undefined ? {} : { reason }),
      });
    },
    fault: (cause, requestId) => log.error({ error: cause, requestId }, "a call failed unexpectedly"),
  };
}

/** The same gate; who is turned away at it is on record too. Guard: ASVS 5.0 16.3.1. */
export function auditedGate(gate: Gate, observer: CallObserver): Gate {
  return async (context, header) => {
    try {
      await gate(context, header);
    } catch (cause) {
      observer.ended({ event: "call.rejected", outcome: "refused", values: context.values, reason: "unauthenticated" });
      throw cause;
    }
  };
}
