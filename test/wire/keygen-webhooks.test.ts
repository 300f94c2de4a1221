// What is an endpoint of Keygen's form told? Its own resets only, as a document with its payload as text, signed by the account.

import { createPrivateKey } from "node:crypto";

import { afterAll, afterEach, beforeAll, expect, test } from "vitest";

import { keygenAccounts } from "../../src/compose/keygen-accounts.ts";
import type { WebhookEndpoint } from "../../src/delivery/webhook/endpoint.ts";
import { publicKeyOf } from "../../src/edge/keygen/sign.ts";
import { keygenWebhookForm } from "../../src/edge/keygen/webhook-form.ts";
import { ed25519PrivateKey } from "../../src/delivery/webhook/signing-key.ts";
import { accountId, isSigned, keygenKeys, keygenSetting, publicKeyFromHex } from "../support/keygen-account.ts";
import { makeRealm, openRekey, type Rekey } from "../support/open-rekey.ts";
import { openWebhooks, type Webhooks } from "../support/open-webhooks.ts";
import { sampleEvents } from "../support/sample-events.ts";
import { startWebhookReceiver, type WebhookReceiver } from "../support/webhook-receiver.ts";

const keys = keygenKeys();
const realm = { ...makeRealm({ id: "acme" }), keygen: keygenSetting(keys) };
const token = `${"0123456789abcdef".repeat(3)}v3`;

let rekey: Rekey;
let webhooks: Webhooks;
let receiver: WebhookReceiver;
beforeAll(async () => {
  rekey = await openRekey({ realms: [realm] });
  await rekey.user(realm, { id: "user-1" });
  const accountOf = keygenAccounts([realm]).ofRealm;
  const form = keygenWebhookForm({ directory: rekey.directory, accountOf });
  webhooks = await openWebhooks({ forms: new Map([["keygen", form]]) });
  receiver = await startWebhookReceiver({ tls: true });
});
afterAll(async () => {
  webhooks.close();
  await receiver.close();
  await rekey.close();
});
afterEach(() => webhooks.configure());

function endpoint(changes: Partial<WebhookEndpoint> = {}): WebhookEndpoint {
  const url = `https://localhost:${receiver.port}/hooks?tenant=7`;
  const own = { id: "kg", url, format: "keygen", events: "all", secrets: [], receivesCodes: true, allowPrivate: true };
  return { ...own, ...changes } as WebhookEndpoint;
}

function requested(changes: object = {}) {
  return { ...sampleEvents(webhooks.clock.now(), token)["password.reset.requested"], dialect: "keygen", ...changes };
}

async function told() {
  const [delivery] = await webhooks.announce(requested());
  expect(await webhooks.attempt(delivery)).toMatchObject({ kind: "delivered" });
  const received = receiver.received.at(-1);
  if (received === undefined) throw new Error("nothing came");
  return { delivery, received, document: JSON.parse(received.body) as { data: Record<string, unknown> } };
}

test("the document is the vendor's, member by member", async () => {
  webhooks.configure(endpoint());
  const event = requested();
  const [delivery] = await webhooks.announce(event);
  await webhooks.attempt(delivery);
  const at = new Date(event.happenedAt).toISOString();
  const document = JSON.parse(receiver.received.at(-1)?.body ?? "") as { data: { attributes: { payload: string } } };
  const account = { data: { type: "accounts", id: accountId }, links: { related: `/v1/accounts/${accountId}` } };
  expect(document).toEqual({
    data: {
      id: delivery?.id,
      type: "webhook-events",
      attributes: {
        endpoint: endpoint().url,
        apiVersion: "1.8",
        payload: expect.any(String) as string,
        event: "user.password-reset",
        status: "DELIVERING",
        lastResponseCode: null,
        lastResponseBody: null,
        created: at,
        updated: at,
      },
      relationships: { account },
      links: { self: `/v1/accounts/${accountId}/webhook-events/${delivery?.id}` },
      meta: { idempotencyToken: expect.stringMatching(/^[0-9a-f]{62}v3$/) as string },
    },
  });
  expect(JSON.parse(document.data.attributes.payload)).toMatchObject({
    data: { id: "user-1", type: "users", attributes: { email: "user-1@example.org" }, relationships: { account } },
    meta: { passwordResetToken: token },
  });
});

