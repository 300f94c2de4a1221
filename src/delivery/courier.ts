// How does word get out? Delivery's door: a message is accepted here, and from then on it is delivery's to bring.

import type { Instant, Milliseconds } from "../units.ts";

export type Channel = "email" | "sms";

/** A message that a rule wants sent. The recipient comes from the directory, never from a request. */
export type OutgoingMessage = {
  /** Names the message for ever: a message with the same id is the same message. */
  readonly id: string;
  readonly realmId: string;
  readonly userId: string;
  readonly channel: Channel;
  /** Exactly one address. */
  readonly recipient: string;
  /** One of the built-in set, or of the realm's own. */
  readonly template: string;
  /** BCP 47. */
  readonly language: string;
  /** Shared by mail, log and support: see request-number. */
  readonly requestNumber: string;
  /** What the template may say. Holds secrets: a courier seals it at rest and never logs it. */
  readonly values: {
    readonly displayName: string;
    readonly loginName: string;
    /** Empty where the message has none. */
    readonly link: string;
    readonly code: string;
    /** Where the user can say "it was not me"; empty where the message has no such link. */
    readonly vetoLink: string;
    /** The code by itself, whether it can be typed or not. No template says it; the developer's inbox shows it. */
    readonly secret: string;
    /** The IP address from which it was asked for or changed. */
    readonly fromAddress: string;
  };
  /** When it was asked for or changed: the template may say so. */
  readonly createdAt: Instant;
  /** After this instant the message is of no use and is not sent. */
  readonly expiresAt: Instant;
  /** When its code ends, where that is before: a message that comes later does not say the code. */
  readonly codeExpiresAt?: Instant;
  /** What its maker needs to make it anew after it died, as text. Stands in clear beside it: no secrets. */
  readonly remake?: string;
};

export type AcceptOutcome =
  /** Kept as durably as the implementation promises; the caller may answer. */
  | { readonly kind: "accepted" }
  /** The queue is full: nothing was kept. */
  | { readonly kind: "full"; readonly retryAfterMs: Milliseconds };

/** Implementations: `capture/` keeps messages for the developer; `outbox-courier` hands them to the durable outbox. */
export interface Courier {
  /** Whether messages of the realm can go out over this channel. */
  brings(realmId: string, channel: Channel): boolean;

  /** Whether a message of the realm can be written by this template. */
  hasTemplate(realmId: string, template: string): boolean;

  accept(message: OutgoingMessage): Promise<AcceptOutcome>;
}

/** A message that was kept instead of sent. */
export type CapturedMessage = OutgoingMessage & { readonly capturedAt: Instant };

/** Where a developer reads captured messages. Exists in the demo only. */
export interface Inbox {
  /** The newest first; of all realms when none is named. */
  list(filter: {
    readonly realmId?: string;
    readonly userId?: string;
    readonly size: number;
  }): Promise<readonly CapturedMessage[]>;
}
