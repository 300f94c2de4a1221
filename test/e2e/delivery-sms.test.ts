// Does a text message get to the provider, and is each of its answers understood? Over real HTTP on loopback.

import { describe, expect, test } from "vitest";

import type { TextMessage } from "../../src/delivery/provider.ts";
import { httpSmsProvider, type HttpProviderSettings } from "../../src/delivery/sms/http-provider.ts";
import { twilioProvider, type TwilioSettings } from "../../src/delivery/sms/twilio-provider.ts";
import { type ApiReply, startApi, startTwilio, twilioAccount } from "../support/start-api.ts";

const secret = "THE-SECRET-CODE";
const message: TextMessage = {
  kind: "sms",
  messageId: "0198c0de-0000-7000-8000-000000000001",
  to: "+41446681800",
  text: `Ihr Code: ${secret}\n\n@login.customer.example #${secret} & {to} "ü"`,
};
const never = new AbortController().signal;
const { accountSid, credentials, messageSid } = twilioAccount;

function twilio(baseUrl: string, changes: Partial<TwilioSettings> = {}) {
  return twilioProvider({
    name: "twilio-1",
    accountSid,
    credentials,
    sender: { from: "+15005550006" },
    baseUrl,
    ...changes,
  });
}

describe("Twilio", () => {
  test("gets number, text and sender, under the account's key", async () => {
    const api = await startTwilio();
    expect(await twilio(api.url).send(message, never)).toEqual({ kind: "sent", reference: messageSid });
    const form = new URLSearchParams(api.requests[0]?.body);
    expect(Object.fromEntries(form)).toEqual({ To: message.to, Body: message.text, From: "+15005550006" });
  });

  test("gets a messaging service instead of a number", async () => {
    const api = await startTwilio();
    const sender = { messagingServiceSid: "MG0123456789abcdef0123456789abcdef" };
    expect(await twilio(api.url, { sender }).send(message, never)).toMatchObject({ kind: "sent" });
    const form = Object.fromEntries(new URLSearchParams(api.requests[0]?.body));
    expect(form).toEqual({ To: message.to, Body: message.text, MessagingServiceSid: sender.messagingServiceSid });
  });

  test.each([21211, 21610, 21614])("code %i is the last word on the number", async (code) => {
    const api = await startTwilio();
    const outcome = await twilio(api.url).send({ ...message, to: `+4144${code}` }, never);
    expect(outcome).toEqual({ kind: "refused", problem: `answered 400, code ${code}` });
  });

  test.each([21408, 21606, 21612, 21999])(
    "code %i is about the account: another provider may bring it",
    async (code) => {
      const api = await startTwilio();
      const outcome = await twilio(api.url).send({ ...message, to: `+4144${code}` }, never);
      expect(outcome).toEqual({ kind: "failed", problem: `answered 400, code ${code}` });
    },
  );

  test("says when it is busy, and how long it wants to be left alone", async () => {
    const api = await startTwilio();
    const busy = await twilio(api.url).send({ ...message, to: "+4144620429" }, never);
    expect(busy).toEqual({ kind: "failed", problem: "answered 429, code 20429", retryAfterMs: 7000 });
    const down = await twilio(api.url).send({ ...message, to: "+4144620500" }, never);
    expect(down).toEqual({ kind: "failed", problem: "answered 503, code 20500" });
  });

  test("a wrong key is a failure, and is not repeated in the problem", async () => {
    const api = await startTwilio();
    const wrong = { user: credentials.user, password: "another-secret" };
    const outcome = await twilio(api.url, { credentials: wrong }).send(message, never);
    expect(outcome).toEqual({ kind: "failed", problem: "answered 401, code 20003" });
  });
});

