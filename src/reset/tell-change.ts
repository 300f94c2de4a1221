// Who is told that a password was changed? The user at every verified address, and the application by event.
//
// The password is set by then: nothing here may turn the answer into a failure. What cannot be handed over is reported.
// Guard: ASVS 5.0 6.3.7; NIST SP 800-63B-4 4.6.

import { randomUUID } from "node:crypto";

import type { Channel, Courier, OutgoingMessage } from "../delivery/courier.ts";
import type { Announcer } from "../delivery/events.ts";
import { makeRequestNumber } from "../delivery/request-number.ts";
import type { User } from "../directory/directory.ts";
import { hour, type Milliseconds } from "../units.ts";
import { announce } from "./announce.ts";
import type { Call } from "./caller.ts";

/** What proved that the change was wanted. */
export type ChangedBy = "code" | "current_password" | "permission" | "import";

/** `user` as the directory has it after the change. */
export type TellChange = (call: Call, user: User, by: ChangedBy) => Promise<void>;

/** Whoever did not change it should still hear of it after a long week-end. */
const noticeLivesFor: Milliseconds = 72 * hour;

export function makeTellChange(deps: {
  readonly courier?: Courier;
  readonly announcer?: Announcer;
  /** Told about what could not be handed over, with the id of the call. */
  readonly onFault: (cause: unknown, requestId: string) => void;
}): TellChange {
  const { courier, announcer, onFault } = deps;

  return async function tellChange(call, user, by) {
    const subject = { user, requestNumber: makeRequestNumber(), happenedAt: user.changedAt };
    const notices = noticesFor(call, user, subject.requestNumber).filter(
      ({ realmId, channel }) => call.caller.realm.notices && courier?.brings(realmId, channel),
    );
    const told = await Promise.allSettled([
      ...notices.map(async (notice) => await accept(notice)),
      ...(by === "code" ? [announce(announcer, subject, { type: "password.reset.completed" })] : []),
      announce(announcer, subject, { type: "password.changed", by, sessionsEnded: call.caller.realm.endSessions }),
    ]);
    for (const part of told) if (part.status === "rejected") onFault(part.reason, call.requestId);
  };

  async function accept(notice: OutgoingMessage): Promise<void> {
    const accepted = await courier?.accept(notice);
    if (accepted?.kind === "full") throw new Error("the outbox is full: a notice was not kept");
  }
}

function noticesFor(call: Call, user: User, requestNumber: string): OutgoingMessage[] {
  const { email, phone } = user;
  const notice = (channel: Channel, recipient: string): OutgoingMessage => ({
    id: randomUUID(),
    realmId: user.realmId,
    userId: user.id,
    channel,
    recipient,
    template: "password_changed",
    language: user.preferredLanguage || call.caller.realm.defaultLanguage,
    requestNumber,
    values: {
      displayName: user.displayName,
      loginName: user.userName,
      link: "",
      code: "",
      secret: "",
      fromAddress: call.address,
    },
    createdAt: user.changedAt,
    expiresAt: user.changedAt + noticeLivesFor,
  });
  return [
    ...(email?.verified === true ? [notice("email", email.address)] : []),
    ...(phone?.verified === true ? [notice("sms", phone.number)] : []),
  ];
}
