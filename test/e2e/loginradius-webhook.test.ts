// Is an application of LoginRadius told of a reset as it was before? One hook, signed with the app's secret, unless it is prevented.

import { createHmac } from "node:crypto";

import { expect, onTestFinished, test } from "vitest";

import { eventually } from "../support/eventually.ts";
import { app, goodPassword } from "../support/loginradius-app.ts";
import { startProduction } from "../support/start-production.ts";
import { startWebhookReceiver } from "../support/webhook-receiver.ts";

async function startHooked() {
  const receiver = await startWebhookReceiver({ tls: true });
  onTestFinished(async () => await receiver.close());
  const hook = (path: string) => `https://localhost:${receiver.port}${path}`;
  const service = await startProduction({
    acme: {
      loginradius: { key: app.key, secret: app.secret, secondary_secrets: [{ secret: app.secondary }] },
      webhooks: [
        { id: "vendor", url: hook("/vendor"), format: "loginradius", allow_private: true },
        {
          id: "own",
          url: hook("/own"),
          events: ["password.reset.completed"],
          secrets: [{ secret: "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw" }],
          allow_private: true,
        },
      ],
    },
  });
  const send = async (method: string, path: string, body: object, headers: Record<string, string> = {}) => {
    const response = await fetch(`${service.address}/identity/v2/${path}`, {
      method,
      headers: { "content-type": "application/json", ...headers },
      body: JSON.stringify(body),
    });
    return (await response.json()) as Record<string, unknown>;
  };
  const at = (path: string) => receiver.received.filter((each) => each.path === path);
  const reset = async (username: string, query = "", headers: Record<string, string> = {}) => {
    const credentials = `apikey=${app.key}&apisecret=${app.secret}`;
    const { ForgotToken } = await send("POST", `manage/account/forgot/token?${credentials}`, { username });
    const change = { resettoken: ForgotToken, password: goodPassword };
    return await send("PUT", `auth/password/reset?apikey=${app.key}${query}`, change, headers);
  };
  return { service, at, reset };
}

test("the hook says who it was, without a secret, and is signed in capitals", async () => {
  const { service, at, reset } = await startHooked();
  const { userId, email, phone } = await service.makeUser();
  expect(await reset(userId)).toEqual({ IsPosted: true });
  const { headers, body } = await eventually(() => at("/vendor")[0]);
  const expected = createHmac("sha256", app.secret).update(body).digest("hex").toUpperCase();
  expect(headers["signature"]).toBe(expected);
  expect(headers["content-type"]).toBe("application/json");
  const time = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/) as string;
  expect(JSON.parse(body)).toEqual({
    HookName: "resetpassword",
    Time: time,
    HookId: expect.stringMatching(/^[0-9a-f-]{36}$/) as string,
    Data: {
      Uid: userId,
      UserName: userId,
      FullName: "Ann",
      Email: [{ Type: "Primary", Value: email }],
      EmailVerified: true,
      PhoneId: phone,
      PhoneIdVerified: true,
      LastPasswordChangeDate: time,
    },
  });
});

test.each([
  { name: "in the query", query: "&prevent_webhook=true", headers: {} },
  { name: "as a header", query: "", headers: { "X-PreventWebhook": "true" } },
])("the hook is prevented $name, and our own events are not", async ({ query, headers }) => {
  const { service, at, reset } = await startHooked();
  const [quiet, loud] = [await service.makeUser(), await service.makeUser()];
  expect(await reset(quiet.userId, query, headers)).toEqual({ IsPosted: true });
  expect(await reset(loud.userId)).toEqual({ IsPosted: true });
  await eventually(() => (at("/own").length === 2 && at("/vendor").length > 0 ? true : undefined));
  const told = at("/vendor").map(({ body }) => (JSON.parse(body) as { Data: { Uid: string } }).Data.Uid);
  expect(told).toEqual([loud.userId]);
});
