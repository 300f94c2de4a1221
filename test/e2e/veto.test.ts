// Does "it was not me" work for a person with a real mailbox? From the link in the mail to the block, the sessions and
// the event that the application is told.

import { Webhook } from "standardwebhooks";
import { describe, expect, test } from "vitest";

import { eventsAt, mailServer, mailTo, mailsTo, webhookEndpoint } from "../support/delivery-scene.ts";
import { eventually } from "../support/eventually.ts";
import { restReason } from "../support/native-client.ts";
import { goodPasswords, startProduction, stores } from "../support/start-production.ts";
import { hmacSecret } from "../support/webhook-secrets.ts";

const hosts = ["login.example.com"];

describe.each(stores)("with %s", (store) => {
  async function openScene() {
    const mail = await mailServer();
    const secret = hmacSecret();
    const app = await webhookEndpoint("app", secret);
    const service = await startProduction({
      store,
      delivery: { smtp: [mail.setting] },
      acme: {
        webhooks: [app.setting],
        links: { page: "https://app.example.com/reset?code={{.Code}}", hosts: ["app.example.com"] },
        recovery: { enabled: true, hosts, link: "https://app.example.com/recover#token={{.Token}}", veto_block: "2h" },
      },
    });
    const events = (type: string) =>
      eventsAt(app.receiver)
        .filter(({ event }) => event.type === type)
        .map(({ body, headers, event }) => {
          expect(new Webhook(secret).verify(body, headers)).toEqual(event);
          return event;
        });
    const say = async (link: string) => {
      const token = decodeURIComponent(new URL(link).hash.replace("#veto=", ""));
      return await service.call("POST /v1/recovery/veto", { token }, "");
    };
    return { service, smtp: mail.server, user: await service.makeUser(), events, say };
  }

  /** The links in a mail, by what stands before the token. */
  const linksIn = (text: string) => ({
    token: /https:\/\/app\.example\.com\/recover#token=(\S+)/.exec(text)?.[1] ?? "",
    veto: /https:\/\/login\.example\.com\/recover#veto=\S+/.exec(text)?.[0] ?? "",
  });

  test("a request that somebody else made is stopped, and further ones", async () => {
    const { service, smtp, user, events, say } = await openScene();
    const start = async () => await service.call("POST /v1/recovery", { realmId: "acme", identifier: user.email }, "");
    const { requestNumber } = (await start()).body;
    const { token, veto } = linksIn((await mailTo(smtp, user.email)).text);
    const vetoed = await say(veto);
    expect(vetoed.status).toBe(200);
    const { blockedUntil } = vetoed.body as { readonly blockedUntil?: string };

    const proof = { token: decodeURIComponent(token) };
    const change = { proof, newPassword: { password: goodPasswords.second } };
    const refused = await service.call("POST /v1/recovery/complete", change, "");
    expect(restReason(refused.body)).toBe("RECOVERY_BLOCKED");
    const byKey = await service.call(`POST /v1/users/${user.userId}/password_reset`, { returnCode: {} });
    expect(restReason(byKey.body)).toBe("RECOVERY_BLOCKED");
    expect((await start()).status).toBe(200);
    await service.printed('"reason":"blocked"');
    expect(mailsTo(smtp, user.email)).toHaveLength(1);

    const found = await service.call(`GET /v1/users/${user.userId}`);
    const { sessionsValidFrom } = found.body.user as unknown as { readonly sessionsValidFrom: string };
    const [event] = await eventually(
      () => events("password.reset.vetoed").length > 0 && events("password.reset.vetoed"),
    );
    expect(Date.parse(event?.timestamp ?? "")).toBe(Date.parse(sessionsValidFrom));
    expect(event?.data).toMatchObject({ user_id: user.userId, request_number: requestNumber, vetoed: "request" });
    expect(Date.parse(event?.data["blocked_until"] ?? "")).toBe(Date.parse(blockedUntil ?? ""));

    expect((await say(veto)).body).toEqual(vetoed.body);
    // Support has verified the person.
    const password = { newPassword: { password: goodPasswords.second } };
    expect((await service.call(`POST /v1/users/${user.userId}/password`, password)).status).toBe(200);
    await eventually(() => events("password.changed").length > 0);
    expect(events("password.reset.vetoed")).toHaveLength(1);
    expect((await service.call(`POST /v1/users/${user.userId}/password_reset`, { returnCode: {} })).status).toBe(200);
    expect(service.output()).not.toContain(new URL(veto).hash.slice("#veto=".length));
  });

  test("a change that somebody else made is told by the link in its notice", async () => {
    const { service, smtp, user, events, say } = await openScene();
    const change = { newPassword: { password: goodPasswords.second }, currentPassword: goodPasswords.first };
    expect((await service.call(`POST /v1/users/${user.userId}/password`, change)).status).toBe(200);
    const notice = await mailTo(smtp, user.email);
    expect((await say(linksIn(notice.text).veto)).status).toBe(200);
    const [event] = await eventually(
      () => events("password.reset.vetoed").length > 0 && events("password.reset.vetoed"),
    );
    expect(event?.data).toMatchObject({ user_id: user.userId, vetoed: "change" });
    const byKey = await service.call(`POST /v1/users/${user.userId}/password_reset`, { returnCode: {} });
    expect(restReason(byKey.body)).toBe("RECOVERY_BLOCKED");
  });
});
