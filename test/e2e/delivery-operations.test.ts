// Who may look after deliveries, and what is there where nothing is configured? Over gRPC and REST, each realm its own.

import { Code, ConnectError, createClient } from "@connectrpc/connect";
import { createGrpcTransport } from "@connectrpc/connect-node";
import { expect, test } from "vitest";

import { DeliveryService, DeliveryState } from "../../gen/rekey/v1/delivery_service_pb.ts";
import { makeApiKey } from "../../src/reset/api-key.ts";
import { linkIn, mailServer, mailTo, sendLink, textApi } from "../support/delivery-scene.ts";
import { eventually } from "../support/eventually.ts";
import { reasonOf, restReason } from "../support/native-client.ts";
import { apiKeySetting, type Production, startProduction, stores, type TestUser } from "../support/start-production.ts";

const readKey = makeApiKey("reader");
const writeKey = makeApiKey("writer");
const sendKey = makeApiKey("sender");
const acmeKeys = [
  apiKeySetting("reader", readKey, ["deliveries.read"]),
  apiKeySetting("writer", writeKey, ["deliveries.write"]),
  apiKeySetting("sender", sendKey, ["password.send_link"]),
];

function grpc(service: Production, key: string) {
  const headers = { authorization: `Bearer ${key}` };
  const client = createClient(DeliveryService, createGrpcTransport({ baseUrl: service.address }));
  return {
    get: (deliveryId: string) => client.getDelivery({ deliveryId }, { headers }),
    list: (state: DeliveryState, userId = "") => client.listDeliveries({ state, userId }, { headers }),
    resend: (deliveryId: string) => client.resendDelivery({ deliveryId }, { headers }),
    drop: (deliveryId: string) => client.dropDelivery({ deliveryId }, { headers }),
  };
}

// Guard: ASVS 5.0 8.2.1, 8.2.2, 8.4.1.
test.each(stores)("with messages in %s, each key may do its own, each realm sees its own", async (store) => {
  let isRefusing = true;
  const { server, setting } = await mailServer("mail", {
    onRecipient: () => (isRefusing ? "550 5.1.1 no such user" : undefined),
  });
  const service = await startProduction({
    store,
    delivery: { smtp: [setting] },
    acme: { api_keys: acmeKeys },
    others: [{ id: "other" }],
  });
  const [user, second] = [await service.makeUser(), await service.makeUser()];
  const { messageId = "" } = await sendLink(service, user);
  const { messageId: other = "" } = await sendLink(service, second);
  const reader = grpc(service, readKey);
  const dead = await eventually(async () => {
    const { deliveries } = await reader.list(DeliveryState.UNSPECIFIED);
    return deliveries.length === 2 && deliveries;
  });
  expect(new Set(dead.map(({ deliveryId }) => deliveryId))).toEqual(new Set([messageId, other]));
  const own = await reader.list(DeliveryState.DEAD, user.userId);
  expect(own.deliveries.map(({ deliveryId }) => deliveryId)).toEqual([messageId]);
  expect((await reader.list(DeliveryState.DELIVERED)).deliveries).toEqual([]);
  expect((await reader.get(messageId)).delivery).toMatchObject({ state: DeliveryState.DEAD, userId: user.userId });
  const overRest = await service.call(`GET /v1/deliveries?user_id=${user.userId}&page_size=1`, undefined, readKey);
  expect(overRest.body.deliveries).toMatchObject([{ deliveryId: messageId, state: "DELIVERY_STATE_DEAD" }]);

  // Page by page each comes once, and the last page says that it is.
  const page = async (token: string) =>
    await service.call(`GET /v1/deliveries?page_size=1&page_token=${token}`, undefined, readKey);
  const { body: top } = await page("");
  const { body: rest } = await page(top.nextPageToken ?? "");
  const paged = [...(top.deliveries ?? []), ...(rest.deliveries ?? [])].map(({ deliveryId }) => deliveryId);
  expect(new Set(paged)).toEqual(new Set([messageId, other]));
  expect(rest.nextPageToken ?? "").toBe("");
  const forged = await page("x");
  expect([forged.status, restReason(forged.body)]).toEqual([400, "FIELD_INVALID"]);

  // What a key lacks, it lacks over both.
  for (const key of [writeKey, sendKey]) {
    await expectReason(grpc(service, key).get(messageId), "PERMISSION_DENIED");
    await expectReason(grpc(service, key).list(DeliveryState.DEAD), "PERMISSION_DENIED");
    const { status } = await service.call("GET /v1/deliveries", undefined, key);
    expect(status).toBe(403);
  }
  for (const key of [readKey, sendKey]) {
    await expectReason(grpc(service, key).drop(messageId), "PERMISSION_DENIED");
    await expectReason(grpc(service, key).resend(messageId), "PERMISSION_DENIED");
  }
  // To send again is to send.
  await expectReason(grpc(service, writeKey).resend(messageId), "PERMISSION_DENIED");

  const stranger = grpc(service, service.keyOf("other"));
  await expectReason(stranger.get(messageId), "DELIVERY_NOT_FOUND");
  await expectReason(stranger.drop(messageId), "DELIVERY_NOT_FOUND");
  await expectReason(stranger.resend(messageId), "DELIVERY_NOT_FOUND");
  expect((await stranger.list(DeliveryState.DEAD)).deliveries).toEqual([]);
  const foreign = await service.call(`DELETE /v1/deliveries/${messageId}`, undefined, service.keyOf("other"));
  expect([foreign.status, restReason(foreign.body)]).toEqual([404, "DELIVERY_NOT_FOUND"]);

  await grpc(service, writeKey).drop(other);
  await expectReason(reader.get(other), "DELIVERY_NOT_FOUND");
  await expectReason(grpc(service, writeKey).drop(other), "DELIVERY_NOT_FOUND");

  isRefusing = false;
  const all = grpc(service, service.keyOf());
  const { deliveryId } = await all.resend(messageId);
  await eventually(async () => (await reader.get(deliveryId)).delivery?.state === DeliveryState.DELIVERED);
  expect(linkIn((await mailTo(server, user.email)).text).code).not.toBe("");
  await expectReason(all.resend(deliveryId), "DELIVERY_NOT_RESENDABLE");
  const badId = await service.call("GET /v1/deliveries/1");
  expect(badId.status).toBe(400);
});

