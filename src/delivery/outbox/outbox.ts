// What does delivery ask of a store that keeps what is to be brought? The outbox's door.
//
// A delivery that was accepted is attempted until it is delivered or dead, across killed processes and restarts. It is
// attempted at least once, and a second time only when a process died in the middle of an attempt. What an attempt does
// and when the next one is due is decided by the one who attempts: an outbox keeps, wakes and counts.

import type { Instant, Milliseconds } from "../../units.ts";

/** Where a delivery goes. */
export type Target =
  | { readonly kind: "email" }
  | { readonly kind: "sms" }
  | { readonly kind: "webhook"; readonly endpointId: string }
  /** Nobody yet: a stranger's request, to be looked into after its answer. Not listed. */
  | { readonly kind: "recovery" };

/** One thing to bring to one target. Everything but `payload` may be seen by operators and stands in logs. */
export type Delivery = {
  /** Names it for ever: putting the same id again changes nothing. A UUID. */
  readonly id: string;
  readonly realmId: string;
  /** Whom it is about. Empty while nobody knows. */
  readonly userId: string;
  readonly target: Target;
  /** Which template or event: "password_reset", "password.changed". */
  readonly subject: string;
  /** Short, shared by mail, log and support: see request-number.ts. */
  readonly requestNumber: string;
  readonly createdAt: Instant;
  /** From then on it is of no use, and is dead if it was not delivered. */
  readonly expiresAt: Instant;
  /** What its maker needs to make it anew after its death, as text: no secrets. At most 8 KiB. */
  readonly remake?: string;
  /** Sealed by its maker: an outbox cannot read it. Shredded when the delivery ends. At most 64 KiB. */
  readonly payload: Uint8Array;
};

/** What is kept of a delivery after its end, and what an operator sees of it before. */
export type DeliveryRecord = Omit<Delivery, "payload"> & {
  readonly state: "waiting" | "delivered" | "dead";
  readonly attempts: number;
  /** Of the last attempt that failed; no secrets, no addresses. */
  readonly problem?: string;
  /** Which provider took it. */
  readonly deliveredBy?: string;
  /** When the next attempt is due, while it waits for that. Absent: as soon as there is room. */
  readonly nextAttemptAt?: Instant;
  readonly endedAt?: Instant;
};

export type AttemptOutcome =
  | { readonly kind: "delivered"; readonly by: string }
  /** Worth trying again, after at least `delayMs`. */
  | { readonly kind: "retry"; readonly problem: string; readonly delayMs: Milliseconds }
  /** Not worth trying again: a dead letter. */
  | { readonly kind: "dead"; readonly problem: string };

/** `attempts`: how many there were before this one. Aborts when the outbox closes and its grace is over. */
export type Attempt = (delivery: Delivery, attempts: number, signal: AbortSignal) => Promise<AttemptOutcome>;

export type PutOutcome =
  /** It is durable: the caller may answer. */
  | { readonly kind: "accepted" }
  /** Too many wait already: nothing was kept. */
  | { readonly kind: "full"; readonly retryAfterMs: Milliseconds };

/** Told of a delivery that dies without an attempt, because its time was over first. */
export type OnExpired = (delivery: Omit<Delivery, "payload">, problem: string) => Promise<void>;

/** Where a delivery stands in a list, whether it is still there or not. */
export type ListPlace = { readonly at: Instant; readonly id: string };

export function placeOf({ id, createdAt, endedAt }: DeliveryRecord): ListPlace {
  return { at: endedAt ?? createdAt, id };
}

/** Implementations: `redis/` (BullMQ), `embedded/` (a table in the one file); one contract suite for both. */
export interface Outbox {
  put(delivery: Delivery): Promise<PutOutcome>;

  /** Begins to attempt what is due, at most `concurrency` at a time. An attempt that throws counts as a retry. */
  start(attempt: Attempt, options: { readonly concurrency: number; readonly onExpired?: OnExpired }): void;

  find(realmId: string, id: string): Promise<DeliveryRecord | undefined>;

  /**
   * All but recoveries, behind `after` if it is given. The newest first: by when they were made while they wait, by when
   * they ended afterwards; of the same moment, the greater id first.
   */
  list(filter: {
    readonly realmId: string;
    readonly state: DeliveryRecord["state"];
    readonly userId?: string;
    readonly size: number;
    readonly after?: ListPlace;
  }): Promise<readonly DeliveryRecord[]>;

  /** Forgets a delivery that is not being attempted right now; payload and record are gone. */
  drop(realmId: string, id: string): Promise<"dropped" | "under_way" | "unknown">;

  /** For metrics and for the bound on what waits. */
  count(): Promise<{ readonly waiting: number; readonly dead: number }>;

  /** Takes nothing new, lets attempts under way end within `graceMs`, then aborts them: they stay for the next start. */
  close(options: { readonly graceMs: Milliseconds }): Promise<void>;
}

/** How long a record is kept after the end of its delivery, so that its sender and its operator can ask. */
export const keptAfterDelivery: Milliseconds = 24 * 60 * 60 * 1000;
export const keptAfterDeath: Milliseconds = 14 * 24 * 60 * 60 * 1000;
