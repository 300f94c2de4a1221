// How is an endpoint told? The form of its webhooks: what is written of an event, and which headers prove the sender.

import type { Instant } from "../../units.ts";
import type { EventType, RekeyEvent } from "../events.ts";
import type { WebhookEndpoint } from "./endpoint.ts";

/** One webhook at one attempt. */
export type OutgoingWebhook = {
  readonly realmId: string;
  readonly endpoint: WebhookEndpoint;
  /** The delivery's: the same over all attempts. Without a full stop. */
  readonly id: string;
  /** Of this attempt: receivers refuse an old one. */
  readonly at: Instant;
  /** Exactly the bytes that are sent. */
  readonly body: Buffer;
};

export type WebhookForm = {
  /** Whether it may have words for such an event. Cheap: asked before an event is made. */
  has(type: EventType): boolean;

  /** The body, with the code only where the endpoint receives codes. Undefined: the form has no words for this event. */
  write(
    event: RekeyEvent,
    to: { readonly endpoint: WebhookEndpoint; readonly id: string },
  ): Promise<Buffer | undefined>;

  /** The same body for an endpoint that may not have the code any more. */
  withoutCode(body: Buffer): Buffer;

  headers(webhook: OutgoingWebhook): Readonly<Record<string, string>>;
};

/** The vendors' forms, by the name that an endpoint's `format` gives. */
export type WebhookForms = ReadonlyMap<string, WebhookForm>;
