// What is left to do when a stranger has had an answer? The request as it rests, sealed, until its turn comes.

import type { Channel } from "../delivery/courier.ts";
import type { Delivery } from "../delivery/outbox/outbox.ts";
import { minute, type Instant, type Milliseconds } from "../units.ts";

export type RecoveryWork = {
  readonly realmId: string;
  readonly identifier: string;
  /** Absent: the one that the identifier is for, else e-mail. */
  readonly channel?: Channel;
  /** BCP 47, or empty: the user's, else the realm's. */
  readonly language: string;
  readonly state: string;
  readonly requestNumber: string;
  /** Where it was asked from, and by which call. */
  readonly address: string;
  readonly requestId: string;
};

/** Whoever waits for a message has asked again by then. */
const livesFor: Milliseconds = 15 * minute;

/** Everything but the payload: it names nobody, and looks alike for everybody. Guard: ASVS 5.0 16.2.5. */
export function recoveryDelivery(
  id: string,
  { realmId, requestNumber }: RecoveryWork,
  now: Instant,
): Omit<Delivery, "payload"> {
  return {
    id,
    realmId,
    userId: "",
    target: { kind: "recovery" },
    subject: "recovery",
    requestNumber,
    createdAt: now,
    expiresAt: now + livesFor,
  };
}
