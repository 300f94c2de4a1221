// What does a developer see of the mail that would have gone out? A list of captured messages, and each as it would look.
//
// Exists in the demo only. Whoever reaches the demo's port may read them: they are for trying things out.
// Guard: ASVS 5.0 15.2.3.

import type { CapturedMessage, Inbox } from "../../delivery/courier.ts";
import type { Templates } from "../../delivery/templates/template.ts";
import { type MessageSender, writeMail, writeTextMessage } from "../../delivery/write-message.ts";
import { type ExchangeHandler, reply } from "../http/exchange.ts";
import { inboxList, inboxStyle } from "./list.ts";

const mostShown = 100;

/** Everything from here, nothing else: no script, no other host. */
const listPolicy = "default-src 'none'; style-src 'self'; frame-src 'self'; base-uri 'none'; frame-ancestors 'none'";
/** A mail brings its own styles; it may open its link and nothing more. */
const mailPolicy =
  "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; frame-ancestors 'self'; " +
  "sandbox allow-popups allow-popups-to-escape-sandbox allow-top-navigation-by-user-activation";

export function inboxPages(
  inbox: Inbox,
  writing: { readonly templates: Templates; readonly senderOf: (realmId: string) => MessageSender | undefined },
): ReadonlyMap<string, ExchangeHandler> {
  const html = (policy: string) => ({ "content-type": "text/html; charset=utf-8", "content-security-policy": policy });

  return new Map<string, ExchangeHandler>([
    [
      "GET /dev/inbox",
      async (_, response) => {
        const messages = await inbox.list({ size: mostShown });
        reply(response, 200, html(listPolicy), inboxList(await Promise.all(messages.map(summaryOf))));
      },
    ],
    ["GET /dev/inbox/style.css", (_, response) => reply(response, 200, { "content-type": "text/css" }, inboxStyle)],
    [
      "GET /dev/inbox/message",
      async (request, response) => {
        const id = new URL(request.url ?? "", "http://inbox.invalid").searchParams.get("id");
        const message = (await inbox.list({ size: Number.MAX_SAFE_INTEGER })).find((each) => each.id === id);
        if (message === undefined) reply(response, 404, { "content-type": "text/plain" }, "There is no such message.");
        else reply(response, 200, html(mailPolicy), await shown(message));
      },
    ],
  ]);

  async function summaryOf(message: CapturedMessage) {
    const subject = message.channel === "email" ? (await writeMail(toWrite(message))).subject : "Text message";
    return { message, subject };
  }

  async function shown(message: CapturedMessage): Promise<string> {
    if (message.channel === "email") return linksOutside((await writeMail(toWrite(message))).html);
    const { text } = await writeTextMessage(toWrite(message));
    return `<!doctype html><meta charset="utf-8"><meta name="color-scheme" content="light dark"><pre style="font: 16px/1.5 system-ui; white-space: pre-wrap">${escaped(text)}</pre>`;
  }

  function toWrite(message: CapturedMessage) {
    const { templates, senderOf } = writing;
    const sender = senderOf(message.realmId);
    if (sender === undefined) throw new Error("a message of a realm that is not configured was captured");
    return { templates, message, sender, requestNumber: message.requestNumber, now: message.capturedAt };
  }
}

/** The list lets no other host into its frames: a link opens in a window of its own, as a mail program does it. */
function linksOutside(html: string): string {
  return html.replace(/<head\b[^>]*>/i, '$&<base target="_blank">');
}

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
}
