// How does a mail become what nodemailer sends? Every part is checked first, and none is left for it to interpret.

import type { SendMailOptions } from "nodemailer";

import type { Mail } from "../provider.ts";
import { wireMailbox } from "./mailbox.ts";

export type Composed =
  | { readonly kind: "composed"; readonly options: SendMailOptions }
  /** It would be another mail than the one that was meant: it never goes out. */
  | { readonly kind: "malformed"; readonly problem: string };

/**
 * Every sign that ends a line somewhere, and all that nobody sees.
 * Guard: ASVS 5.0 1.3.11 (CR and LF cannot add headers).
 */
const control = /[\p{Cc}\p{Zl}\p{Zp}]/u;
/** Further headers tell people and support something; what steers mail is set here only. */
const furtherName = /^X-[A-Za-z0-9-]{1,60}$/;
const messageIdLeft = /^[A-Za-z0-9-]{1,64}$/;
/** Spec: BCP 47, as far as a header needs it. */
const languageTag = /^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*$/;

export function composeMail(mail: Mail): Composed {
  const recipient = wireMailbox(mail.to);
  const sender = wireMailbox(mail.from.address);
  if (recipient === undefined) return malformed("the recipient is not one plain address");
  if (sender === undefined) return malformed("the sender is not one plain address");
  if (control.test(mail.from.name)) return malformed("the sender's name holds a control character");
  if (control.test(mail.subject)) return malformed("the subject holds a control character");
  if (!messageIdLeft.test(mail.messageId)) return malformed("the message id is not one");
  if (!languageTag.test(mail.language)) return malformed("the language is not a tag");
  for (const [name, value] of Object.entries(mail.headers)) {
    if (!furtherName.test(name)) return malformed("a further header is not called X-…");
    if (control.test(value)) return malformed("a header holds a control character");
  }
  // Objects, not text: nodemailer parses text for lists, groups and comments. Incident: C5, C8.
  return {
    kind: "composed",
    options: {
      from: { name: mail.from.name, address: sender },
      to: { name: "", address: recipient },
      // `stored` travels along untouched: what `to` has become is compared with it before the wire.
      envelope: { from: { name: "", address: sender }, to: { name: "", address: recipient }, stored: recipient },
      messageId: `<${mail.messageId}@${sender.slice(sender.lastIndexOf("@") + 1)}>`,
      subject: mail.subject,
      text: mail.text,
      html: mail.html,
      headers: {
        ...mail.headers,
        "Content-Language": mail.language,
        // No holiday reply comes back. Spec: RFC 3834 §5; Vendor: Microsoft Exchange for the second.
        "Auto-Submitted": "auto-generated",
        "X-Auto-Response-Suppress": "All",
      },
      disableFileAccess: true,
      disableUrlAccess: true,
    },
  };
}

function malformed(problem: string): Composed {
  return { kind: "malformed", problem };
}
