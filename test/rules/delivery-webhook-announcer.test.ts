// What becomes of an event, and of a delivery that cannot be attempted as it was meant?

import { createSecretKey, randomBytes } from "node:crypto";

import { afterEach, beforeEach, expect, test } from "vitest";

import { isDeliveryId } from "../../src/delivery/outbox/check-delivery.ts";
import type { Delivery, PutOutcome } from "../../src/delivery/outbox/outbox.ts";
import { makeSeal } from "../../src/delivery/seal.ts";
import type { WebhookEndpoint } from "../../src/delivery/webhook/endpoint.ts";
import { outboxAnnouncer } from "../../src/delivery/webhook/outbox-announcer.ts";
import { Outage } from "../../src/outage.ts";
import { hour } from "../../src/units.ts";
import { backOffMs, openWebhooks, type Webhooks } from "../support/open-webhooks.ts";
import { sampleEvents } from "../support/sample-events.ts";
import { hmacSecret } from "../support/webhook-secrets.ts";

let webhooks: Webhooks;
beforeEach(async () => {
  webhooks = await openWebhooks();
});
afterEach(() => webhooks.close());

const at = Date.UTC(2027, 0, 15, 8);
const samples = sampleEvents(at);

function endpoint(changes: Partial<WebhookEndpoint> = {}): WebhookEndpoint {
  return {
    id: "crm",
    url: "https://hooks.example.com/",
    events: "all",
    secrets: [hmacSecret()],
    receivesCodes: false,
    allowPrivate: false,
    ...changes,
  };
}

test("an event becomes one delivery for each endpoint that wants it", async () => {
  webhooks.configure(
    endpoint({ id: "all" }),
    endpoint({ id: "some", events: ["password.changed", "message.failed"] }),
    endpoint({ id: "other", events: ["password.reset.completed"] }),
  );
  const event = samples["password.changed"];
  const deliveries = await webhooks.announce(event);
  const common = {
    realmId: "acme",
    userId: "user-1",
    subject: "password.changed",
    requestNumber: "7F3K-2MQ4",
    createdAt: at,
    expiresAt: at + 72 * hour,
  };
  expect(deliveries).toMatchObject([
    { ...common, target: { kind: "webhook", endpointId: "all" } },
    { ...common, target: { kind: "webhook", endpointId: "some" } },
  ]);
});

test("where nobody listens, nothing happens", async () => {
  expect(await webhooks.announce(samples["password.changed"])).toEqual([]);
  webhooks.configure(endpoint({ events: ["message.failed"] }));
  expect(await webhooks.announce(samples["password.changed"])).toEqual([]);
});

test("a delivery's id follows from event and endpoint, so that announcing twice delivers once", async () => {
  webhooks.configure(endpoint(), endpoint({ id: "app" }));
  const idsOf = async (event: Parameters<typeof webhooks.announce>[0]) =>
    (await webhooks.announce(event)).map(({ id }) => id);
  const first = await idsOf(samples["password.changed"]);
  expect(await idsOf(samples["password.changed"])).toEqual(first);
  const all = [...first, ...(await idsOf(samples["message.failed"]))];
  expect(new Set(all).size).toBe(4);
  expect(all.filter((id) => !isDeliveryId(id))).toEqual([]);
});

// Incident: C24. What carries a code rests no longer than the code lives.
test("a delivery with a code ends with the code", async () => {
  webhooks.configure(endpoint(), endpoint({ id: "app", receivesCodes: true }));
  const event = samples["password.reset.requested"];
  const expiries = (await webhooks.announce(event)).map(({ expiresAt }) => expiresAt);
  expect(expiries).toEqual([at + 72 * hour, event.expiresAt]);
  const { code: _, ...withoutCode } = event;
  const [, toApp] = await webhooks.announce(withoutCode);
  expect(toApp?.expiresAt).toBe(at + 72 * hour);
});

test("a full outbox is an outage, and announcing again completes what was begun", async () => {
  const kept = new Map<string, Delivery>();
  let room = 1;
  const put = async (delivery: Delivery): Promise<PutOutcome> => {
    if (!kept.has(delivery.id) && kept.size >= room) return { kind: "full", retryAfterMs: 5000 };
    kept.set(delivery.id, delivery);
    return { kind: "accepted" };
  };
  const { seal } = makeSeal([{ id: 1, key: createSecretKey(randomBytes(32)) }]);
  const endpointsOf = () => [endpoint(), endpoint({ id: "app" })];
  const announcer = outboxAnnouncer({
    outbox: { put },
    register: webhooks.register,
    endpointsOf,
    forms: new Map(),
    seal,
  });
  await expect(announcer.announce(samples["password.changed"])).rejects.toThrow(Outage);
  room = 2;
  await announcer.announce(samples["password.changed"]);
  expect([...kept.values()].map(({ target }) => target)).toMatchObject([{ endpointId: "crm" }, { endpointId: "app" }]);
});

test("an endpoint that was taken out of the configuration gets nothing any more", async () => {
  webhooks.configure(endpoint());
  const [delivery] = await webhooks.announce(samples["password.changed"]);
  webhooks.configure();
  expect(await webhooks.attempt(delivery)).toEqual({
    kind: "dead",
    problem: "the endpoint is not configured any more",
  });
});

test("an event that was changed in its store is not sent", async () => {
  webhooks.configure(endpoint());
  const [one, other] = [
    ...(await webhooks.announce(samples["password.changed"])),
    ...(await webhooks.announce(samples["message.failed"])),
  ];
  if (one === undefined || other === undefined) throw new Error("the events became no deliveries");
  const broken = { kind: "dead", problem: "the sealed event is broken" };
  expect(await webhooks.attempt({ ...one, payload: one.payload.subarray(0, -1) })).toEqual(broken);
  expect(await webhooks.attempt({ ...one, payload: other.payload })).toEqual(broken);
});

test("an event under a key that this process does not have waits for one that has it", async () => {
  webhooks.configure(endpoint());
  const [delivery] = await webhooks.announce(samples["password.changed"]);
  if (delivery === undefined) throw new Error("the event became no delivery");
  expect(await webhooks.attempt({ ...delivery, payload: delivery.payload.with(0, 9) })).toEqual({
    kind: "retry",
    problem: "the event is sealed under key 9, which is not configured",
    delayMs: backOffMs,
  });
});

test("a message is no webhook", async () => {
  webhooks.configure(endpoint());
  const [delivery] = await webhooks.announce(samples["password.changed"]);
  if (delivery === undefined) throw new Error("the event became no delivery");
  await expect(webhooks.attempt({ ...delivery, target: { kind: "email" } })).rejects.toThrow("is no webhook");
});
