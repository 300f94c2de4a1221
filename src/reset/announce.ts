// What is an application told of an act? Events with the fields that all share, for realms that listen.

import { randomUUID } from "node:crypto";

import type { Announcer, EventFacts } from "../delivery/events.ts";
import type { User } from "../directory/directory.ts";
import type { Instant } from "../units.ts";

export type EventSubject = {
  /** The event's own, where it may be announced twice. */
  readonly id?: string;
  readonly user: User;
  readonly requestNumber: string;
  readonly happenedAt: Instant;
};

/** Resolves at once, without work, when nobody in the realm listens. */
export async function announce(
  announcer: Announcer | undefined,
  { id, user, requestNumber, happenedAt }: EventSubject,
  facts: EventFacts,
): Promise<void> {
  if (!isHeard(announcer, user, facts.type)) return;
  await announcer.announce({
    ...facts,
    id: id ?? randomUUID(),
    realmId: user.realmId,
    userId: user.id,
    organizationId: user.organizationId,
    requestNumber,
    happenedAt,
  });
}

/** Whether somebody in the user's realm listens: whoever asks first waits for nothing when nobody does. */
export function isHeard(
  announcer: Announcer | undefined,
  { realmId }: Pick<User, "realmId">,
  type: EventFacts["type"],
): announcer is Announcer {
  return announcer?.isHeard(realmId, type) === true;
}
