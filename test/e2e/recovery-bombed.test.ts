// What does it come to when somebody asks for another person's messages a thousand times, and guesses besides? A mailbox
// with as many mails as configured, and a person who still gets in with the newest.

import { expect, test } from "vitest";

import { mailsTo, mailTo } from "../support/delivery-scene.ts";
import { eventually } from "../support/eventually.ts";
import { goodPasswords, startProduction, stores } from "../support/start-production.ts";
import { startSmtpServer } from "../support/start-smtp-server.ts";

const mostMails = 3;
const mostGuesses = 7;
const requests = 1000;
const atOnce = 50;

// Guard: ASVS 5.0 6.6.3, 6.6.4; Incident: C25.
test.each(stores)(
  "with %s: the mailbox stands, and the newest link works after all guesses are spent",
  async (store) => {
    const server = await startSmtpServer({ security: "none" });
    const account = { max: mostMails, window: "1h" };
    const service = await startProduction({
      store,
      isForgetful: true,
      delivery: { smtp: [{ name: "mail", host: "127.0.0.1", port: server.port, security: "none" }] },
      acme: {
        recovery: {
          enabled: true,
          link: "https://app.example.com/recover#token={{.Token}}",
          bot_check: { proof_of_work: { mode: "off" } },
        },
        // Nothing but the rows of the account holds.
        limits: {
          send_message: { account },
          guess_code: { account: { max: mostGuesses, window: "1h" } },
          start_recovery: { identifier: "off", address: "off", realm: "off" },
          present_recovery: { identifier: "off", address: "off" },
        },
      },
    });
    const { userId, email, phone } = await service.makeUser();
    const post = async (path: string, body: object) => await service.call(`POST /v1/recovery${path}`, body, "");

    const names = [userId, email, phone];
    let recoveryId = "";
    for (let asked = 0; asked < requests; asked += atOnce) {
      const turns = Array.from({ length: atOnce }, async (_, turn) => {
        const identifier = names[turn % names.length];
        const wish = { realmId: "acme", identifier, notificationType: "NOTIFICATION_TYPE_EMAIL" };
        const { status, body } = await post("", wish);
        expect(status).toBe(200);
        return (body as { readonly recoveryId: string }).recoveryId;
      });
      recoveryId = (await Promise.all(turns)).at(-1) ?? "";
    }
    // Until the last of them was looked into.
    await eventually(() => service.output().split('"audit":"recovery.performed"').length > requests);
    expect(mailsTo(server, email)).toHaveLength(mostMails);

    const guess = { proof: { code: { recoveryId, verificationCode: "0000-0000" } } };
    for (let guesses = 0; guesses < 3 * mostGuesses; guesses += 1)
      expect((await post("/check", guess)).status).toBe(400);

    const mails = await Promise.all(
      Array.from({ length: mostMails }, async (_, at) => await mailTo(server, email, at)),
    );
    const answers = await Promise.all(
      mails.map(async ({ text }) => {
        const token = decodeURIComponent(/#token=(\S+)/.exec(text)?.[1] ?? "");
        return { token, status: (await post("/check", { proof: { token } })).status };
      }),
    );
    const [newest, ...others] = answers.filter(({ status }) => status === 200);
    expect(others).toEqual([]);
    const change = { proof: { token: newest?.token }, newPassword: { password: goodPasswords.second } };
    expect((await post("/complete", change)).status).toBe(200);
  },
);
