// Where do the messages of a service under test arrive? At a mail server with TLS and an account, at an API of Twilio's
// form, and at receivers of webhooks; all real, all on the loopback.

import { type ParsedMail, simpleParser } from "mailparser";
import { onTestFinished } from "vitest";

import { eventually } from "./eventually.ts";
import { restReason } from "./native-client.ts";
import { startApi, type TestApi, twilioAccount } from "./start-api.ts";
import { type Body, goodPasswords, type Production, type TestUser, tlsCertificate } from "./start-production.ts";
import {
  type ReceivedMail,
  type SmtpServerOptions,
  startSmtpServer,
  type TestSmtpServer,
} from "./start-smtp-server.ts";
import { startWebhookReceiver, type WebhookReceiver } from "./webhook-receiver.ts";

export const mailAccount = { user: "rekey", password: "the password of the mail account" };

/** An SMTP server, and how a configuration names it. */
export async function mailServer(name = "mail", options: Partial<SmtpServerOptions> = {}) {
  const server = await startSmtpServer({ security: "starttls", auth: mailAccount, ...options });
  const security = options.security ?? "starttls";
  const setting = { name, host: "localhost", port: server.port, security, ca_file: tlsCertificate, ...mailAccount };
  return { server, setting };
}

export function twilioSetting(baseUrl: string) {
  const { accountSid, credentials } = twilioAccount;
  const account = { account_sid: accountSid, ...credentials, from: "+14155550100", base_url: baseUrl };
  return { kind: "twilio", name: "texts", ...account };
}

/** An API that takes text messages in JSON: `answer` says how. */
export async function textApi(name: string, answer: Parameters<typeof startApi>[0]) {
  const api = await startApi(answer);
  const json = { to: "{to}", text: "{text}", id: "{message_id}" };
  return { api, setting: { kind: "http", name, url: `${api.url}/send`, json } };
}

/** A receiver of webhooks, and how a realm names it. */
export async function webhookEndpoint(
  id: string,
  secret: string,
  changes: object = {},
): Promise<{ readonly receiver: WebhookReceiver; readonly setting: object }> {
  const receiver = await startWebhookReceiver({ tls: true });
  onTestFinished(async () => await receiver.close());
  const url = `https://localhost:${receiver.port}/events`;
  return { receiver, setting: { id, url, secrets: [{ secret }], allow_private: true, ...changes } };
}

/** The mail number `index` that the server took for this address, as a mail program reads it. */
export async function mailTo(
  server: Pick<TestSmtpServer, "mails">,
  address: string,
  index = 0,
): Promise<ParsedMail & { readonly received: ReceivedMail; readonly text: string }> {
  const received = await eventually(() => mailsTo(server, address)[index]);
  const parsed = await simpleParser(received.raw);
  return { ...parsed, received, text: parsed.text ?? "" };
}

export function mailsTo({ mails }: Pick<TestSmtpServer, "mails">, address: string): ReceivedMail[] {
  return mails.filter(({ recipients }) => recipients.includes(address));
}

/** The text message number `index` to this user's number. */
export async function textTo({ requests }: TestApi, { phone }: TestUser, index = 0): Promise<string> {
  return await eventually(() => {
    const forms = requests.map(({ body }) => new URLSearchParams(body)).filter((form) => form.get("To") === phone);
    return forms[index]?.get("Body") ?? undefined;
  });
}

/** The link in a message, and what it carries. */
export function linkIn(text: string): { readonly link: string; readonly code: string } {
  const link = /https?:\/\/\S+/.exec(text)?.[0];
  if (link === undefined) throw new Error(`there is no link in ${text}`);
  return { link, code: new URL(link).searchParams.get("code") ?? "" };
}

/** What an application of a realm was told, by type. */
export function eventsAt({ received }: Pick<WebhookReceiver, "received">) {
  return received.map((each) => ({ ...each, event: JSON.parse(each.body) as ToldEvent }));
}

export type ToldEvent = {
  readonly type: string;
  readonly timestamp: string;
  readonly data: Readonly<Record<string, string>>;
};

/** Asks for a link and is answered. */
export async function sendLink(
  service: Production,
  { userId }: Pick<TestUser, "userId">,
  how: object = {},
): Promise<Body> {
  const { status, body } = await service.call(`POST /v1/users/${userId}/password_reset`, { sendLink: how });
  if (status !== 200) throw new Error(JSON.stringify(body));
  return body;
}

/** Answers "set", or the stable reason why not. */
export async function setPassword(
  service: Production,
  { userId }: Pick<TestUser, "userId">,
  verificationCode: string,
  password = goodPasswords.second,
): Promise<string> {
  const body = { newPassword: { password }, verificationCode };
  const answer = await service.call(`POST /v1/users/${userId}/password`, body);
  return answer.status === 200 ? "set" : restReason(answer.body);
}
