// What becomes of a stranger's request after its answer? The user is found, and gets a message, or nobody gets anything.
//
// Nobody waits for this: what it takes and how it ends says nothing to whoever asked. The message goes to the address
// that the directory has, never to what was typed. Guard: ASVS 5.0 6.3.8, 6.6.1, 6.6.4; Incident: C5, C6, C7, C25.

import type { Channel, Courier } from "../delivery/courier.ts";
import type { Announcer } from "../delivery/events.ts";
import type { Attempt } from "../delivery/outbox/outbox.ts";
import type { UnsealPayload } from "../delivery/seal.ts";
import type { Directory, User } from "../directory/directory.ts";
import { type Clock, type Milliseconds, minute } from "../units.ts";
import { identifiedUser } from "./identified-user.ts";
import type { IssueRecovery } from "./issue-recovery.ts";
import type { PublicCallers } from "./public-callers.ts";
import { recoveryChannel } from "./recovery-message.ts";
import type { RecoveryWish, RecoveryWork } from "./recovery-work.ts";
import { verifiedAddress } from "./verified-address.ts";

/** For the audit. */
export type RecoveryEnd = {
  readonly work: RecoveryWork;
  /** Absent where nobody was found. */
  readonly userId?: string;
  /** Why there is no message; absent where there is one. */
  readonly reason?:
    | "realm_unknown"
    | "user_unknown"
    | "user_not_ready"
    | "channel_unavailable"
    | "delivery_off"
    | "blocked"
    | "rate_limited";
};

/** By which way the user gets it. Without `to`: by an event alone. */
type Way =
  | { readonly kind: "way"; readonly to?: { readonly channel: Channel; readonly recipient: string } }
  | { readonly kind: "none"; readonly reason: NonNullable<RecoveryEnd["reason"]> };

/** A code that the application sends by itself, to be typed on the page that asked. */
const byApplication: RecoveryWish = { codeShape: "code", isEventOnly: true };

/** Another process may have a newer key ring: its keys come here with the next restart. */
const retryForKey: Milliseconds = minute;

export function makePerformRecovery(deps: {
  readonly callers: Pick<PublicCallers, "ofRealm" | "stranger">;
  readonly directory: Pick<Directory, "findByIdentifier">;
  readonly issue: IssueRecovery;
  /** Absent: nothing is configured that could send. */
  readonly courier?: Courier;
  readonly announcer?: Announcer;
  /** What rests in the outbox. */
  readonly unseal: UnsealPayload;
  readonly onEnd: (end: RecoveryEnd) => void;
  readonly clock: Clock;
}): Attempt {
  const { callers, directory, issue, courier, announcer, unseal, onEnd, clock } = deps;

  return async function performRecovery(delivery) {
    const opened = unseal(delivery.id, delivery.payload);
    if (opened.kind === "unknown_key") {
      return {
        kind: "retry",
        problem: `sealed under key ${opened.keyId}, which is not in the ring`,
        delayMs: retryForKey,
      };
    }
    if (opened.kind === "broken") return { kind: "dead", problem: "the payload was changed or belongs elsewhere" };
    if (clock.now() >= delivery.expiresAt) return { kind: "dead", problem: "it expired before its turn came" };
    const work = JSON.parse(Buffer.from(opened.payload).toString()) as RecoveryWork;
    const end = await perform(work);
    if (end.kind === "full") return { kind: "retry", problem: "the outbox is full", delayMs: end.retryAfterMs };
    onEnd({ work, ...end });
    return { kind: "delivered", by: "recovery" };
  };

  async function perform(
    work: RecoveryWork,
  ): Promise<
    | ({ readonly kind: "ended" } & Omit<RecoveryEnd, "work">)
    | { readonly kind: "full"; readonly retryAfterMs: Milliseconds }
  > {
    // A wish comes from a dialect that has found the realm by itself.
    const caller = work.wish === undefined ? callers.ofRealm(work.realmId) : callers.stranger(work.realmId);
    if (caller === undefined) return { kind: "ended", reason: "realm_unknown" };
    const call = { caller, address: work.address, requestId: work.requestId };
    const user = await identifiedUser(directory, work.realmId, work.identifier);
    if (user === undefined) return { kind: "ended", reason: "user_unknown" };
    const userId = user.id;
    if (user.state === "initial") return { kind: "ended", userId, reason: "user_not_ready" };
    const asked = isForApplication(work) ? { ...work, wish: byApplication } : work;
    const way = asked.wish?.isEventOnly === true ? byEvent(asked) : byMessage(asked, user);
    if (way.kind === "none") return { kind: "ended", userId, reason: way.reason };

    const issued = await issue(call, { user, asked, ...(way.to && { to: way.to }) });
    switch (issued.kind) {
      case "blocked":
        return { kind: "ended", userId, reason: "blocked" };
      case "limited":
        return { kind: "ended", userId, reason: "rate_limited" };
      case "full":
        return issued;
      case "issued":
        return { kind: "ended", userId };
    }
  }

  function byMessage(work: RecoveryWork, user: User): Way {
    const channel = recoveryChannel(work, user);
    const recipient = verifiedAddress(user, channel);
    if (recipient === undefined) return { kind: "none", reason: "channel_unavailable" };
    const isBrought = courier?.brings(work.realmId, channel) === true;
    return isBrought ? { kind: "way", to: { channel, recipient } } : { kind: "none", reason: "delivery_off" };
  }

  /** Nothing is configured that could send, and an application of the realm is given codes. */
  function isForApplication({ realmId, wish }: RecoveryWork): boolean {
    if (wish !== undefined || announcer?.bringsCodes(realmId) !== true) return false;
    return courier === undefined || !(courier.brings(realmId, "email") || courier.brings(realmId, "sms"));
  }

  /** An event that nobody hears is no way to anybody. */
  function byEvent({ realmId }: RecoveryWork): Way {
    const isHeard = announcer?.isHeard(realmId, "password.reset.requested") === true;
    return isHeard ? { kind: "way" } : { kind: "none", reason: "delivery_off" };
  }
}