test("each attempt is signed for its own moment, over path and query, with the host's name alone", async () => {
  webhooks.configure(endpoint());
  const { delivery, received } = await told();
  const headersOf = (list: Record<string, string>) => new Headers(list);
  const verified = (key = keys.publicKey) =>
    isSigned(key, {
      target: "/hooks?tenant=7",
      host: "localhost",
      headers: headersOf(received.headers),
      body: received.body,
    });
  expect([verified(), verified(keygenKeys().publicKey)]).toEqual([true, false]);
  expect(received.headers["date"]).toBe(new Date(webhooks.clock.now()).toUTCString());
  webhooks.clock.pass(5000);
  await webhooks.attempt(delivery);
  const later = receiver.received.at(-1);
  expect(later?.body).toBe(received.body);
  expect(later?.headers["keygen-signature"]).not.toBe(received.headers["keygen-signature"]);
});

test("the idempotency token is the event's: the same again, another for another", async () => {
  webhooks.configure(endpoint());
  const event = requested();
  const tokenOf = async (of: typeof event) => {
    const [delivery] = await webhooks.announce(of);
    await webhooks.attempt(delivery);
    return /"idempotencyToken":"(\w+)"/.exec(receiver.received.at(-1)?.body ?? "")?.[1];
  };
  const first = await tokenOf(event);
  expect(await tokenOf(event)).toBe(first);
  expect(await tokenOf(requested())).not.toBe(first);
});

test("other events, and resets that were asked for in other words, are not told", async () => {
  webhooks.configure(endpoint());
  const samples = sampleEvents(webhooks.clock.now());
  for (const event of Object.values(samples)) expect(await webhooks.announce(event)).toEqual([]);
  expect(await webhooks.announce(requested({ userId: "nobody" }))).toEqual([]);
  const announcer = webhooks.announcerTo({ put: async () => ({ kind: "accepted" }) });
  expect(announcer.isHeard("acme", "password.changed")).toBe(false);
  expect(announcer.isHeard("acme", "password.reset.requested")).toBe(true);
});

// Incident: C24.
test("without receives_codes there is no token in it, nor when that was taken away meanwhile", async () => {
  webhooks.configure(endpoint({ receivesCodes: false }));
  const never = await told();
  webhooks.configure(endpoint());
  const [delivery] = await webhooks.announce(requested());
  webhooks.configure(endpoint({ receivesCodes: false }));
  await webhooks.attempt(delivery);
  for (const body of [never.received.body, receiver.received.at(-1)?.body ?? ""]) {
    expect(body).toContain("user.password-reset");
    expect(body).not.toContain("passwordResetToken");
    expect(body).not.toContain(token);
  }
});

test("what waits is sealed, and of no use when the token is over", async () => {
  webhooks.configure(endpoint());
  const event = requested();
  const [delivery] = await webhooks.announce(event);
  expect(Buffer.from(delivery?.payload ?? []).toString("latin1")).not.toContain(token);
  expect(JSON.stringify({ ...delivery, payload: undefined })).not.toContain(token);
  expect(delivery?.expiresAt).toBe(event.expiresAt);
});

test("the public key is told as 32 bytes in hexadecimal", () => {
  const privateKey = ed25519PrivateKey(keys.seed);
  const hex = publicKeyOf(privateKey);
  expect(hex).toMatch(/^[0-9a-f]{64}$/);
  expect(publicKeyFromHex(hex).equals(keys.publicKey)).toBe(true);
  expect(createPrivateKey({ key: privateKey.export({ format: "pem", type: "pkcs8" }) }).asymmetricKeyType).toBe(
    "ed25519",
  );
});
