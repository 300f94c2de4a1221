// How does a reset start? Makes the user's newest code, and returns it or hands a message with it to delivery.
//
// Nothing on the account changes here: no lock, no password removed. Guard: OWASP Forgot Password Cheat Sheet.

import { randomUUID } from "node:crypto";

import type { Challenges, IssueChallenge, IssuedChallenge } from "../codes/challenges.ts";
import type { Courier } from "../delivery/courier.ts";
import type { Announcer } from "../delivery/events.ts";
import { makeRequestNumber } from "../delivery/request-number.ts";
import type { Directory, User } from "../directory/directory.ts";
import type { ChargesFor } from "../throttle/charges-for.ts";
import type { Clock, Instant } from "../units.ts";
import { announce, isHeard } from "./announce.ts";
import { type Call, requirePermission } from "./caller.ts";
import type { Dialect } from "./dialect.ts";
import { readyUser } from "./ready-user.ts";
import { Refusal } from "./refusal.ts";
import { remakeNote } from "./remake-note.ts";
import { addressFor, linkTemplateFor, resetMessage, type SendLink } from "./reset-message.ts";
import { type Standing, standingAfter } from "./standing.ts";
import type { VetoLink } from "./veto-link.ts";

/** What an application is told of. */
const requested = "password.reset.requested";

export type ResetMedium = { readonly kind: "return_code" } | ({ readonly kind: "send_link" } & SendLink);

export type RequestReset = (
  call: Call,
  request: { readonly userId: string; readonly medium: ResetMedium; readonly dialect: Dialect },
) => Promise<StartedReset>;

export type StartedReset = {
  readonly standing: Standing;
  readonly expiresAt: Instant;
  /** Short, shared by message, log and support. */
  readonly requestNumber: string;
  /** Only for `return_code`. */
  readonly code?: string;
  /** Only for `send_link`, when there was an address. */
  readonly messageId?: string;
};

export function makeRequestReset(deps: {
  readonly directory: Directory;
  readonly challenges: Challenges;
  readonly chargesFor: ChargesFor;
  /** Absent: nothing is configured that could send. */
  readonly courier?: Courier;
  readonly announcer?: Announcer;
  readonly vetoLink: VetoLink;
  /** Told about an event that could not be handed over, with the id of the call. */
  readonly onFault: (cause: unknown, requestId: string) => void;
  readonly clock: Clock;
}): RequestReset {
  const { directory, challenges, chargesFor, courier, announcer, vetoLink, onFault, clock } = deps;

  return function requestReset(call, { userId, medium, dialect }) {
    return medium.kind === "return_code" ? returnCode(call, userId, dialect) : sendLink(call, userId, medium, dialect);
  };

  async function returnCode(call: Call, userId: string, dialect: Dialect): Promise<StartedReset> {
    requirePermission(call, "password.return_code");
    const user = readyUser(await directory.find(call.caller.realm.id, userId));
    const challenge = challengeFor(call, user, dialect, "return_code");
    const issued = issuedReset(user, challenge.now, await challenges.issue(challenge));
    if (isHeard(announcer, user, requested))
      await tell(call, user, issued, { medium: "returned", dialect: dialect.name });
    const { standing, expiresAt, requestNumber, secret } = issued;
    return { standing, expiresAt, requestNumber, code: secret };
  }

  async function sendLink(call: Call, userId: string, wanted: SendLink, dialect: Dialect): Promise<StartedReset> {
    requirePermission(call, "password.send_link");
    const { realm } = call.caller;
    if (courier?.brings(realm.id, wanted.channel) !== true) {
      throw new Refusal({ reason: "delivery_off", channel: wanted.channel });
    }
    const link = linkTemplateFor(call, wanted.urlTemplate, dialect);
    const template = wanted.template ?? "password_reset";
    if (!courier.hasTemplate(realm.id, template)) throw new Refusal({ reason: "template_unknown", template });
    const user = readyUser(await directory.find(realm.id, userId));
    const recipient = addressFor(user, wanted.channel, dialect);

    const challenge = challengeFor(call, user, dialect, "send_message");
    const issued = issuedReset(user, challenge.now, await challenges.issue(challenge));
    const { secret, ...started } = issued;
    if (recipient === undefined) return started;
    const messageId = randomUUID();
    const accepted = await courier.accept(
      resetMessage({
        id: messageId,
        call,
        user,
        recipient,
        sendLink: wanted,
        link,
        shape: realm.shapes[dialect.linkShape],
        secret,
        requestNumber: started.requestNumber,
        vetoLink: vetoLink(realm, {
          channel: wanted.channel,
          userId,
          requestNumber: started.requestNumber,
          vetoed: "request",
          now: started.standing.changedAt,
        }),
        remake: remakeNote({ dialect: dialect.name, sendLink: wanted }),
        now: started.standing.changedAt,
        expiresAt: started.expiresAt,
      }),
    );
    if (accepted.kind === "full") {
      throw new Refusal({ reason: "overloaded", retryAfterMs: accepted.retryAfterMs });
    }
    if (isHeard(announcer, user, requested))
      await tell(call, user, issued, { medium: wanted.channel, dialect: dialect.name });
    return { ...started, messageId };
  }

  function challengeFor(
    call: Call,
    user: User,
    dialect: Dialect,
    action: "return_code" | "send_message",
  ): IssueChallenge {
    const { realm } = call.caller;
    const { charges, accountLimit } = chargesFor(call, action);
    return {
      subject: { realmId: realm.id, userId: user.id },
      shape: realm.shapes[action === "return_code" ? dialect.returnedShape : dialect.linkShape],
      now: clock.now(),
      passwordVersion: user.passwordVersion,
      accountLimit,
      charges,
    };
  }

  /** The code is made by then, and may be on its way: an application that cannot be told is no reason to say no. */
  async function tell(
    call: Call,
    user: User,
    { requestNumber, standing, expiresAt, secret }: IssuedReset,
    { medium, dialect }: { readonly medium: "returned" | "email" | "sms"; readonly dialect: string },
  ): Promise<void> {
    const subject = { user, requestNumber, happenedAt: standing.changedAt };
    try {
      await announce(announcer, subject, {
        type: requested,
        medium,
        code: secret,
        dialect,
        expiresAt,
      });
    } catch (cause) {
      onFault(cause, call.requestId);
    }
  }
}

/** Before it is on its way to anybody. */
type IssuedReset = Pick<StartedReset, "standing" | "expiresAt" | "requestNumber"> & { readonly secret: string };

function issuedReset(user: User, now: Instant, issued: IssuedChallenge): IssuedReset {
  switch (issued.kind) {
    case "limited":
      throw new Refusal({ reason: "rate_limited", limit: issued.limit, retryAfterMs: issued.retryAfterMs });
    case "blocked":
      throw new Refusal({ reason: "recovery_blocked", retryAfterMs: issued.retryAfterMs });
    case "issued":
      return {
        standing: standingAfter(user, { sequence: issued.sequence, at: now }),
        expiresAt: issued.expiresAt,
        requestNumber: makeRequestNumber(),
        secret: issued.secret,
      };
  }
}
