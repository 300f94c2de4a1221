// What becomes of a stranger's request after its answer? The user is found, and gets a message, or nobody gets anything.
//
// Nobody waits for this: what it takes and how it ends says nothing to whoever asked. The message goes to the address
// that the directory has, never to what was typed. Guard: ASVS 5.0 6.3.8, 6.6.1, 6.6.4; Incident: C5, C6, C7, C25.

import type { Challenges } from "../codes/challenges.ts";
import type { Courier } from "../delivery/courier.ts";
import type { Announcer } from "../delivery/events.ts";
import type { Attempt } from "../delivery/outbox/outbox.ts";
import type { UnsealPayload } from "../delivery/seal.ts";
import type { Directory } from "../directory/directory.ts";
import type { ChargesFor } from "../throttle/charges-for.ts";
import { type Clock, type Milliseconds, minute } from "../units.ts";
import { announce } from "./announce.ts";
import type { PublicCallers } from "./public-callers.ts";
import type { RecoveryContainers } from "./recovery-containers.ts";
import { recoveryChannel, recoveryMessage, verifiedAddress } from "./recovery-message.ts";
import type { RecoveryWork } from "./recovery-work.ts";
import type { VetoLink } from "./veto-link.ts";

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

/** Another process may have a newer key ring: its keys come here with the next restart. */
const retryForKey: Milliseconds = minute;

export function makePerformRecovery(deps: {
  readonly callers: Pick<PublicCallers, "ofRealm">;
  readonly directory: Pick<Directory, "findByIdentifier">;
  readonly challenges: Pick<Challenges, "issue">;
  readonly chargesFor: ChargesFor;
  readonly containers: Pick<RecoveryContainers, "sealLink">;
  readonly vetoLink: VetoLink;
  /** Absent: nothing is configured that could send. */
  readonly courier?: Courier;
  readonly announcer?: Announcer;
  /** What rests in the outbox. */
  readonly unseal: UnsealPayload;
  readonly onEnd: (end: RecoveryEnd) => void;
  /** Told about an event that could not be handed over, with the id of the call. */
  readonly onFault: (cause: unknown, requestId: string) => void;
  readonly clock: Clock;
}): Attempt {
  const { callers, directory, challenges, chargesFor, containers, vetoLink } = deps;
  const { courier, announcer, unseal, onEnd, onFault, clock } = deps;

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
    const caller = callers.ofRealm(work.realmId);
    if (caller === undefined) return { kind: "ended", reason: "realm_unknown" };
    const call = { caller, address: work.address, requestId: work.requestId };
    const [user, ...others] = await directory.findByIdentifier(work.realmId, work.identifier);
    // An identifier that is two people's is nobody's.
    if (user === undefined || others.length > 0) return { kind: "ended", reason: "user_unknown" };
    const userId = user.id;
    if (user.state === "initial") return { kind: "ended", userId, reason: "user_not_ready" };
    const channel = recoveryChannel(work, user);
    const recipient = verifiedAddress(user, channel);
    if (recipient === undefined) return { kind: "ended", userId, reason: "channel_unavailable" };
    if (courier?.brings(work.realmId, channel) !== true) return { kind: "ended", userId, reason: "delivery_off" };

    const { shapes } = caller.realm;
    const now = clock.now();
    const issued = await challenges.issue({
      subject: { realmId: work.realmId, userId },
      shape: shapes.link,
      codeShape: shapes.code,
      now,
      passwordVersion: user.passwordVersion,
      ...chargesFor(call, "send_message"),
    });
    if (issued.kind === "blocked") return { kind: "ended", userId, reason: "blocked" };
    if (issued.kind === "limited") return { kind: "ended", userId, reason: "rate_limited" };
    const { secret, code = "", expiresAt, codeExpiresAt = expiresAt } = issued;
    const { realmId, state, requestNumber } = work;
    const token = containers.sealLink({ realmId, userId, state, requestNumber, secret });
    const veto = vetoLink(caller.realm, { channel, userId, requestNumber, vetoed: "request", now });
    const said = { realm: caller.realm, work, user, channel, recipient, token, code, vetoLink: veto, now };
    // The message speaks of one end for both: what it says of the code has to be true.
    const accepted = await courier.accept(recoveryMessage({ ...said, expiresAt: codeExpiresAt }));
    if (accepted.kind === "full") return accepted;
    const subject = { user, requestNumber, happenedAt: now };
    // The message is on its way: a failure here may not bring another one.
    const facts = { type: "password.reset.requested", medium: channel, expiresAt: codeExpiresAt, code } as const;
    await announce(announcer, subject, facts).catch((cause: unknown) => onFault(cause, work.requestId));
    return { kind: "ended", userId };
  }
}
