// What happens when a message's turn comes? It is opened, written in the user's language, and handed to its channel.

import type { Clock, Instant } from "../units.ts";
import { backOffDelay, messageBackOff } from "./back-off.ts";
import type { OutgoingMessage } from "./courier.ts";
import type { Attempt, AttemptOutcome, Delivery } from "./outbox/outbox.ts";
import type { Mail, TextMessage } from "./provider.ts";
import type { UnsealPayload } from "./seal.ts";
import type { ChannelOutcome, ChannelSender } from "./send-by-channel.ts";
import { judgeNumber } from "./sms/country.ts";
import { mostSegments, textSize } from "./sms/segments.ts";
import type { Templates } from "./templates/template.ts";
import { type MessageSender, type ToWrite, writeMail, writeTextMessage } from "./write-message.ts";

export type MessageChannels = { readonly email?: ChannelSender<Mail>; readonly sms?: ChannelSender<TextMessage> };

type Result = ChannelOutcome | { readonly kind: "dead"; readonly problem: string };

/** Only for deliveries to people: its payload is the sealed JSON of an `OutgoingMessage`. */
export function makeAttemptMessage(deps: {
  readonly unseal: UnsealPayload;
  readonly templates: Templates;
  readonly channels: MessageChannels;
  /** In whose name a realm's messages go out; undefined for a realm that is not configured. */
  readonly senderOf: (realmId: string) => MessageSender | undefined;
  readonly clock: Clock;
  /** Evenly from 0 up to 1. */
  readonly random: () => number;
}): Attempt {
  const { unseal, templates, channels, senderOf, clock, random } = deps;

  async function bring(delivery: Delivery, signal: AbortSignal): Promise<Result> {
    const opened = unseal(delivery.id, delivery.payload);
    // Another process may have a newer ring: its keys come here with the next restart.
    if (opened.kind === "unknown_key") return failed(`sealed under key ${opened.keyId}, which is not in the ring`);
    if (opened.kind === "broken") return dead("the payload was changed or belongs elsewhere");
    const message = JSON.parse(Buffer.from(opened.payload).toString()) as OutgoingMessage;
    const sender = senderOf(message.realmId);
    if (sender === undefined) return failed("the realm has no sender");
    const written = { templates, message, sender, requestNumber: delivery.requestNumber, now: clock.now() };
    return message.channel === "email" ? await bringMail(written, signal) : await bringText(written, signal);
  }

  async function bringMail(written: ToWrite, signal: AbortSignal): Promise<Result> {
    if (channels.email === undefined) return failed("no provider for mail is configured");
    const mail = await orUndefined(writeMail(written));
    return mail === undefined ? failed("the template could not be filled in") : await channels.email.send(mail, signal);
  }

  async function bringText(written: ToWrite, signal: AbortSignal): Promise<Result> {
    const { message, sender } = written;
    if (channels.sms === undefined) return failed("no provider for text messages is configured");
    const verdict = judgeNumber(message.recipient, sender.smsPrefixes);
    if (verdict === "not_a_number") return dead("the recipient is not one plain number");
    if (verdict === "country_not_allowed") return dead("text messages to this country are not allowed");
    const text = await orUndefined(writeTextMessage(written));
    if (text === undefined) return failed("the template could not be filled in");
    const { segments } = textSize(text.text);
    if (segments > mostSegments) return dead(`the text takes ${segments} segments, the most is ${mostSegments}`);
    return await channels.sms.send(text, signal);
  }

  return async function attemptMessage(delivery, attempts, signal) {
    if (clock.now() >= delivery.expiresAt) return dead("it expired before it could be sent");
    const result = await bring(delivery, signal);
    switch (result.kind) {
      case "sent":
        return { kind: "delivered", by: result.by };
      case "refused":
        return dead(result.problem);
      case "dead":
        return result;
      case "failed": {
        // Stopped by us, not by anybody's fault: it goes on where the outbox is opened next.
        if (signal.aborted) return { kind: "retry", problem: result.problem, delayMs: 0 };
        const delayMs = Math.max(backOffDelay(messageBackOff, attempts, random), result.retryAfterMs ?? 0);
        return againOrDead(result.problem, delayMs, clock.now(), delivery.expiresAt);
      }
    }
  };
}

/** An attempt that would come too late is not waited for: who asks learns now that nothing will arrive. */
function againOrDead(problem: string, delayMs: number, now: Instant, expiresAt: Instant): AttemptOutcome {
  if (now + delayMs < expiresAt) return { kind: "retry", problem, delayMs };
  return dead(`${problem}; it expires before the next attempt`);
}

/** What a template engine throws may repeat the values, secrets among them: nothing of it is kept. */
async function orUndefined<Written>(written: Promise<Written>): Promise<Written | undefined> {
  try {
    return await written;
  } catch {
    return undefined;
  }
}

function failed(problem: string): Result {
  return { kind: "failed", problem };
}

function dead(problem: string): { readonly kind: "dead"; readonly problem: string } {
  return { kind: "dead", problem };
}
