// Does word get out of the service as an operator runs it? By mail and as text message, to the user; by webhook, to the
// application; in the right language, and with one number for support.

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { Webhook } from "standardwebhooks";
import { describe, expect, onTestFinished, test } from "vitest";

import {
  eventsAt,
  linkIn,
  mailAccount,
  mailServer,
  mailTo,
  sendLink,
  setPassword,
  textTo,
  twilioSetting,
  webhookEndpoint,
} from "../support/delivery-scene.ts";
import { eventually } from "../support/eventually.ts";
import { restReason } from "../support/native-client.ts";
import { startTwilio } from "../support/start-api.ts";
import { type Production, startProduction, stores } from "../support/start-production.ts";
import { ed25519Secret, hmacSecret, isSignedBy } from "../support/webhook-secrets.ts";

const told = ["password.reset.requested", "password.reset.completed", "password.changed"];

describe.each(stores)("with everything in %s", (store) => {
  async function openScene() {
    const mail = await mailServer();
    const twilio = await startTwilio();
    const hmac = hmacSecret();
    const { secret, publicKey } = ed25519Secret();
    const crm = await webhookEndpoint("crm", hmac);
    const sender = await webhookEndpoint("sender", secret, { receives_codes: true });
    const service = await startProduction({
      store,
      delivery: { smtp: [mail.setting], sms: [twilioSetting(twilio.url)] },
      acme: { webhooks: [crm.setting, sender.setting] },
    });
    /** What both endpoints were told, once each has heard so much; signatures are verified. */
    async function heard(count: number) {
      await eventually(() => crm.receiver.received.length >= count && sender.receiver.received.length >= count);
      const toCrm = eventsAt(crm.receiver);
      const toSender = eventsAt(sender.receiver);
      for (const { body, headers, event } of toCrm) {
        expect(new Webhook(hmac).verify(body, headers)).toEqual(event);
        expect(() => new Webhook(hmacSecret()).verify(body, headers)).toThrow("signature");
      }
      for (const received of toSender) expect(isSignedBy(publicKey, received)).toBe(true);
      const byType = (list: typeof toCrm) => new Map(list.map(({ event }) => [event.type, event]));
      return { crm: byType(toCrm), sender: byType(toSender) };
    }
    return { service, smtp: mail.server, twilio, heard, user: await service.makeUser() };
  }

  test("a link by mail sets the password; user and application hear of it", async () => {
    const { service, smtp, twilio, heard, user } = await openScene();
    const { userId, email } = user;
    const started = await sendLink(service, user);

    const mail = await mailTo(smtp, email);
    expect(mail.received).toMatchObject({ recipients: [email], isEncrypted: true, user: mailAccount.user });
    expect(mail.messageId).toBe(`<${started.messageId}@acme.example>`);
    const { link, code } = linkIn(mail.text);
    expect(link).toBe(`https://app.example.com/reset?user=${userId}&code=${code}`);
    expect(mail.html).toContain(link.replaceAll("&", "&amp;"));
    expect(mail.text).toContain(started.requestNumber);
    expect(mail.headers.get("x-request-number")).toBe(started.requestNumber);
    const delivery = await eventually(async () => {
      const { body } = await service.call(`GET /v1/deliveries/${started.messageId}`);
      return body.delivery?.["state"] === "DELIVERY_STATE_DELIVERED" && body.delivery;
    });
    expect(delivery).toMatchObject({
      userId,
      channel: "DELIVERY_CHANNEL_EMAIL",
      subject: "password_reset",
      requestNumber: started.requestNumber,
      deliveredBy: "mail",
    });
    await service.printed('"audit":"password_reset.sent"');
    expect(auditOf(service, "password_reset.sent")).toMatchObject([
      { userId, requestNumber: started.requestNumber, outcome: "done" },
    ]);

    expect(await setPassword(service, user, code)).toBe("set");
    // Guard: ASVS 5.0 6.3.7.
    const notice = await mailTo(smtp, email, 1);
    expect(notice.subject).toBe("Your Acme password was changed");
    expect(notice.text).not.toMatch(/https?:/);
    const text = await textTo(twilio, user);
    expect(text).toContain("Your password was changed");

    const { crm, sender } = await heard(3);
    expect([...crm.keys()].toSorted()).toEqual(told.toSorted());
    const requested = { user_id: userId, medium: "email", request_number: started.requestNumber };
    expect(crm.get("password.reset.requested")?.data).toMatchObject(requested);
    expect(crm.get("password.reset.requested")?.data).not.toHaveProperty("code");
    // Incident: C24: only who is named for it has the code.
    expect(sender.get("password.reset.requested")?.data).toMatchObject({ ...requested, code });
    expect(crm.get("password.changed")?.data).toMatchObject({ user_id: userId, by: "code" });
    expect(service.output()).not.toContain(code);
  });

  test("a link by text message sets the password; a returned code is told to the application that may have it", async () => {
    const { service, twilio, heard, user } = await openScene();
    const started = await sendLink(service, user, { notificationType: "NOTIFICATION_TYPE_SMS" });
    const { code } = linkIn(await textTo(twilio, user));
    expect(await setPassword(service, user, code)).toBe("set");
    const first = await heard(3);
    expect(first.sender.get("password.reset.requested")?.data).toMatchObject({ medium: "sms", code });
    expect(started.messageId).not.toBe("");

    const returned = await service.call(`POST /v1/users/${user.userId}/password_reset`, { returnCode: {} });
    const second = await heard(4);
    const data = { medium: "returned", code: returned.body.verificationCode };
    expect(second.sender.get("password.reset.requested")?.data).toMatchObject(data);
    expect(second.crm.get("password.reset.requested")?.data).not.toHaveProperty("code");
  });

  test("in the words of Zitadel: link and typed code, by mail and as text message", async () => {
    const { service, smtp, twilio, user } = await openScene();
    const reset = `POST /v2/users/${user.userId}/password_reset`;
    const urlTemplate = "https://app.example.com/{{.OrgID}}/set?u={{.UserID}}&code={{.Code}}";
    expect((await service.call(reset, { sendLink: { urlTemplate } })).status).toBe(200);
    const mail = await mailTo(smtp, user.email);
    const byMail = linkIn(mail.text);
    expect(byMail.link).toBe(`https://app.example.com/acme/set?u=${user.userId}&code=${byMail.code}`);
    expect(mail.text.replace(byMail.link, "")).toContain(byMail.code);
    const set = async (password: string, verificationCode: string) => {
      const body = { newPassword: { password }, verificationCode };
      return (await service.call(`POST /v2/users/${user.userId}/password`, body)).status;
    };
    expect(await set("Correct-horse-1", byMail.code)).toBe(200);

    const notices = await textTo(twilio, user);
    expect(notices).toContain("Your password was changed");
    await service.call(reset, { sendLink: { notificationType: "NOTIFICATION_TYPE_SMS" } });
    const text = await textTo(twilio, user, 1);
    const { code } = linkIn(text);
    // Spec: origin-bound one-time codes delivered via SMS: the last line binds the code to the page's host.
    expect(text.trimEnd().endsWith(`@app.example.com #${code}`)).toBe(true);
    expect(await set("Correct-horse-2", code)).toBe(200);
  });
});

