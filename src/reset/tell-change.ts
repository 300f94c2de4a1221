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
import { announce, type EventSubject } from "./announce.ts";
import type { Call } from "./caller.ts";
import { verifiedAddress } from "./verified-address.ts";
import type { VetoLink } from "./veto-link.ts";

/** What proved that the change was wanted. */
export type ChangedBy = "code" | "current_password" | "permission" | "import";

/** `user` as the directory has it after the change. */
export type TellChange = (call: Call, user: User, by: ChangedBy) => Promise<void>;

/** Whoever did not change it should still hear of it after a long week-end. */
const noticeLivesFor: Milliseconds = 72 * hour;

export function makeTellChange(deps: {
  readonly courier?: Courier;
  readonly announcer?: Announcer;
  readonly vetoLink: VetoLink;
  /** Told about what could not be handed over, with the id of the call. */
  readonly onFault: (cause: unknown, requestId: string) => void;
}): TellChange {
  const { courier, announcer, vetoLink, onFault } = deps;

  return async function tellChange(call, user, by) {
    const subject = { user, requestNumber: makeRequestNumber(), happenedAt: user.changedAt };
    const { realm } = call.caller;
    const completed = { type: "password.reset.completed", ...(call.preventsHook && { preventsHook: true }) } as const;
    const notices = addressesOf(user).filter(({ channel }) => realm.notices && courier?.brings(realm.id, channel));
    const told = await Promise.allSettled([
      ...notices.map(async (address) => await accept(noticeFor(call, subject, address))),
      ...(by === "code" ? [announce(announcer, subject, completed)] : []),
      announce(announcer, subject, { type: "password.changed", by, sessionsEnded: realm.endSessions }),
    ]);
    for (const part of told) if (part.status === "rejected") onFault(part.reason, call.requestId);
  };

  async function accept(notice: OutgoingMessage): Promise<void> {
    const accepted = await courier?.accept(notice);
    if (accepted?.kind === "full") throw new Error("the outbox is full: a notice was not kept");
  }

  function noticeFor(call: Call, { user, requestNumber }: EventSubject, { channel, recipient }: Address) {
    const { realm } = call.caller;
    const now = user.changedAt;
    const notMe = vetoLink(realm, { channel, userId: user.id, requestNumber, vetoed: "change", now });
    return {
      id: randomUUID(),
      realmId: realm.id,
      userId: user.id,
      channel,
      recipient,
      template: "password_changed",
      language: user.preferredLanguage || realm.defaultLanguage,
      requestNumber,
      values: {
        displayName: user.displayName,
        loginName: user.userName,
        // All that there is to do.
        link: notMe,
        vetoLink: notMe,
        code: "",
        secret: "",
        fromAddress: call.address,
      },
      createdAt: now,
      expiresAt: now + noticeLivesFor,
    };
  }
}

type Address = { readonly channel: Channel; readonly recipient: string };

function addressesOf(user: User): readonly Address[] {
  return (["email", "sms"] as const).flatMap((channel) => {
    const recipient = verifiedAddress(user, channel);
    return recipient === undefined ? [] : [{ channel, recipient }];
  });
}
