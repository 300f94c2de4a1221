// What can an application be told? The events, as webhooks carry them; docs/webhooks.md and its schema are printed from here.

import type { Instant } from "../units.ts";

/** Every event names a realm, a user and the request number that log and mail share. */
export type EventBase = {
  /** Names the event for ever: the same over all attempts and endpoints. */
  readonly id: string;
  readonly realmId: string;
  readonly userId: string;
  readonly organizationId: string;
  readonly requestNumber: string;
  readonly happenedAt: Instant;
};

/** What each type says besides. */
export type EventFacts =
  | {
      readonly type: "password.reset.requested";
      /** How the code reaches the user. */
      readonly medium: "returned" | "email" | "sms" | "event";
      /** In whose words it was asked for: some endpoints are told of their own only. */
      readonly dialect: string;
      readonly expiresAt: Instant;
      /** Only for endpoints that are explicitly allowed to receive codes. Never logged, sealed at rest. */
      readonly code?: string;
    }
  | {
      readonly type: "password.reset.completed";
      /** Whoever finished wanted no vendor's webhook of it. Says nothing to our own: no stranger keeps an application in the dark. */
      readonly preventsHook?: boolean;
    }
  /** The user said "it was not me". Sessions from before count for nothing now, and codes are dead. */
  | {
      readonly type: "password.reset.vetoed";
      /** What the message was about in which the user found the link. */
      readonly vetoed: "request" | "change";
      /** Until when no reset is taken up. */
      readonly blockedUntil: Instant;
    }
  /** Any change of a password, whatever proved it. */
  | {
      readonly type: "password.changed";
      readonly by: "code" | "current_password" | "permission" | "import";
      /** Whether sessions from before it count for nothing now. */
      readonly sessionsEnded: boolean;
    }
  /** A message became a dead letter. */
  | {
      readonly type: "message.failed";
      readonly messageId: string;
      readonly channel: "email" | "sms";
      readonly problem: string;
    };

export type RekeyEvent = EventBase & EventFacts;

export type EventType = RekeyEvent["type"];

export const eventTypes = [
  "password.reset.requested",
  "password.reset.completed",
  "password.reset.vetoed",
  "password.changed",
  "message.failed",
] as const satisfies readonly EventType[];

/** Where events are handed over. Returns once every endpoint that wants it has it in its outbox. */
export interface Announcer {
  /** Whether an endpoint of the realm wants events of this type. Cheap: asked before an event is made. */
  isHeard(realmId: string, type: EventType): boolean;

  /** Whether an application of the realm is given codes, and brings them to people itself. */
  bringsCodes(realmId: string): boolean;

  announce(event: RekeyEvent): Promise<void>;
}
