// How does word get out of this process? Outbox, providers, templates and webhooks, as the configuration names them.

import { makeAttemptMessage } from "../delivery/attempt-message.ts";
import { backOffDelay, webhookBackOff } from "../delivery/back-off.ts";
import { captureCourier } from "../delivery/capture/capture-courier.ts";
import { openOutbox } from "../delivery/outbox/open-outbox.ts";
import type { Attempt } from "../delivery/outbox/outbox.ts";
import { outboxCourier } from "../delivery/outbox-courier.ts";
import { makeSeal } from "../delivery/seal.ts";
import { liquidTemplates } from "../delivery/templates/liquid-templates.ts";
import { makeAttemptWebhook } from "../delivery/webhook/attempt-webhook.ts";
import { openEndpointRegister } from "../delivery/webhook/open-endpoint-register.ts";
import { outboxAnnouncer } from "../delivery/webhook/outbox-announcer.ts";
import { openWebhookPoster } from "../delivery/webhook/webhook-poster.ts";
import { inboxPages } from "../edge/inbox/pages.ts";
import { announceFailures } from "./announce-failures.ts";
import type { DeliveryNeeds, DeliveryParts } from "./open-delivery.ts";
import { openProviders } from "./open-providers.ts";
import { takesRecovery } from "./takes-recovery.ts";

export async function openOutgoing(needs: DeliveryNeeds): Promise<DeliveryParts> {
  const { configuration, realms, stores, keyRing, forms, watch, clock, log } = needs;
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
  const hasRecovery = realms.some(takesRecovery);
  const captured =
    configuration.mode === "demo" && !hasProvider
      ? captureCourier({
          clock,
          templates,
          onCaptured: ({ id, userId, channel }) => log.info({ messageId: id, userId, channel }, `captured, id ${id}`),
        })
      : undefined;
  const pages = captured === undefined ? new Map() : inboxPages(captured, { templates, senderOf });
  const base = { pages, ...(captured && { courier: captured, inbox: captured }) };
  if (!hasProvider && !hasEndpoint && !hasRecovery) return { ...base, start: () => undefined, resources: [] };

  const outbox = watch.outbox(
    await openOutbox(
      redis === undefined ? { kind: "embedded", database: stores.database } : { kind: "redis", url: redis.url },
      { waitingLimit: delivery.waiting, onFault: (error) => log.error({ error }, "a delivery failed unexpectedly") },
    ),
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