test("what waits is listed as waiting and can be dropped; what is under way cannot", async () => {
  const isAsked = Promise.withResolvers<void>();
  const { server, setting } = await mailServer("mail", {
    onConnect: () => {
      isAsked.resolve();
      return "hang";
    },
  });
  const service = await startProduction({ delivery: { smtp: [setting], concurrency: 1, attempt_timeout: "2m" } });
  const user = await service.makeUser();
  const { messageId: first = "" } = await sendLink(service, user);
  await isAsked.promise;
  const { messageId: next = "" } = await sendLink(service, user);
  const all = grpc(service, service.keyOf());
  const { deliveries } = await all.list(DeliveryState.WAITING);
  expect(deliveries.map(({ deliveryId }) => deliveryId)).toEqual([next, first]);
  await expectReason(all.drop(first), "CONFLICT");
  await expectReason(all.resend(first), "DELIVERY_NOT_RESENDABLE");
  await all.drop(next);
  expect((await all.list(DeliveryState.WAITING)).deliveries.map(({ deliveryId }) => deliveryId)).toEqual([first]);
  expect(server.mails).toEqual([]);
});

test("production without a provider refuses to send, has no deliveries, and never an inbox", async () => {
  const service = await startProduction();
  const user = await service.makeUser();
  for (const [line, body] of [
    [`POST /v1/users/${user.userId}/password_reset`, { sendLink: {} }],
    [`POST /v1/users/${user.userId}/password_reset`, { sendLink: { notificationType: "NOTIFICATION_TYPE_SMS" } }],
  ] as const) {
    const refused = await service.call(line, body);
    expect([refused.status, restReason(refused.body)]).toEqual([400, "DELIVERY_NOT_CONFIGURED"]);
  }
  const zitadel = await service.call(`POST /v2/users/${user.userId}/password_reset`, { sendLink: {} });
  expect(zitadel.status).toBe(400);
  const list = grpc(service, service.keyOf()).list(DeliveryState.DEAD);
  await expect(list).rejects.toMatchObject({ code: Code.Unimplemented });
  expect((await service.call("GET /v1/deliveries")).status).toBe(501);
  await expectNoInbox(service);
});

test("a realm without an address for mail, or without countries for texts, sends none; others do", async () => {
  const { server, setting } = await mailServer();
  const { setting: texts, api } = await textApi("texts", () => ({ status: 200 }));
  const service = await startProduction({
    delivery: { smtp: [setting], sms: [texts] },
    acme: { mail: undefined, sms: {} },
    others: [{ id: "other" }],
  });
  const byText = { notificationType: "NOTIFICATION_TYPE_SMS" };
  const send = async ({ userId }: TestUser, how: object, key: string) =>
    await service.call(`POST /v1/users/${userId}/password_reset`, { sendLink: how }, key);
  const user = await service.makeUser();
  for (const how of [{}, byText]) {
    const { body } = await send(user, how, service.keyOf());
    expect(restReason(body)).toBe("DELIVERY_NOT_CONFIGURED");
  }
  const other = service.keyOf("other");
  const stranger = await service.makeUser({}, other);
  for (const how of [{}, byText]) expect((await send(stranger, how, other)).status).toBe(200);
  await mailTo(server, stranger.email);
  await eventually(() => api.requests.length === 1);
  await expectNoInbox(service);
});

// Guard: ASVS 5.0 15.2.3.
test("the demo with a provider uses it, and captures nothing", async () => {
  const { server, setting } = await mailServer();
  const service = await startProduction({ mode: "demo", delivery: { smtp: [setting] } });
  const user = await service.makeUser();
  await sendLink(service, user);
  expect(linkIn((await mailTo(server, user.email)).text).code).toHaveLength(43);
  await expectNoInbox(service);
});

async function expectNoInbox(service: Production): Promise<void> {
  for (const path of ["/dev/inbox", "/dev/inbox/message?id=1", "/dev/inbox/style.css"]) {
    expect((await fetch(service.address + path)).status).toBe(404);
  }
  expect((await service.call("GET /v1/dev/messages")).status).toBe(501);
}

async function expectReason(call: Promise<unknown>, reason: string): Promise<void> {
  const failure = await call.then(
    () => "it was answered",
    (cause: unknown) => (cause instanceof ConnectError ? reasonOf(cause) : String(cause)),
  );
  expect(failure).toBe(reason);
}
