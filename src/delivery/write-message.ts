// What does a message say, and in whose name? Templates filled in with the message's values and the realm's own.

import { type Instant, type Milliseconds, minute } from "../units.ts";
import type { OutgoingMessage } from "./courier.ts";
import type { Mail, TextMessage } from "./provider.ts";
import { bindToDomain } from "./sms/domain-bound.ts";
import type { Templates, TemplateValues, Wording } from "./templates/template.ts";

/** What a realm's operator says of the realm's messages. */
export type MessageSender = {
  readonly from: { readonly name: string; readonly address: string };
  /** The realm's name as people know it, and where to ask for help; empty if there is none. */
  readonly brandName: string;
  readonly contact: string;
  /** The calling prefixes that text messages may go to; empty: none. See sms/country. */
  readonly smsPrefixes: readonly string[];
};

export type ToWrite = {
  readonly templates: Templates;
  readonly message: OutgoingMessage;
  readonly sender: MessageSender;
  readonly requestNumber: string;
  readonly now: Instant;
};

export async function writeMail(toWrite: ToWrite): Promise<Mail> {
  const { templates, message, sender, requestNumber } = toWrite;
  const { subject, text, html, language } = await templates.renderMail(wordingOf(toWrite));
  return {
    kind: "email",
    messageId: message.id,
    from: sender.from,
    to: message.recipient,
    subject,
    text,
    html,
    language,
    headers: { "X-Request-Number": requestNumber },
  };
}

export async function writeTextMessage(toWrite: ToWrite): Promise<TextMessage> {
  const { templates, message } = toWrite;
  const wording = wordingOf(toWrite);
  const { text } = await templates.renderTextMessage(wording);
  const bound = bindToDomain(text, { host: wording.values.link_host, code: wording.values.code });
  return { kind: "sms", messageId: message.id, to: message.recipient, text: bound };
}

function wordingOf({ message, sender, requestNumber, now }: ToWrite): Wording {
  const { displayName, loginName, link, vetoLink, fromAddress } = message.values;
  const { expiresAt, codeExpiresAt = expiresAt } = message;
  // A retry may have taken longer than the code lives: then the link stands alone.
  const isCodeDead = codeExpiresAt < expiresAt && codeExpiresAt - now < minute / 2;
  const code = isCodeDead ? "" : message.values.code;
  const values: TemplateValues = {
    display_name: displayName,
    login_name: loginName,
    brand_name: sender.brandName,
    contact: sender.contact,
    request_number: requestNumber,
    link,
    code,
    veto_link: vetoLink,
    lifetime_minutes: minutesLeft((isCodeDead ? expiresAt : codeExpiresAt) - now),
    link_lifetime_minutes: minutesLeft(expiresAt - now),
    happened_at: new Date(message.createdAt),
    from_address: fromAddress,
    link_host: URL.canParse(link) ? new URL(link).hostname : "",
  };
  return { realmId: message.realmId, template: message.template, languages: [message.language], values };
}

/** Not more than there is, also in a message that comes late; above two hours in whole hours, as people say it. */
function minutesLeft(left: Milliseconds): number {
  const minutes = Math.max(1, Math.round(left / minute));
  return minutes < 120 ? minutes : minutes - (minutes % 60);
}
