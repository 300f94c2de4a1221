// Can an application bring the codes of a public recovery itself? It hears of each by webhook, and no provider is needed.

import { expect, test } from "vitest";

import { eventsAt, webhookEndpoint } from "../support/delivery-scene.ts";
import { eventually } from "../support/eventually.ts";
import { goodPasswords, startProduction } from "../support/start-production.ts";
import { hmacSecret } from "../support/webhook-secrets.ts";

test("a person gets the code from the application, and types it on the page that asked", async () => {
  const sender = await webhookEndpoint("sender", hmacSecret(), { receives_codes: true });
  const other = await webhookEndpoint("other", hmacSecret());
  const service = await startProduction({
    acme: {
      webhooks: [sender.setting, other.setting],
      recovery: { enabled: true, link: "https://app.example.com/recover#token={{.Token}}" },
    },
  });
  const { userId, email } = await service.makeUser();
  const started = await service.call("POST /v1/recovery", { realmId: "acme", identifier: email }, "");
  const { requestNumber, recoveryId } = started.body as { readonly requestNumber: string; readonly recoveryId: string };

  const { event } = await eventually(() => eventsAt(sender.receiver)[0]);
  const about = { user_id: userId, request_number: requestNumber, medium: "event" };
  expect(event).toMatchObject({ type: "password.reset.requested", data: about });
  const told = await eventually(() => eventsAt(other.receiver)[0]);
  expect(told.event.data).not.toHaveProperty("code");

  const code = { recoveryId, verificationCode: event.data["code"] };
  const change = { proof: { code }, newPassword: { password: goodPasswords.second } };
  expect((await service.call("POST /v1/recovery/complete", change, "")).status).toBe(200);
  const again = { currentPassword: goodPasswords.second, newPassword: { password: goodPasswords.first } };
  expect((await service.call(`POST /v1/users/${userId}/password`, again)).status).toBe(200);
});
