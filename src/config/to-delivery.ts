// How do the settings of delivery, named for people, become what the code reads?

import type { WebhookEndpoint } from "../delivery/webhook/endpoint.ts";
import type { MessageSender } from "../delivery/write-message.ts";
import type { DeliveryConfiguration, SmsConfiguration, SmtpConfiguration } from "./configuration.ts";
import type { Settings } from "./schema.ts";

type RealmSettings = Settings["realms"][number];

export function toDelivery(delivery: Settings["delivery"]): DeliveryConfiguration {
  return {
    smtp: delivery.smtp.map(toSmtp),
    sms: delivery.sms.map(toSms),
    ...(delivery.templates_dir !== undefined && { templatesDir: delivery.templates_dir }),
    concurrency: delivery.concurrency,
    waiting: delivery.waiting,
    attemptTimeoutMs: delivery.attempt_timeout,
  };
}

function toSmtp(smtp: Settings["delivery"]["smtp"][number]): SmtpConfiguration {
  const { name, host, port, security, ca_file: caFile, user, password, dkim } = smtp;
  return {
    name,
    host,
    port,
    security,
    ...(caFile !== undefined && { caFile }),
    ...(user !== undefined && { auth: { user, password: password ?? "" } }),
    ...(dkim && { dkim: { domain: dkim.domain, selector: dkim.selector, keyFile: dkim.key_file } }),
  };
}

function toSms(sms: Settings["delivery"]["sms"][number]): SmsConfiguration {
  const { name } = sms;
  if (sms.kind === "http") {
    const { url, method, headers, form, json = null } = sms;
    const body =
      form === undefined ? { encoding: "json" as const, value: json } : { encoding: "form" as const, fields: form };
    return { kind: "http", name, url, method, headers, body };
  }
  const { account_sid: accountSid, user = accountSid, password, base_url: baseUrl, from = "" } = sms;
  const sender =
    sms.messaging_service_sid === undefined ? { from } : { messagingServiceSid: sms.messaging_service_sid };
  return { kind: "twilio", name, accountSid, credentials: { user, password }, sender, baseUrl };
}

export function toSender({ brand, mail, sms }: RealmSettings): MessageSender {
  return {
    from: { name: mail?.from_name || brand.name, address: mail?.from_address ?? "" },
    brandName: brand.name,
    contact: brand.contact,
    smsPrefixes: sms.countries,
  };
}

export function toEndpoint(webhook: RealmSettings["webhooks"][number]): WebhookEndpoint {
  const { format } = webhook;
  return {
    id: webhook.id,
    url: webhook.url,
    events: webhook.events,
    ...(format !== "standard" && { format }),
    secrets: webhook.secrets.map(({ secret }) => secret),
    receivesCodes: webhook.receives_codes,
    allowPrivate: webhook.allow_private,
  };
}
