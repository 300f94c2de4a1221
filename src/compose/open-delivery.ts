// How does word get out of this process? Outbox, providers, templates and webhooks, as the configuration names them.

import type { KeyRing } from "../codes/key-ring.ts";
import type { Configuration, RealmConfiguration } from "../config/configuration.ts";
import { makeAttemptMessage } from "../delivery/attempt-message.ts";
import { backOffDelay, webhookBackOff } from "../delivery/back-off.ts";
import { captureCourier } from "../delivery/capture/capture-courier.ts";
import type { Courier, Inbox } from "../delivery/courier.ts";
import type { Announcer } from "../delivery/events.ts";
import { openOutbox } from "../delivery/outbox/open-outbox.ts";
import type { Attempt, Outbox } from "../delivery/outbox/outbox.ts";
import { outboxCourier } from "../delivery/outbox-courier.ts";
import { makeSeal } from "../delivery/seal.ts";
import { liquidTemplates } from "../delivery/templates/liquid-templates.ts";
import type { Templates } from "../delivery/templates/template.ts";
import { makeAttemptWebhook } from "../delivery/webhook/attempt-webhook.ts";
import { openEndpointRegister } from "../delivery/webhook/open-endpoint-register.ts";
import { outboxAnnouncer } from "../delivery/webhook/outbox-announcer.ts";
import type { WebhookForms } from "../delivery/webhook/webhook-form.ts";
import { openWebhookPoster } from "../delivery/webhook/webhook-poster.ts";
import type { MessageSender } from "../delivery/write-message.ts";
import type { Realm } from "../reset/realm.ts";
import type { Log } from "../telemetry/log.ts";
import type { Clock } from "../units.ts";
import { announceFailures } from "./announce-failures.ts";
import { openProviders } from "./open-providers.ts";
import type { Stores } from "./open-stores.ts";

export type DeliveryParts = {
  /** Absent: nothing is configured that could send. */
  readonly courier?: Courier;
  /** Only where messages are captured instead of sent. */
  readonly inbox?: Inbox;
  /** Absent: no realm has an endpoint. */
  readonly announcer?: Announcer;
  /** Absent: nothing is brought anywhere. */
  readonly outbox?: Outbox;
  /** What keeps the requests of strangers until their turn comes. Absent: strangers may ask in no realm. */
  readonly queue?: Pick<Outbox, "put">;
  /** Begins to bring what waits; requests of strangers by `recover`. Once, before the first call. */
  start(recover: Attempt | undefined): void;
  readonly templates: Templates;
  readonly senderOf: (realmId: string) => MessageSender | undefined;
  readonly resources: readonly { close(): void | Promise<void> }[];
};

/** The realms of the configuration, and the demo's own. */
export type DeliveringRealm = Pick<Realm, "id" | "defaultLanguage" | "recovery"> &
  Pick<RealmConfiguration, "sender" | "webhooks" | "keygen" | "loginRadius">;

export async function openDelivery(parts: {
  readonly configuration: Pick<Configuration, "mode" | "delivery" | "redis" | "shutdownGraceMs">;
  readonly realms: readonly DeliveringRealm[];
  readonly stores: Pick<Stores, "database" | "redis" | "directory">;
  readonly keyRing: KeyRing;
  /** How vendors' endpoints are told. */
  readonly forms: WebhookForms;
  readonly clock: Clock;
  readonly log: Log;
}): Promise<DeliveryParts> {
  const { configuration, realms, stores, keyRing, forms, clock, log } = parts;
  const { delivery, redis, shutdownGraceMs } = configuration;
  const realmOf = new Map(realms.map((realm) => [realm.id, realm]));
  const senderOf = (realmId: string) => realmOf.get(realmId)?.sender;
  const endpointsOf = (realmId: string) => realmOf.get(realmId)?.webhooks ?? [];
  const templates = await liquidTemplates({
    realms,
    ...(delivery.templatesDir === undefined ? {} : { directory: delivery.templatesDir }),
  });

  const channels = await openProviders(delivery);
  const hasProvider = channels.email !== undefined || channels.sms !== undefined;
  const hasEndpoint = realms.some(({ webhooks }) => webhooks.length > 0);
  const hasRecovery = realms.some((realm) => (realm.recovery ?? realm.keygen ?? realm.loginRadius) !== undefined);
  const captured =
    configuration.mode === "demo" && !hasProvider
      ? captureCourier({
          clock,
          templates,
          onCaptured: ({ id, userId, channel }) => log.info({ messageId: id, userId, channel }, `captured, id ${id}`),
        })
      : undefined;
  const base = { templates, senderOf, ...(captured && { courier: captured, inbox: captured }) };
  if (!hasProvider && !hasEndpoint && !hasRecovery) return { ...base, start: () => undefined, resources: [] };

  const outbox = await openOutbox(
    redis === undefined ? { kind: "embedded", database: stores.database } : { kind: "redis", url: redis.url },
    { waitingLimit: delivery.waiting, onFault: (error) => log.error({ error }, "a delivery failed unexpectedly") },
  );
  const register = await openEndpointRegister(
    stores.redis === undefined
      ? { kind: "embedded", database: stores.database }
      : { kind: "redis", redis: stores.redis },
  );
  const { seal, unseal } = makeSeal(keyRing.codes);
  const announcer = outboxAnnouncer({ outbox, register, endpointsOf, forms, seal });
  const poster = openWebhookPoster();
  const messages = announceFailures({
    attempt: makeAttemptMessage({ unseal, templates, channels, senderOf, clock, random: Math.random }),
    announcer,
    directory: stores.directory,
    clock,
    log,
  });
  const attemptWebhook = makeAttemptWebhook({
    clock,
    register,
    endpointsOf,
    forms,
    unseal,
    poster,
    delayMs: (attempts) => backOffDelay(webhookBackOff, attempts, Math.random),
    onDisabled: ({ realmId, endpointId, why }) =>
      log.warn({ realmId, endpointId, why }, "a webhook endpoint is disabled"),
  });
  function start(recover: Attempt = noRecovery): void {
    const attempts = { email: messages.attempt, sms: messages.attempt, webhook: attemptWebhook, recovery: recover };
    outbox.start(async (item, ...rest) => await attempts[item.target.kind](item, ...rest), {
      concurrency: delivery.concurrency,
      onExpired: messages.onExpired,
    });
  }

  const courier = outboxCourier({
    outbox,
    seal,
    templates,
    brings: (realmId, channel) =>
      channel === "email"
        ? channels.email !== undefined && senderOf(realmId)?.from.address !== ""
        : channels.sms !== undefined && senderOf(realmId)?.smsPrefixes.length !== 0,
  });
  return {
    ...base,
    ...(hasProvider && { courier }),
    ...(hasEndpoint && { announcer }),
    ...((hasProvider || hasEndpoint) && { outbox }),
    ...(hasRecovery && { queue: outbox }),
    start,
    resources: [
      { close: async () => void (await Promise.all([channels.email?.close(), channels.sms?.close()])) },
      poster,
      { close: async () => await outbox.close({ graceMs: shutdownGraceMs }) },
    ],
  };
}

/** What was asked before the configuration forbade it. */
const noRecovery: Attempt = async () => ({ kind: "dead", problem: "strangers may ask in no realm" });