describe.each([
  ["Twilio", (url: string, timeoutMs?: number) => twilio(url, timeoutMs === undefined ? {} : { timeoutMs })],
  ["any API", (url: string, timeoutMs?: number) => http(url, timeoutMs === undefined ? {} : { timeoutMs })],
])("%s", (_, open) => {
  // Guard: ASVS 5.0 15.3.2.
  test.each([301, 302, 303, 307, 308])("a redirect (%i) is not followed", async (status) => {
    const elsewhere = await startApi(() => ({ status: 200 }));
    const api = await startApi(() => ({ status, headers: { location: `${elsewhere.url}/` } }));
    expect(await open(api.url).send(message, never)).toEqual({ kind: "failed", problem: `answered ${status}` });
    expect(elsewhere.requests).toEqual([]);
  });

  test("a line that is dropped, and one where nobody listens, are failures of a named kind", async () => {
    const api = await startApi(() => "drop");
    expect(await open(api.url).send(message, never)).toEqual({
      kind: "failed",
      problem: expect.stringMatching(/^no answer \((UND_ERR_SOCKET|ECONNRESET)\)$/),
    });
    expect(await open("http://127.0.0.1:1").send(message, never)).toEqual({
      kind: "failed",
      problem: expect.stringMatching(/^no answer \(.+\)$/),
    });
  });

  test("a server that never answers is left, by its own time and by the caller's", async () => {
    const giveUp = new AbortController();
    const api = await startApi(() => "hang");
    expect(await open(api.url, 20).send(message, never)).toEqual({
      kind: "failed",
      problem: "no answer (TimeoutError)",
    });
    const hanging = await startApi(() => {
      giveUp.abort();
      return "hang";
    });
    const outcome = await open(hanging.url).send(message, giveUp.signal);
    expect(outcome).toEqual({ kind: "failed", problem: "no answer (AbortError)" });
  });

  // Guard: ASVS 5.0 16.2.5.
  test.each([200, 400, 401, 500])("answered %i: number and text are not in what is kept of it", async (status) => {
    const api = await startApi(({ body }) => ({ status, headers: { "x-echo": encodeURIComponent(body) }, body }));
    const outcome = await open(api.url).send(message, never);
    expect(JSON.stringify(outcome)).not.toMatch(/446681800|SECRET/);
  });

  test("an answer that goes on for ever is not read to its end", async () => {
    const api = await startApi(() => ({ status: 201, body: "x".repeat(128 * 1024), isEndless: true }));
    expect(await open(api.url).send(message, never)).toEqual({ kind: "sent" });
  });

  // Guard: ASVS 5.0 12.2.1.
  test.each(["http://api.provider.example", "http://192.0.2.1", "ftp://127.0.0.1", "not an address"])(
    "%s is refused as an address",
    (url) => {
      expect(() => open(url)).toThrow(TypeError);
    },
  );

  test.each([
    ["7", 7000],
    ["0", 0],
    ["999999999", 3_600_000],
  ])("asks to wait %s seconds: at most an hour", async (value, retryAfterMs) => {
    const api = await startApi(() => ({ status: 503, headers: { "retry-after": value } }));
    expect(await open(api.url).send(message, never)).toMatchObject({ kind: "failed", retryAfterMs });
  });

  test.each(["soon", "-1", "1e3", "Wed, 21 Oct 2026 07:28:00 GMT"])(
    "waiting until %s is not understood",
    async (value) => {
      const api = await startApi(() => ({ status: 503, headers: { "retry-after": value } }));
      expect(await open(api.url).send(message, never)).toEqual({ kind: "failed", problem: "answered 503" });
    },
  );
});

describe("any API", () => {
  test("JSON: values stand where the template names them, and nowhere else", async () => {
    const api = await startApi(() => ({ status: 202 }));
    const value = {
      messages: [
        { recipient: "{to}", "text {to}": "<{text}>", id: "{message_id}", priority: 1, flash: false, none: null },
      ],
    };
    const provider = http(api.url, { body: { encoding: "json", value } });
    expect(await provider.send(message, never)).toEqual({ kind: "sent" });
    expect(api.requests[0]).toMatchObject({
      method: "POST",
      path: "/send?app=rekey",
      headers: { "content-type": "application/json", authorization: "Bearer the-key" },
    });
    // Incident: C17 (what a value says is not read again).
    expect(JSON.parse(api.requests[0]?.body ?? "")).toEqual({
      messages: [
        {
          recipient: message.to,
          "text {to}": `<${message.text}>`,
          id: message.messageId,
          priority: 1,
          flash: false,
          none: null,
        },
      ],
    });
  });

  test("a form: a value opens no field", async () => {
    const api = await startApi(() => ({ status: 200 }));
    const provider = http(api.url, {
      method: "PUT",
      body: { encoding: "form", fields: { to: "{to}", text: "{text}" } },
    });
    const text = "a&to=+15005550006\r\n=%26{to}";
    expect(await provider.send({ ...message, text }, never)).toEqual({ kind: "sent" });
    expect(api.requests[0]).toMatchObject({
      method: "PUT",
      headers: { "content-type": "application/x-www-form-urlencoded" },
    });
    expect([...new URLSearchParams(api.requests[0]?.body)]).toEqual([
      ["to", message.to],
      ["text", text],
    ]);
  });

  test.each([
    { status: 404, problem: "answered 404" },
    { status: 429, problem: "answered 429" },
    { status: 500, problem: "answered 500" },
  ])("answered $status: a failure, because what it means differs from API to API", async ({ status, problem }) => {
    const api = await startApi((): ApiReply => ({ status }));
    expect(await http(api.url).send(message, never)).toEqual({ kind: "failed", problem });
  });

  test("a place that nobody knows, and a header that is none, are found at the start", () => {
    const unknown = { encoding: "form", fields: { to: "{number}" } } as const;
    expect(() => http("https://api.provider.example", { body: unknown })).toThrow("{number} is not known");
    const headers = { "x-key": "a\r\nx-other: b" };
    expect(() => http("https://api.provider.example", { headers })).toThrow(TypeError);
  });
});

function http(url: string, changes: Partial<HttpProviderSettings> = {}) {
  return httpSmsProvider({
    name: "http-1",
    method: "POST",
    url: URL.canParse(url) ? `${url}/send?app=rekey` : url,
    headers: { authorization: "Bearer the-key" },
    body: { encoding: "form", fields: { to: "{to}", text: "{text}", id: "{message_id}" } },
    ...changes,
  });
}
