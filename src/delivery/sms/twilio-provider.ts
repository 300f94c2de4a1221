// How does a text message go out over Twilio? By its Messages API, or one that speaks it.
//
// Vendor: Twilio REST API 2010-04-01, Message resource. It knows no idempotency: a call without an answer may be sent
// twice, which is why a code is the same in both.

import { second, type Milliseconds } from "../../units.ts";
import type { Provider, SendOutcome, TextMessage } from "../provider.ts";
import { apiUrl, callApi } from "./call-api.ts";

export type TwilioSettings = {
  readonly name: string;
  readonly accountSid: string;
  /** An API key (SK…) and its secret, or the account's SID and its auth token. */
  readonly credentials: { readonly user: string; readonly password: string };
  readonly sender: { readonly from: string } | { readonly messagingServiceSid: string };
  readonly baseUrl?: string;
  readonly timeoutMs?: Milliseconds;
};

/** Twilio answers in well under a second once it has queued a message. */
const defaultTimeoutMs: Milliseconds = 10 * second;

/**
 * What no other provider would do better: not a number (21211), may not be texted (21214, 21217, 21401, 21614, 21635),
 * has said STOP (21610), no text or too long a text (21602, 21617). Every other code is about the account, its sender
 * or its permissions. Vendor: Twilio error dictionary.
 */
const refusals = new Set([21211, 21214, 21217, 21401, 21602, 21610, 21614, 21617, 21635]);

export function twilioProvider(settings: TwilioSettings): Provider<TextMessage> {
  const { name, accountSid, credentials, sender, timeoutMs = defaultTimeoutMs } = settings;
  const path = `/2010-04-01/Accounts/${encodeURIComponent(accountSid)}/Messages.json`;
  const url = new URL(path, apiUrl(settings.baseUrl ?? "https://api.twilio.com"));
  const basic = Buffer.from(`${credentials.user}:${credentials.password}`).toString("base64");
  const headers = new Headers({
    authorization: `Basic ${basic}`,
    "content-type": "application/x-www-form-urlencoded",
    accept: "application/json",
  });
  const senderField = "from" in sender ? { From: sender.from } : { MessagingServiceSid: sender.messagingServiceSid };

  return {
    name,
    async send(message, signal) {
      const body = new URLSearchParams({ To: message.to, Body: message.text, ...senderField }).toString();
      const answer = await callApi({ url, method: "POST", headers, body, timeoutMs }, signal);
      if (answer.kind === "unanswered") return { kind: "failed", problem: answer.problem };
      const { sid, code } = readAnswer(answer.text);
      if (answer.status >= 200 && answer.status < 300) {
        return { kind: "sent", ...(sid === undefined ? {} : { reference: sid }) };
      }
      return outcomeOf(answer.status, code, answer.retryAfterMs);
    },
    async close() {
      // Connections belong to the process and end by themselves.
    },
  };
}

function outcomeOf(status: number, code: number | undefined, retryAfterMs: Milliseconds | undefined): SendOutcome {
  const problem = `answered ${status}${code === undefined ? "" : `, code ${code}`}`;
  if (status === 400 && code !== undefined && refusals.has(code)) return { kind: "refused", problem };
  return { kind: "failed", problem, ...(retryAfterMs === undefined ? {} : { retryAfterMs }) };
}

/** The two fields that are used, each only in its own form: the answer's texts repeat number and message. */
function readAnswer(text: string): { readonly sid: string | undefined; readonly code: number | undefined } {
  const { sid, code } = parseObject(text);
  return {
    sid: typeof sid === "string" && /^[A-Z]{2}[0-9a-f]{32}$/.test(sid) ? sid : undefined,
    code: typeof code === "number" && Number.isInteger(code) ? code : undefined,
  };
}

function parseObject(text: string): { readonly sid?: unknown; readonly code?: unknown } {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null ? value : {};
  } catch {
    return {};
  }
}
