// Does an application learn of what happened, and can it trust what it is told?

import { Webhook } from "standardwebhooks";
import { afterEach, beforeEach, describe, expect, test } from "vitest";

import { eventTypes } from "../../src/delivery/events.ts";
import type { WebhookEndpoint } from "../../src/delivery/webhook/endpoint.ts";
import { hour, minute, second } from "../../src/units.ts";
import { backOffMs, openWebhooks, type Webhooks } from "../support/open-webhooks.ts";
import { sampleEvents } from "../support/sample-events.ts";
import {
  accept,
  answerStatus,
  startWebhookReceiver,
  type Received,
  type WebhookReceiver,
} from "../support/webhook-receiver.ts";
import { ed25519Secret, hmacSecret, isSignedBy } from "../support/webhook-secrets.ts";

let webhooks: Webhooks;
let receiver: WebhookReceiver;
beforeEach(async () => {
  webhooks = await openWebhooks();
  receiver = await startWebhookReceiver({ tls: true });
});
afterEach(async () => {
  webhooks.close();
  await receiver.close();
});

const code = "8F3K2M7Q";
const secret = hmacSecret();

function endpoint(changes: Partial<WebhookEndpoint> = {}): WebhookEndpoint {
  return {
    id: "crm",
    url: `https://localhost:${receiver.port}/hook?tenant=7`,
    events: "all",
    secrets: [secret],
    receivesCodes: false,
    allowPrivate: true,
    ...changes,
  };
}

const samples = () => sampleEvents(webhooks.clock.now(), code);
const changed = () => samples()["password.changed"];
const requested = () => samples()["password.reset.requested"];

/** What reached the receiver, as its library reads it. */
function verified({ body, headers }: Received, by = secret): unknown {
  return new Webhook(by).verify(body, headers);
}

function latest(): Received {
  const found = receiver.received.at(-1);
  if (found === undefined) throw new Error("nothing was received");
  return found;
}

describe("delivery", () => {
  test("one POST brings the event, which the receiver's library verifies", async () => {
    webhooks.configure(endpoint());
    const event = changed();
    const [delivery] = await webhooks.announce(event);
    expect(await webhooks.attempt(delivery)).toEqual({ kind: "delivered", by: "crm" });
    expect(receiver.received).toHaveLength(1);
    const { method, path, headers } = latest();
    expect({ method, path }).toEqual({ method: "POST", path: "/hook?tenant=7" });
    expect(headers).toMatchObject({ "content-type": "application/json", "webhook-id": delivery?.id });
    expect(verified(latest())).toEqual({
      type: "password.changed",
      timestamp: new Date(event.happenedAt).toISOString(),
      data: {
        event_id: event.id,
        realm_id: "acme",
        organization_id: "org-1",
        user_id: "user-1",
        request_number: "7F3K-2MQ4",
        by: "code",
        sessions_ended: true,
      },
    });
  });

  test("every type of event arrives", async () => {
    webhooks.configure(endpoint());
    for (const type of eventTypes) {
      const [delivery] = await webhooks.announce(samples()[type]);
      expect(delivery?.subject).toBe(type);
      await webhooks.attempt(delivery);
      expect(verified(latest())).toMatchObject({ type });
    }
  });

  test("while secrets are rotated, old and new receivers verify, with either kind", async () => {
    const { secret: privateKey, publicKey } = ed25519Secret();
    const newer = hmacSecret();
    webhooks.configure(endpoint({ secrets: [newer, secret, privateKey] }));
    const [delivery] = await webhooks.announce(changed());
    await webhooks.attempt(delivery);
    for (const each of [secret, newer]) expect(verified(latest(), each)).toMatchObject({ type: "password.changed" });
    expect(isSignedBy(publicKey, latest())).toBe(true);
    expect(() => verified(latest(), hmacSecret())).toThrow("No matching signature");
  });

  test("a secret that was changed in between signs the next attempt", async () => {
    webhooks.configure(endpoint());
    const [delivery] = await webhooks.announce(changed());
    const newer = hmacSecret();
    webhooks.configure(endpoint({ secrets: [newer] }));
    await webhooks.attempt(delivery);
    expect(verified(latest(), newer)).toMatchObject({ type: "password.changed" });
  });

  test("a retry has the same id and body, and a signature of its own moment", async () => {
    webhooks.configure(endpoint());
    const [delivery] = await webhooks.announce(changed());
    receiver.answerWith(answerStatus(500));
    expect(await webhooks.attempt(delivery)).toMatchObject({ kind: "retry" });
    webhooks.clock.pass(minute);
    receiver.answerWith(accept);
    expect(await webhooks.attempt(delivery)).toMatchObject({ kind: "delivered" });
    const [first, second] = receiver.received;
    expect(second?.headers["webhook-id"]).toBe(first?.headers["webhook-id"]);
    expect(second?.body).toBe(first?.body);
    expect(second?.headers["webhook-timestamp"]).not.toBe(first?.headers["webhook-timestamp"]);
    for (const each of receiver.received) expect(verified(each)).toMatchObject({ type: "password.changed" });
  });
});

