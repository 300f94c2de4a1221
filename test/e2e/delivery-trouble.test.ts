// What becomes of a message when providers are in trouble? The caller is answered as always; what can arrive arrives,
// what cannot is a dead letter that says why, and is sent again with a fresh code.

import { Webhook } from "standardwebhooks";
import { describe, expect, test } from "vitest";

import {
  eventsAt,
  linkIn,
  mailServer,
  mailsTo,
  mailTo,
  sendLink,
  setPassword,
  textApi,
  webhookEndpoint,
} from "../support/delivery-scene.ts";
import { eventually } from "../support/eventually.ts";
import { restReason } from "../support/native-client.ts";
import { type DeliveryBody, type Production, startProduction, stores } from "../support/start-production.ts";
import { hmacSecret } from "../support/webhook-secrets.ts";

describe.each(stores)("with messages in %s", (store) => {
  test("refused for good: a dead letter, an event, and a fresh code when it is sent again", async () => {
    let isRefusing = true;
    const { server, setting } = await mailServer("mail", {
      onRecipient: () => (isRefusing ? "550 5.1.1 no such user" : undefined),
    });
    const hmac = hmacSecret();
    const crm = await webhookEndpoint("crm", hmac, { events: ["message.failed"] });
    const codes = await webhookEndpoint("codes", hmacSecret(), { receives_codes: true });
    const service = await startProduction({
      store,
      delivery: { smtp: [setting] },
      acme: { webhooks: [crm.setting, codes.setting] },
    });
    const user = await service.makeUser();
    const { messageId = "", requestNumber } = await sendLink(service, user);

    const dead = await eventually(async () => (await listed(service))[0]);
    expect(dead).toMatchObject({
      deliveryId: messageId,
      userId: user.userId,
      channel: "DELIVERY_CHANNEL_EMAIL",
      subject: "password_reset",
      requestNumber,
      state: "DELIVERY_STATE_DEAD",
      attempts: 1,
      problem: "mail: RCPT TO was answered 550 5.1.1",
    });
    const failed = await eventually(() => eventsAt(crm.receiver)[0]);
    expect(new Webhook(hmac).verify(failed.body, failed.headers)).toMatchObject({
      type: "message.failed",
      data: { message_id: messageId, channel: "email", request_number: requestNumber, problem: dead["problem"] },
    });
    const old = await eventually(
      () => eventsAt(codes.receiver).find(({ event }) => event.type === "password.reset.requested")?.event.data["code"],
    );

    isRefusing = false;
    const { status, body } = await service.call(`POST /v1/deliveries/${messageId}/resend`, {});
    expect(status).toBe(200);
    const mail = await mailTo(server, user.email);
    const { code } = linkIn(mail.text);
    await service.printed(`"requestNumber":${JSON.stringify(mail.headers.get("x-request-number"))}`);
    expect(code).not.toBe(old);
    expect(await setPassword(service, user, old)).toBe("CODE_REPLACED");
    expect(await setPassword(service, user, code)).toBe("set");
    expect(body.deliveryId).not.toBe(messageId);
    expect(restReason((await service.call(`GET /v1/deliveries/${messageId}`)).body)).toBe("DELIVERY_NOT_FOUND");
    const delivered = await eventually(async () =>
      (await listed(service, "DELIVERED")).find(({ deliveryId }) => deliveryId === body.deliveryId),
    );
    expect(delivered).toMatchObject({ subject: "password_reset", deliveredBy: "mail" });
  });

  test("a passing no, then a yes: it arrives once", async () => {
    let attempts = 0;
    const { server, setting } = await mailServer("mail", {
      onSender: () => ((attempts += 1) === 1 ? "451 4.7.1 come back later" : undefined),
    });
    const service = await startProduction({ store, delivery: { smtp: [setting] } });
    const user = await service.makeUser();
    const { messageId } = await sendLink(service, user);
    const delivered = await eventually(async () => (await listed(service, "DELIVERED"))[0]);
    expect(delivered).toMatchObject({ deliveryId: messageId, attempts: 2 });
    expect(mailsTo(server, user.email)).toHaveLength(1);
    expect(await setPassword(service, user, linkIn((await mailTo(server, user.email)).text).code)).toBe("set");
  });

  test("dropped after the text: nobody knows who has it, so it comes again under the same Message-ID", async () => {
    let mails = 0;
    const { server, setting } = await mailServer("mail", {
      onMail: () => ((mails += 1) === 1 ? "drop" : undefined),
    });
    const service = await startProduction({ store, delivery: { smtp: [setting] } });
    const user = await service.makeUser();
    await sendLink(service, user);
    const [first, second] = [await mailTo(server, user.email), await mailTo(server, user.email, 1)];
    expect(second.messageId).toBe(first.messageId);
    expect(linkIn(second.text).link).toBe(linkIn(first.text).link);
    expect(await setPassword(service, user, linkIn(second.text).code)).toBe("set");
  });

  test("nobody brought it while its code lived, or its turn never came: a dead letter, and the application is told", async () => {
    const silent = await mailServer("mail", { onConnect: () => "hang" });
    const crm = await webhookEndpoint("crm", hmacSecret(), { events: ["message.failed"] });
    const service = await startProduction({
      store,
      delivery: { smtp: [silent.setting], concurrency: 1, attempt_timeout: "2s" },
      acme: { webhooks: [crm.setting], codes: { link: { lifetime: "1s" } } },
    });
    const user = await service.makeUser();
    const asked = [await sendLink(service, user), await sendLink(service, user)].map(({ messageId }) => messageId);
    const told = await eventually(() => crm.receiver.received.length === 2 && eventsAt(crm.receiver));
    expect(new Set(told.map(({ event }) => event.data["message_id"]))).toEqual(new Set(asked));
    const problems = told.map(({ event }) => event.data["problem"]);
    expect(problems).toContain("expired");
    expect(problems).toContainEqual(expect.stringMatching(/^mail: .*; it expires before the next attempt$/));
    const logged = () =>
      service
        .output()
        .split("\n")
        .filter((line) => line.includes("a message is a dead letter"));
    await eventually(() => logged().length === 2);
    for (const id of asked) expect(logged().filter((line) => line.includes(`${id}`))).toHaveLength(1);
  });
});