describe("the language", () => {
  async function openScene() {
    const mail = await mailServer();
    const templates = mkdtempSync(join(tmpdir(), "rekey-templates-"));
    onTestFinished(() => rmSync(templates, { recursive: true, force: true }));
    mkdirSync(join(templates, "acme/welcome"), { recursive: true });
    const welcome =
      'subject: "Bienvenue"\nheading: "Bonjour"\nparagraphs: ["Venez."]\nsms: [["{{ code }} {{ link }}", "{{ code }}", "{{ link }}"]]\n';
    writeFileSync(join(templates, "acme/welcome/fr.yaml"), welcome);
    writeFileSync(join(templates, "acme/welcome/en.yaml"), welcome.replace("Bienvenue", "Welcome"));
    const service = await startProduction({
      delivery: { smtp: [mail.setting], templates_dir: templates },
      acme: { default_language: "fr" },
      others: [{ id: "other" }],
    });
    return { service, smtp: mail.server };
  }

  test("is the request's, else the user's, else the realm's, in reset and notice", async () => {
    const { service, smtp } = await openScene();
    const german = await service.makeUser({ preferredLanguage: "de-CH" });
    const silent = await service.makeUser();
    await sendLink(service, german, { language: "es" });
    expect((await mailTo(smtp, german.email)).headers.get("content-language")).toBe("es");
    await sendLink(service, german);
    const mail = await mailTo(smtp, german.email, 1);
    expect(mail.subject).toBe("Neues Passwort für Acme festlegen");
    await sendLink(service, silent);
    expect((await mailTo(smtp, silent.email)).subject).toBe("Choisissez un nouveau mot de passe pour Acme");

    expect(await setPassword(service, german, linkIn(mail.text).code)).toBe("set");
    expect((await mailTo(smtp, german.email, 2)).subject).toBe("Ihr Passwort für Acme wurde geändert");
  });

  test("a realm's own template writes its messages, and no other realm's", async () => {
    const { service, smtp } = await openScene();
    const user = await service.makeUser();
    await sendLink(service, user, { template: "welcome" });
    const mail = await mailTo(smtp, user.email);
    expect(mail.subject).toBe("Bienvenue");
    expect(await setPassword(service, user, linkIn(mail.text).code)).toBe("set");

    const reset = `POST /v1/users/${user.userId}/password_reset`;
    const unknown = await service.call(reset, { sendLink: { template: "wellcome" } });
    expect([unknown.status, restReason(unknown.body)]).toEqual([400, "TEMPLATE_UNKNOWN"]);
    const other = service.keyOf("other");
    const stranger = await service.makeUser({}, other);
    const foreign = `POST /v1/users/${stranger.userId}/password_reset`;
    const refused = await service.call(foreign, { sendLink: { template: "welcome" } }, other);
    expect(restReason(refused.body)).toBe("TEMPLATE_UNKNOWN");
  });
});

function auditOf(service: Production, event: string): readonly object[] {
  const lines = service.output().split("\n");
  const records = lines.filter((line) => line.startsWith("{")).map((line) => JSON.parse(line) as { audit?: string });
  return records.filter(({ audit }) => audit === event);
}
