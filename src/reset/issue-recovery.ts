// How does a recovery become something that a person can use? One challenge with a token, a code or both, and its message.

import type { Challenges } from "../codes/challenges.ts";
import type { Channel, Courier } from "../delivery/courier.ts";
import type { Announcer } from "../delivery/events.ts";
import type { User } from "../directory/directory.ts";
import type { ChargesFor } from "../throttle/charges-for.ts";
import type { Clock, Instant, Milliseconds } from "../units.ts";
import { announce } from "./announce.ts";
import type { Call } from "./caller.ts";
import type { RecoveryContainers } from "./recovery-containers.ts";
import { recoveryMessage, recoveryPage } from "./recovery-message.ts";
import type { RecoveryWork } from "./recovery-work.ts";
import type { VetoLink } from "./veto-link.ts";

export type IssueRecovery = (
  call: Call,
  request: {
    readonly user: User;
    readonly asked: Pick<RecoveryWork, "language" | "state" | "returnUrl" | "requestNumber" | "address" | "wish">;
    /** Where the message goes. Absent: none is sent, whoever called gets what there is. */
    readonly to?: { readonly channel: Channel; readonly recipient: string };
  },
) => Promise<IssuedRecovery>;

export type IssuedRecovery =
  | {
      readonly kind: "issued";
      /** Opens without anything beside it. Empty where there is only a code. */
      readonly token: string;
      /** Empty where there is only a token. */
      readonly code: string;
      /** The end of the code where there is one: what is said of it has to be true. */
      readonly expiresAt: Instant;
    }
  /** The account's owner has forbidden it for a time. */
  | { readonly kind: "blocked"; readonly retryAfterMs: Milliseconds }
  | { readonly kind: "limited"; readonly limit: string; readonly retryAfterMs: Milliseconds }
  /** The outbox is full: nobody got anything. */
  | { readonly kind: "full"; readonly retryAfterMs: Milliseconds };

/** Rekey's own: a link and a short code beside it. */
const ownKeys = { tokenShape: "link", codeShape: "code" } as const;

export function makeIssueRecovery(deps: {
  readonly challenges: Pick<Challenges, "issue">;
  readonly chargesFor: ChargesFor;
  readonly containers: Pick<RecoveryContainers, "sealLink">;
  readonly vetoLink: VetoLink;
  readonly courier?: Courier;
  readonly announcer?: Announcer;
  /** Told about an event that could not be handed over, with the id of the call. */
  readonly onFault: (cause: unknown, requestId: string) => void;
  readonly clock: Clock;
}): IssueRecovery {
  const { challenges, chargesFor, containers, vetoLink, courier, announcer, onFault, clock } = deps;

  return async function issueRecovery(call, { user, asked, to }) {
    const { realm } = call.caller;
    const { state, returnUrl = "", requestNumber, wish } = asked;
    const isReturned = to === undefined && wish?.isEventOnly !== true;
    const page = to && recoveryPage(realm, wish);
    const { tokenShape, codeShape } = wish ?? ownKeys;
    const shapes = [tokenShape, codeShape].flatMap((name) => (name === undefined ? [] : [realm.shapes[name]]));
    const [shape, beside] = shapes;
    if (shape === undefined) throw new TypeError("a recovery brings a token, a code or both");
    const now = clock.now();
    const issued = await challenges.issue({
      subject: { realmId: realm.id, userId: user.id },
      shape,
      ...(beside && { codeShape: beside }),
      now,
      passwordVersion: user.passwordVersion,
      ...chargesFor(call, isReturned ? "return_code" : "send_message"),
    });
    if (issued.kind !== "issued") return issued;
    const { secret } = issued;
    const code = tokenShape === undefined ? secret : (issued.code ?? "");
    const link = { realmId: realm.id, userId: user.id, state, returnUrl, requestNumber, secret };
    const token = tokenShape === undefined ? "" : wish?.isBare === true ? secret : containers.sealLink(link);
    const expiresAt = issued.codeExpiresAt ?? issued.expiresAt;

    if (to !== undefined) {
      const wanted = user.password.set ? wish?.template : (wish?.firstTemplate ?? wish?.template);
      const template = templateOf(realm.id, wanted);
      const about = { channel: to.channel, userId: user.id, requestNumber, vetoed: "request", now } as const;
      const said = { realm, asked, template, page, user, ...to, token, code, vetoLink: vetoLink(realm, about) };
      // It lives as long as its link, which is longer than the code does.
      const ends = { expiresAt: issued.expiresAt, codeExpiresAt: expiresAt };
      const message = recoveryMessage({ ...said, now, ...ends });
      const accepted = await courier?.accept(message);
      if (accepted?.kind === "full") return accepted;
    }
    const medium = to?.channel ?? (isReturned ? "returned" : "event");
    const facts = { type: "password.reset.requested", medium, dialect: wish?.dialect ?? "native", expiresAt } as const;
    const announced = announce(announcer, { user, requestNumber, happenedAt: now }, { ...facts, code: code || token });
    // What is on its way, or returned, is not made twice because of a failure here; an event that is all there is, is.
    await (medium === "event" ? announced : announced.catch((cause: unknown) => onFault(cause, call.requestId)));
    return { kind: "issued", token, code, expiresAt };
  };

  function templateOf(realmId: string, wanted: string | undefined): string {
    return wanted !== undefined && courier?.hasTemplate(realmId, wanted) === true ? wanted : "password_reset";
  }
}
