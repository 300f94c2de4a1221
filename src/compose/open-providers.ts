// Who carries messages? The providers that the configuration names, each behind its own circuit breaker.

import { createPrivateKey } from "node:crypto";
import { readFileSync } from "node:fs";

import type { DeliveryConfiguration, SmsConfiguration, SmtpConfiguration } from "../config/configuration.ts";
import type { MessageChannels } from "../delivery/attempt-message.ts";
import type { Mail, Provider, TextMessage } from "../delivery/provider.ts";
import { defaultChannelSettings, makeSendByChannel } from "../delivery/send-by-channel.ts";

/** A channel without a provider is absent. A driver that is not used is not loaded. */
export async function openProviders(delivery: DeliveryConfiguration): Promise<MessageChannels> {
  const settings = { ...defaultChannelSettings, attemptTimeoutMs: delivery.attemptTimeoutMs };
  const mail = await Promise.all(delivery.smtp.map(openSmtp));
  const texts = await Promise.all(delivery.sms.map(openSms));
  return {
    ...(mail.length === 0 ? {} : { email: makeSendByChannel(mail, settings) }),
    ...(texts.length === 0 ? {} : { sms: makeSendByChannel(texts, settings) }),
  };
}

async function openSmtp({ caFile, dkim, ...smtp }: SmtpConfiguration): Promise<Provider<Mail>> {
  const { smtpProvider } = await import("../delivery/smtp/smtp-provider.ts");
  return smtpProvider({
    ...smtp,
    ...(caFile === undefined ? {} : { ca: readFileSync(caFile, "utf8") }),
    ...(dkim === undefined
      ? {}
      : { dkim: { domain: dkim.domain, selector: dkim.selector, key: createPrivateKey(readFileSync(dkim.keyFile)) } }),
  });
}

async function openSms(sms: SmsConfiguration): Promise<Provider<TextMessage>> {
  if (sms.kind === "twilio") return (await import("../delivery/sms/twilio-provider.ts")).twilioProvider(sms);
  return (await import("../delivery/sms/http-provider.ts")).httpSmsProvider(sms);
}
