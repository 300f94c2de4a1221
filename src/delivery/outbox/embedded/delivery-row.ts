// How does a delivery stand in a row of the table, and how is it read back?

import type { Instant } from "../../../units.ts";
import type { Delivery, DeliveryRecord, Target } from "../outbox.ts";

/** What operators see; never the payload. */
export const seenColumns = `id, realm_id, user_id, target, endpoint_id, subject, request_number, remake, created_at,
  expires_at, state, attempts, problem, delivered_by, due_at, holder, ended_at`;

export type SeenRow = {
  readonly id: string;
  readonly realm_id: string;
  readonly user_id: string;
  readonly target: Target["kind"];
  readonly endpoint_id: string | null;
  readonly subject: string;
  readonly request_number: string;
  readonly remake: string | null;
  readonly created_at: number;
  readonly expires_at: number;
  readonly state: DeliveryRecord["state"];
  readonly attempts: number;
  readonly problem: string | null;
  readonly delivered_by: string | null;
  readonly due_at: number;
  readonly holder: string | null;
  readonly ended_at: number | null;
};

export type DeliveryRow = SeenRow & { readonly payload: Uint8Array };

export function columnsOf(delivery: Delivery, now: Instant) {
  const { target } = delivery;
  return {
    id: delivery.id,
    realm_id: delivery.realmId,
    user_id: delivery.userId,
    target: target.kind,
    endpoint_id: target.kind === "webhook" ? target.endpointId : null,
    subject: delivery.subject,
    request_number: delivery.requestNumber,
    remake: delivery.remake ?? null,
    created_at: delivery.createdAt,
    expires_at: delivery.expiresAt,
    due_at: now,
    payload: delivery.payload,
  };
}

export function deliveryOf(row: DeliveryRow): Delivery {
  return { ...seenOf(row), payload: row.payload };
}

export function recordOf(row: SeenRow): DeliveryRecord {
  const waitsForTime = row.state === "waiting" && row.holder === null && row.attempts > 0;
  return {
    ...seenOf(row),
    state: row.state,
    attempts: row.attempts,
    ...(row.problem !== null && { problem: row.problem }),
    ...(row.delivered_by !== null && { deliveredBy: row.delivered_by }),
    ...(waitsForTime && { nextAttemptAt: row.due_at }),
    ...(row.ended_at !== null && { endedAt: row.ended_at }),
  };
}

function seenOf(row: SeenRow): Omit<Delivery, "payload"> {
  return {
    id: row.id,
    realmId: row.realm_id,
    userId: row.user_id,
    target: row.target === "webhook" ? { kind: "webhook", endpointId: row.endpoint_id ?? "" } : { kind: row.target },
    subject: row.subject,
    requestNumber: row.request_number,
    ...(row.remake !== null && { remake: row.remake }),
    createdAt: row.created_at,
    expiresAt: row.expires_at,
  };
}