describe("what the receiver answers", () => {
  const outcomeAfter = async (answer: Parameters<WebhookReceiver["answerWith"]>[0]) => {
    webhooks.configure(endpoint());
    receiver.answerWith(answer);
    const [delivery] = await webhooks.announce(changed());
    return webhooks.attempt(delivery);
  };

  test.each([200, 201, 202, 204, 299])("%d is success", async (status) => {
    expect(await outcomeAfter(answerStatus(status))).toEqual({ kind: "delivered", by: "crm" });
  });

  test.each([400, 401, 404, 409, 500, 501])("%d is tried again, after the back-off", async (status) => {
    expect(await outcomeAfter(answerStatus(status))).toEqual({
      kind: "retry",
      problem: `the endpoint answered ${status}`,
      delayMs: backOffMs,
    });
  });

  test.each([429, 502, 503, 504])("%d asks for less: a minute at least", async (status) => {
    expect(await outcomeAfter(answerStatus(status))).toMatchObject({ kind: "retry", delayMs: minute });
  });

  test("Retry-After is honoured, as seconds and as a date", async () => {
    expect(await outcomeAfter(answerStatus(503, { "retry-after": "3600" }))).toMatchObject({ delayMs: hour });
    const date = new Date(webhooks.clock.now() + 2 * hour).toUTCString();
    const { delayMs } = (await outcomeAfter(answerStatus(500, { "retry-after": date }))) as { delayMs: number };
    expect(Math.abs(delayMs - 2 * hour)).toBeLessThan(second);
  });

  test("a Retry-After that is shorter than the back-off is no reason to hurry", async () => {
    expect(await outcomeAfter(answerStatus(503, { "retry-after": "0" }))).toMatchObject({ delayMs: backOffMs });
  });

  // Guard: ASVS 5.0 15.3.2
  test.each([301, 302, 303, 307, 308])("%d is a failure: a redirect is not followed", async (status) => {
    const elsewhere = await startWebhookReceiver();
    const location = `http://127.0.0.1:${elsewhere.port}/`;
    expect(await outcomeAfter(answerStatus(status, { location }))).toMatchObject({
      kind: "retry",
      problem: `the endpoint answered ${status}, and redirects are not followed`,
    });
    expect(elsewhere.connections()).toBe(0);
    await elsewhere.close();
  });
});

describe("410 Gone", () => {
  test("disables the endpoint, and somebody is told", async () => {
    webhooks.configure(endpoint());
    const [delivery] = await webhooks.announce(changed());
    receiver.answerWith(answerStatus(410));
    expect(await webhooks.attempt(delivery)).toMatchObject({ kind: "dead", problem: expect.stringContaining("410") });
    const disabled = { endpointId: "crm", disabledAt: webhooks.clock.now(), why: "It answered 410 Gone." };
    expect(await webhooks.register.list("acme")).toEqual([disabled]);
    expect(webhooks.disabled).toEqual([{ realmId: "acme", ...disabled }]);
  });

  test("from then on nothing is sent to it, and to others as before, until it is enabled", async () => {
    webhooks.configure(endpoint(), endpoint({ id: "app" }));
    const [waiting] = await webhooks.announce(changed());
    const [going] = await webhooks.announce(changed());
    receiver.answerWith(answerStatus(410));
    await webhooks.attempt(going);
    expect(await webhooks.attempt(waiting)).toEqual({ kind: "dead", problem: "the endpoint is disabled" });
    expect(receiver.received).toHaveLength(1);
    expect(await webhooks.announce(changed())).toMatchObject([{ target: { endpointId: "app" } }]);

    await webhooks.register.enable("acme", "crm");
    receiver.answerWith(accept);
    const [again] = await webhooks.announce(changed());
    expect(await webhooks.attempt(again)).toEqual({ kind: "delivered", by: "crm" });
  });
});

// Incident: C24
describe("codes", () => {
  test("go to the endpoints that may have them, and to no others", async () => {
    webhooks.configure(endpoint({ id: "app", receivesCodes: true }), endpoint());
    const [toApp, toCrm] = await webhooks.announce(requested());
    await webhooks.attempt(toApp);
    expect(verified(latest())).toMatchObject({ data: { code } });
    await webhooks.attempt(toCrm);
    expect(verified(latest())).toMatchObject({ type: "password.reset.requested", data: { medium: "event" } });
    expect(latest().body).not.toContain(code);
  });

  test("do not go to an endpoint that may not have them any more", async () => {
    webhooks.configure(endpoint({ receivesCodes: true }));
    const [delivery] = await webhooks.announce(requested());
    webhooks.configure(endpoint());
    expect(await webhooks.attempt(delivery)).toMatchObject({ kind: "delivered" });
    expect(verified(latest())).toMatchObject({ type: "password.reset.requested" });
    expect(latest().body).not.toContain(code);
  });

  test("rest sealed, and stand in no outcome, whatever goes wrong", async () => {
    const told: unknown[] = [];
    const ways = [
      answerStatus(400),
      answerStatus(410),
      answerStatus(302, { location: `https://example.com/?code=${code}` }),
      answerStatus(503, { "retry-after": code }),
      ((received, response) => response.writeHead(500).end(received.body)) satisfies typeof accept,
      ((_, response) => response.socket?.destroy()) satisfies typeof accept,
    ];
    for (const [at, way] of ways.entries()) {
      receiver.answerWith(way);
      webhooks.configure(endpoint({ id: `app-${at}`, receivesCodes: true }));
      const [delivery] = await webhooks.announce(requested());
      told.push(delivery, Buffer.from(delivery?.payload ?? []).toString("latin1"), await webhooks.attempt(delivery));
      expect(latest().body).toContain(code);
    }
    told.push(webhooks.disabled, await webhooks.register.list("acme"));
    const text = JSON.stringify(told);
    for (const canary of [code, secret, secret.slice("whsec_".length), "tenant=7"]) expect(text).not.toContain(canary);
  });
});
