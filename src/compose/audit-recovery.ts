// What is on record of a stranger's request, once it was looked into?

import type { RecoveryEnd } from "../reset/perform-recovery.ts";
import type { Audit } from "../telemetry/audit.ts";

/** The only place that says whether there was anybody. Guard: ASVS 5.0 16.3.1. */
export function auditRecovery(audit: Audit): (end: RecoveryEnd) => void {
  return ({ work: { realmId, requestId, requestNumber, address }, userId, reason }) =>
    audit.record({
      event: "recovery.performed",
      outcome: reason === undefined ? "done" : "refused",
      realmId,
      callerId: "public",
      requestId,
      requestNumber,
      address,
      ...(userId === undefined ? {} : { userId }),
      ...(reason === undefined ? {} : { reason }),
    });
}
