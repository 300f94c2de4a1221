// What is left to do when a stranger has had an answer? The request as it rests, sealed, until its turn comes.

import type { ShapeName } from "../codes/code.ts";
import type { Channel } from "../delivery/courier.ts";
import type { Delivery } from "../delivery/outbox/outbox.ts";
import { minute, type Instant, type Milliseconds } from "../units.ts";

/** What a dialect wants otherwise than Rekey's own page and message do. */
export type RecoveryWish = {
  /** What the message brings: a token in a link, a code to type, or both. At least one. */
  readonly tokenShape?: ShapeName;
  readonly codeShape?: ShapeName;
  /** A URL template with `{{.Token}}`. Absent: the realm's own page. */
  readonly link?: string;
  /** The built-in one speaks where the realm has none of this name. */
  readonly template?: string;
  /** The same for users who have no password yet. Absent: as for everybody. */
  readonly firstTemplate?: string;
  /** The token goes out as it was drawn: whoever presents it has to say whose it is. Else it is sealed, and says so itself. */
  readonly isBare?: boolean;
  /** Nobody is sent anything: an application that hears of it does that by itself. */
  readonly isEventOnly?: boolean;
  /** In whose words it was asked for, for events. Absent: in our own. */
  readonly dialect?: string;
};

export type RecoveryWork = {
  readonly realmId: string;
  readonly identifier: string;
  /** Absent: the one that the identifier is for, else e-mail. */
  readonly channel?: Channel;
  /** BCP 47, or empty: the user's, else the realm's. */
  readonly language: string;
  readonly state: string;
  /** Where to go in the end. Absent: nowhere. */
  readonly returnUrl?: string;
  /** Absent: our own page, message, token and code. */
  readonly wish?: RecoveryWish;
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
