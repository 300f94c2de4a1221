// Does an event reach every endpoint, through a real outbox, over failures and a restart?

import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";

import { openOutbox } from "../../src/delivery/outbox/open-outbox.ts";
import type { WebhookEndpoint } from "../../src/delivery/webhook/endpoint.ts";
import { outboxPlaces, type OutboxPlace } from "../support/open-outbox-homes.ts";
import { openWebhooks, type Webhooks } from "../support/open-webhooks.ts";
import { sampleEvents } from "../support/sample-events.ts";
import { accept, answerStatus, startWebhookReceiver, type WebhookReceiver } from "../support/webhook-receiver.ts";
import { hmacSecret } from "../support/webhook-secrets.ts";

const code = "8F3K2M7Q";
const faults: unknown[] = [];
const options = { onFault: (cause: unknown) => faults.push(cause) };
const graceMs = 5000;

describe.each(Object.entries(outboxPlaces))("on %s", (_, openPlace) => {
  let place: OutboxPlace;
  let webhooks: Webhooks;
  let receiver: WebhookReceiver;
  beforeAll(async () => {
    place = await openPlace();
  });
  beforeEach(async () => {
    webhooks = await openWebhooks({ delayMs: 10 });
    receiver = await startWebhookReceiver({ tls: true });
    faults.length = 0;
  });
  afterEach(async () => {
    webhooks.close();
    await receiver.close();
  });
  afterAll(() => place.close());

  const endpoint = (id: string, receivesCodes = false): WebhookEndpoint => ({
    id,
    url: `https://localhost:${receiver.port}/${id}`,
    events: "all",
    secrets: [hmacSecret()],
    receivesCodes,
    allowPrivate: true,
  });

  test("what failed is tried again under the same id, until each endpoint has it once", async () => {
    webhooks.configure(endpoint("app"), endpoint("crm"));
    const seen = new Set<string>();
    receiver.answerWith((received, response) => {
      const id = received.headers["webhook-id"] ?? "";
      (seen.has(id) ? accept : answerStatus(500))(received, response);
      seen.add(id);
    });
    const outbox = await openOutbox(place.home(), options);
    outbox.start(webhooks.attemptWebhook, { concurrency: 4 });
    const event = sampleEvents(webhooks.clock.now())["password.changed"];
    const announcer = webhooks.announcerTo(outbox);
    await announcer.announce(event);
    await announcer.announce(event);
    const delivered = () => outbox.list({ realmId: "acme", state: "delivered", size: 10 });
    await expect.poll(delivered, { timeout: 30_000 }).toHaveLength(2);
    const records = await delivered();
    expect(new Set(records.map(({ id, deliveredBy, attempts }) => ({ id, deliveredBy, attempts })))).toEqual(
      new Set([...seen].map((id) => ({ id, deliveredBy: expect.any(String), attempts: 2 }))),
    );
    expect(new Set(records.map(({ deliveredBy }) => deliveredBy))).toEqual(new Set(["app", "crm"]));
    expect(receiver.received).toHaveLength(4);
    await outbox.close({ graceMs });
    expect(faults).toEqual([]);
  });

  // Incident: C24
  test("a code waits unreadable, and arrives after a restart", async () => {
    webhooks.configure(endpoint("app", true), endpoint("crm"));
    const home = place.home();
    const before = await openOutbox(home, options);
    await webhooks.announcerTo(before).announce(sampleEvents(webhooks.clock.now(), code)["password.reset.requested"]);
    const resting = await place.dump(home);
    expect(resting).toContain("password.reset.requested");
    for (const secret of [code, "whsec_"]) expect(resting).not.toContain(secret);
    await before.close({ graceMs });

    const outbox = await openOutbox(await place.restart(home), options);
    outbox.start(webhooks.attemptWebhook, { concurrency: 4 });
    await expect.poll(() => outbox.count(), { timeout: 30_000 }).toMatchObject({ waiting: 0, dead: 0 });
    const bodies = Object.fromEntries(receiver.received.map(({ path, body }) => [path, body.includes(code)]));
    expect(bodies).toEqual({ "/app": true, "/crm": false });
    await outbox.close({ graceMs });
  });
});
