// How does an event become webhooks? One delivery in the outbox for each endpoint that wants it.

import { Outage } from "../../outage.ts";
import { hour, type Instant, type Milliseconds } from "../../units.ts";
import type { Announcer, EventType, RekeyEvent } from "../events.ts";
import type { Delivery, Outbox } from "../outbox/outbox.ts";
import type { SealPayload } from "../seal.ts";
import { deliveryIdOf } from "./delivery-id.ts";
import { wantsEvent, type WebhookEndpoint } from "./endpoint.ts";
import type { EndpointRegister } from "./endpoint-register.ts";
import { formOf } from "./form-of.ts";
import type { WebhookForms } from "./webhook-form.ts";

/** How long a receiver may be away. Spec: Standard Webhooks 1.0.0, retries over several days. */
const keptForMs: Milliseconds = 72 * hour;

type Dependencies = {
  readonly outbox: Pick<Outbox, "put">;
  readonly register: Pick<EndpointRegister, "list">;
  readonly endpointsOf: (realmId: string) => readonly WebhookEndpoint[];
  readonly forms: WebhookForms;
  readonly seal: SealPayload;
};

/**
 * An event may be announced again: it is the same one, and the outbox keeps it once. A full outbox is an Outage; then
 * some endpoints may have the event and others not, until it is announced again.
 */
export function outboxAnnouncer({ outbox, register, endpointsOf, forms, seal }: Dependencies): Announcer {
  function hears(endpoint: WebhookEndpoint, type: EventType): boolean {
    return wantsEvent(endpoint, type) && formOf(forms, endpoint).has(type);
  }

  async function deliveryOf(event: RekeyEvent, endpoint: WebhookEndpoint): Promise<Delivery | undefined> {
    const id = deliveryIdOf(event.id, endpoint.id);
    const body = await formOf(forms, endpoint).write(event, { endpoint, id });
    return (
      body && {
        id,
        realmId: event.realmId,
        userId: event.userId,
        target: { kind: "webhook", endpointId: endpoint.id },
        subject: event.type,
        requestNumber: event.requestNumber,
        createdAt: event.happenedAt,
        expiresAt: expiryOf(event, endpoint),
        payload: seal(id, body),
      }
    );
  }

  async function bring(event: RekeyEvent, endpoint: WebhookEndpoint): Promise<void> {
    const delivery = await deliveryOf(event, endpoint);
    if (delivery === undefined) return;
    const outcome = await outbox.put(delivery);
    if (outcome.kind === "full") throw new Outage("outbox", { cause: new Error("too many deliveries wait already") });
  }

  return {
    isHeard: (realmId, type) => endpointsOf(realmId).some((endpoint) => hears(endpoint, type)),

    bringsCodes: (realmId) =>
      endpointsOf(realmId).some((endpoint) => endpoint.receivesCodes && hears(endpoint, "password.reset.requested")),

    async announce(event) {
      const wanting = endpointsOf(event.realmId).filter((endpoint) => hears(endpoint, event.type));
      if (wanting.length === 0) return;
      const disabled = new Set((await register.list(event.realmId)).map(({ endpointId }) => endpointId));
      const ready = wanting.filter(({ id }) => !disabled.has(id));
      await Promise.all(ready.map((endpoint) => bring(event, endpoint)));
    },
  };
}

/** What brings a code is of no use without a live one, and no code rests longer than it lives. */
function expiryOf(event: RekeyEvent, { receivesCodes }: WebhookEndpoint): Instant {
  const expiresAt = event.happenedAt + keptForMs;
  const bringsCode = event.type === "password.reset.requested" && event.code !== undefined && receivesCodes;
  return bringsCode ? Math.min(expiresAt, event.expiresAt) : expiresAt;
}
