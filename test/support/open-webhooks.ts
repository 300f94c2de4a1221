// How does a test announce and attempt webhooks? With the parts of the service, through an outbox or one by one.

import { createSecretKey, randomBytes } from "node:crypto";

import type { Announcer, RekeyEvent } from "../../src/delivery/events.ts";
import type { Attempt, AttemptOutcome, Delivery, Outbox } from "../../src/delivery/outbox/outbox.ts";
import { makeSeal } from "../../src/delivery/seal.ts";
import { makeAttemptWebhook } from "../../src/delivery/webhook/attempt-webhook.ts";
import type { DisabledEndpoint, EndpointRegister } from "../../src/delivery/webhook/endpoint-register.ts";
import type { WebhookEndpoint } from "../../src/delivery/webhook/endpoint.ts";
import { openEndpointRegister } from "../../src/delivery/webhook/open-endpoint-register.ts";
import { outboxAnnouncer } from "../../src/delivery/webhook/outbox-announcer.ts";
import type { WebhookForms } from "../../src/delivery/webhook/webhook-form.ts";
import { openWebhookPoster } from "../../src/delivery/webhook/webhook-poster.ts";
import { openDatabase } from "../../src/sqlite/database.ts";
import { second, type Milliseconds } from "../../src/units.ts";
import { fakeClock, type FakeClock } from "./fake-clock.ts";
import { receiverCertificate } from "./webhook-receiver.ts";

/** Between the attempts, if a test says nothing else. */
export const backOffMs = 7 * second;

type PosterOptions = NonNullable<Parameters<typeof openWebhookPoster>[0]>;

export type Webhooks = {
  readonly clock: FakeClock;
  readonly register: EndpointRegister;
  /** What was told of endpoints that were disabled. */
  readonly disabled: readonly DisabledEndpoint[];
  /** The endpoints of every realm from now on. */
  configure(...endpoints: WebhookEndpoint[]): void;
  announcerTo(outbox: Pick<Outbox, "put">): Announcer;
  /** What an outbox does with each delivery. */
  readonly attemptWebhook: Attempt;
  /** The deliveries that an event becomes. */
  announce(event: RekeyEvent): Promise<readonly Delivery[]>;
  attempt(delivery: Delivery | undefined, signal?: AbortSignal): Promise<AttemptOutcome>;
  close(): void;
};

export async function openWebhooks(
  options: Omit<PosterOptions, "clock"> & { readonly delayMs?: Milliseconds; readonly forms?: WebhookForms } = {},
): Promise<Webhooks> {
  // Receivers compare a webhook's time with their own.
  const clock = fakeClock(Date.now());
  const database = openDatabase(":memory:");
  const register = await openEndpointRegister({ kind: "embedded", database });
  const { seal, unseal } = makeSeal([{ id: 1, key: createSecretKey(randomBytes(32)) }]);
  const poster = openWebhookPoster({ clock, authorities: receiverCertificate, ...options });
  const disabled: DisabledEndpoint[] = [];
  let endpoints: readonly WebhookEndpoint[] = [];
  const endpointsOf = () => endpoints;
  const { forms = new Map() } = options;
  const announcerTo = (outbox: Pick<Outbox, "put">) => outboxAnnouncer({ outbox, register, endpointsOf, forms, seal });
  const attemptWebhook = makeAttemptWebhook({
    clock,
    register,
    endpointsOf,
    forms,
    unseal,
    poster,
    delayMs: () => options.delayMs ?? backOffMs,
    onDisabled: (told) => disabled.push(told),
  });
  return {
    clock,
    register,
    disabled,
    configure(...next) {
      endpoints = next;
    },
    announcerTo,
    attemptWebhook,
    async announce(event) {
      const deliveries: Delivery[] = [];
      const put = async (delivery: Delivery) => {
        deliveries.push(delivery);
        return { kind: "accepted" } as const;
      };
      await announcerTo({ put }).announce(event);
      return deliveries;
    },
    async attempt(delivery, signal = new AbortController().signal) {
      if (delivery === undefined) throw new Error("the event became no delivery");
      return attemptWebhook(delivery, 0, signal);
    },
    close() {
      poster.close();
      database.close();
    },
  };
}