test("the answer does not wait for a server that says nothing; the message is brought by the next one", async () => {
  const silent = await mailServer("silent", { onConnect: () => "hang" });
  const good = await mailServer("good");
  const service = await startProduction({ delivery: { smtp: [silent.setting, good.setting], attempt_timeout: "2s" } });
  const user = await service.makeUser();
  const { messageId } = await sendLink(service, user);
  // The silent one has been asked by now or will be; it holds its connection without a greeting until we give up.
  const mail = await mailTo(good.server, user.email);
  expect(silent.server.connections()).toBe(1);
  expect(await setPassword(service, user, linkIn(mail.text).code)).toBe("set");
  const delivery = await eventually(async () =>
    (await listed(service, "DELIVERED")).find(({ deliveryId }) => deliveryId === messageId),
  );
  expect(delivery["deliveredBy"]).toBe("good");
});

test("the first provider is down: the second delivers, mail and text alike", async () => {
  const broken = await mailServer("broken", { onSender: () => "421 4.3.2 going down" });
  const good = await mailServer("good");
  const down = await textApi("down", () => ({ status: 500 }));
  const up = await textApi("up", () => ({ status: 200 }));
  const service = await startProduction({
    delivery: { smtp: [broken.setting, good.setting], sms: [down.setting, up.setting] },
  });
  const user = await service.makeUser();
  await sendLink(service, user);
  await mailTo(good.server, user.email);
  await sendLink(service, user, { notificationType: "NOTIFICATION_TYPE_SMS" });
  const { to, text } = await eventually(() => {
    const body = up.api.requests[0]?.body;
    return body === undefined ? undefined : (JSON.parse(body) as { readonly to: string; readonly text: string });
  });
  expect(to).toBe(user.phone);
  expect(await setPassword(service, user, linkIn(text).code)).toBe("set");
  expect(broken.server.mails).toEqual([]);
  expect(down.api.requests).toHaveLength(1);
});

test("an endpoint that is away never stands in the way of people: its webhooks take half of the line at most", async () => {
  const { server, setting } = await mailServer();
  const away = await webhookEndpoint("away", hmacSecret());
  away.receiver.answerWith((_, response) => response.writeHead(503).end());
  const service = await startProduction({
    delivery: { smtp: [setting], waiting: 4 },
    acme: { webhooks: [away.setting] },
  });
  const user = await service.makeUser();
  const reset = `POST /v1/users/${user.userId}/password_reset`;
  for (let time = 0; time < 6; time += 1) expect((await service.call(reset, { returnCode: {} })).status).toBe(200);
  await sendLink(service, user);
  const { code } = linkIn((await mailTo(server, user.email)).text);
  expect(await setPassword(service, user, code)).toBe("set");
  expect((await mailTo(server, user.email, 1)).subject).toBe("Your Acme password was changed");
});

// Incident: C7.
test("the answer is the same whether the provider takes it, refuses it, drops the line or never answers", async () => {
  const taken: string[] = [];
  const isHeld = Promise.withResolvers<void>();
  let manner: "takes" | "refuses" | "drops" | "hangs" = "takes";
  const hold = () => {
    if (manner !== "hangs") return undefined;
    isHeld.resolve();
    return "hang" as const;
  };
  const { server, setting } = await mailServer("mail", {
    onConnect: hold,
    // On a connection that was kept.
    onSender: hold,
    onRecipient: () => {
      taken.push(manner);
      return manner === "refuses" ? "550 5.1.1 no such user" : undefined;
    },
    onMail: () => (manner === "drops" ? "drop" : undefined),
  });
  const service = await startProduction({ delivery: { smtp: [setting], attempt_timeout: "2m" } });
  const user = await service.makeUser();
  const ask = async () => {
    const { status, body } = await service.call(`POST /v1/users/${user.userId}/password_reset`, { sendLink: {} });
    return [status, ...Object.keys(body).toSorted()];
  };
  const answer = [200, "details", "expirationDate", "messageId", "requestNumber"];
  for (manner of ["takes", "refuses", "drops"] as const) {
    expect(await ask()).toEqual(answer);
    await eventually(() => taken.includes(manner));
  }
  await eventually(() => server.mails.length >= 2);
  manner = "hangs";
  expect(await ask()).toEqual(answer);
  await isHeld.promise;
  // While the others are stuck.
  expect(await ask()).toEqual(answer);
});

async function listed(service: Production, state = "DEAD"): Promise<readonly DeliveryBody[]> {
  const { body } = await service.call(`GET /v1/deliveries?state=DELIVERY_STATE_${state}`);
  return (body.deliveries ?? []).filter(({ channel }) => channel !== "DELIVERY_CHANNEL_WEBHOOK");
}
