// Does a message that was accepted reach its person? From the courier's door over the outbox to real servers.

import { createSecretKey, randomUUID } from "node:crypto";
import { readFile, readdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { simpleParser } from "mailparser";
import { describe, expect, onTestFinished, test } from "vitest";

import { makeAttemptMessage, type MessageChannels } from "../../src/delivery/attempt-message.ts";
import type { OutgoingMessage } from "../../src/delivery/courier.ts";
import { outboxCourier } from "../../src/delivery/outbox-courier.ts";
import { openOutbox } from "../../src/delivery/outbox/open-outbox.ts";
import type { Delivery, DeliveryRecord } from "../../src/delivery/outbox/outbox.ts";
import { makeSeal } from "../../src/delivery/seal.ts";
import { makeSendByChannel } from "../../src/delivery/send-by-channel.ts";
import { twilioProvider } from "../../src/delivery/sms/twilio-provider.ts";
import { smtpProvider } from "../../src/delivery/smtp/smtp-provider.ts";
import { liquidTemplates } from "../../src/delivery/templates/liquid-templates.ts";
import type { MessageSender } from "../../src/delivery/write-message.ts";
import { openDatabase } from "../../src/sqlite/database.ts";
import { hour, minute } from "../../src/units.ts";
import { fakeClock } from "../support/fake-clock.ts";
import { startTwilio, twilioAccount } from "../support/start-api.ts";
import { startSmtpServer, tlsFixture } from "../support/start-smtp-server.ts";

const ring = (id: number) => [{ id, key: createSecretKey(Buffer.alloc(32, id)) }];
const templates = await liquidTemplates({ realms: [{ id: "customer", defaultLanguage: "en" }] });
const customer: MessageSender = {
  from: { name: "Customer", address: "no-reply@customer.example" },
  brandName: "Customer",
  contact: "help@customer.example",
  smsPrefixes: ["+41"],
};
const secret = "7H3K2MQ4";
const never = new AbortController().signal;

function makeMessage(changes: Partial<OutgoingMessage> = {}, now = Date.now()): OutgoingMessage {
  return {
    id: randomUUID(),
    realmId: "customer",
    userId: "ann",
    channel: "email",
    recipient: "ann@people.example",
    template: "password_reset",
    language: "en",
    requestNumber: "7F3K-2MQ4",
    values: {
      displayName: "Ann",
      loginName: "ann",
      link: `https://login.customer.example/reset#code=${secret}`,
      code: secret,
      secret,
      vetoLink: "",
      fromAddress: "192.0.2.7",
    },
    createdAt: now,
    expiresAt: now + hour,
    ...changes,
  };
}

function smtp(name: string, port: number) {
  return smtpProvider({ name, host: "localhost", port, security: "tls", ca: tlsFixture("certificate") });
}

function overMail(...ports: readonly number[]): MessageChannels {
  const email = makeSendByChannel(ports.map((port, i) => smtp(`smtp-${i + 1}`, port)));
  onTestFinished(async () => await email.close());
  return { email };
}

function overText(baseUrl: string): MessageChannels {
  const { accountSid, credentials } = twilioAccount;
  const provider = twilioProvider({
    name: "twilio-1",
    accountSid,
    credentials,
    sender: { from: "+15005550006" },
    baseUrl,
  });
  return { sms: makeSendByChannel([provider]) };
}

describe("through the outbox", () => {
  async function openAll(channels: MessageChannels) {
    const directory = await mkdtemp(join(tmpdir(), "rekey-delivery-"));
    const database = openDatabase(join(directory, "rekey.db"));
    const faults: unknown[] = [];
    const outbox = await openOutbox({ kind: "embedded", database }, { onFault: (cause) => void faults.push(cause) });
    const { seal, unseal } = makeSeal(ring(1));
    const ended = Promise.withResolvers<void>();
    const attempt = makeAttemptMessage({
      unseal,
      templates,
      channels,
      senderOf: (realmId) => (realmId === "customer" ? customer : undefined),
      clock: { now: Date.now },
      random: () => 0,
    });
    onTestFinished(async () => {
      await outbox.close({ graceMs: 0 });
      database.close();
      await rm(directory, { recursive: true, force: true });
      expect(faults).toEqual([]);
    });
    return {
      courier: outboxCourier({ outbox, seal, templates, brings: () => true }),
      start: () =>
        outbox.start(
          async (...given) => {
            const outcome = await attempt(...given);
            if (outcome.kind !== "retry") ended.resolve();
            return outcome;
          },
          { concurrency: 1 },
        ),
      /** The record, once the outbox has written the end of it. */
      async record(id: string): Promise<DeliveryRecord | undefined> {
        await ended.promise;
        return await expect
          .poll(async () => await outbox.find("customer", id))
          .not.toMatchObject({ state: "waiting" })
          .then(async () => await outbox.find("customer", id));
      },
      async dump(): Promise<string> {
        const names = await readdir(directory);
        return (await Promise.all(names.map(async (name) => await readFile(join(directory, name), "latin1")))).join("");
      },
    };
  }

  test("a reset's mail arrives, with link, code and the number that the log has", async () => {
    const server = await startSmtpServer({ security: "tls" });
    const { courier, start, record, dump } = await openAll(overMail(server.port));
    const message = makeMessage();
    expect(await courier.accept(message)).toEqual({ kind: "accepted" });

    // Guard: ASVS 5.0 16.2.5. Incident: C24 (nothing of it rests in clear).
    const atRest = await dump();
    expect(atRest).toContain(message.id);
    expect(atRest).not.toMatch(new RegExp(`${secret}|people\\.example|192\\.0\\.2\\.7`));

    start();
    expect(await record(message.id)).toMatchObject({
      state: "delivered",
      deliveredBy: "smtp-1",
      requestNumber: "7F3K-2MQ4",
      subject: "password_reset",
    });
    expect(server.mails).toHaveLength(1);
    expect(server.mails[0]?.recipients).toEqual(["ann@people.example"]);
    const parsed = await simpleParser(server.mails[0]?.raw ?? "");
    expect(parsed.messageId).toBe(`<${message.id}@customer.example>`);
    expect(parsed.headers.get("x-request-number")).toBe("7F3K-2MQ4");
    for (const body of [parsed.text, parsed.html]) {
      expect(body).toContain(message.values.link);
      expect(body).toContain(secret);
      expect(body).toContain("7F3K-2MQ4");
    }
  });

  test("the second provider brings it in the same attempt when the first is down", async () => {
    const broken = await startSmtpServer({ security: "tls", onConnect: () => "421 4.3.2 going down" });
    const server = await startSmtpServer({ security: "tls" });
    const { courier, start, record } = await openAll(overMail(broken.port, server.port));
    const message = makeMessage();
    await courier.accept(message);
    start();
    expect(await record(message.id)).toMatchObject({ state: "delivered", deliveredBy: "smtp-2", attempts: 1 });
  });

  test("a server that says later, and then yes, gets it once", async () => {
    let times = 0;
    const server = await startSmtpServer({
      security: "tls",
      onRecipient: () => ((times += 1) < 3 ? "451 4.7.1 grey-listed" : undefined),
    });
    const { courier, start, record } = await openAll(overMail(server.port));
    const message = makeMessage();
    await courier.accept(message);
    start();
    expect(await record(message.id)).toMatchObject({ state: "delivered", attempts: 3 });
    expect(server.mails).toHaveLength(1);
  });

  test("a refused recipient is a dead letter at once, without the address", async () => {
    const server = await startSmtpServer({ security: "tls", onRecipient: () => "550 5.1.1 ann@people.example who?" });
    const other = await startSmtpServer({ security: "tls" });
    const { courier, start, record } = await openAll(overMail(server.port, other.port));
    const message = makeMessage();
    await courier.accept(message);
    start();
    const dead = await record(message.id);
    expect(dead).toMatchObject({ state: "dead", attempts: 1, problem: "smtp-1: RCPT TO was answered 550 5.1.1" });
    expect(JSON.stringify(dead)).not.toMatch(/people|7H3K/);
    expect(other.connections()).toBe(0);
  });
});

describe("one attempt", () => {
  const clock = fakeClock();
  const { seal, unseal } = makeSeal(ring(1));

  function toDeliver(message: OutgoingMessage, changes: Partial<Delivery> = {}): Delivery {
    const { id, realmId, userId, createdAt, expiresAt, channel, template } = message;
    return {
      id,
      realmId,
      userId,
      createdAt,
      expiresAt,
      target: { kind: channel },
      subject: template,
      requestNumber: "7F3K-2MQ4",
      payload: seal(id, Buffer.from(JSON.stringify(message))),
      ...changes,
    };
  }

  function attemptOver(channels: MessageChannels, changes: Partial<Parameters<typeof makeAttemptMessage>[0]> = {}) {
    const senderOf = (realmId: string) => (realmId === "customer" ? customer : undefined);
    const attempt = makeAttemptMessage({ unseal, templates, channels, senderOf, clock, random: () => 0.5, ...changes });
    return async (message: OutgoingMessage, attempts = 0, delivery: Partial<Delivery> = {}, signal = never) =>
      await attempt(toDeliver(message, delivery), attempts, signal);
  }

  const now = () => clock.now();

  test("a failure waits longer from attempt to attempt", async () => {
    const server = await startSmtpServer({ security: "tls", onRecipient: () => "451 4.3.0 later" });
    const attempt = attemptOver(overMail(server.port));
    const problem = "smtp-1: RCPT TO was answered 451 4.3.0";
    expect(await attempt(makeMessage({}, now()), 0)).toEqual({ kind: "retry", problem, delayMs: 1000 });
    expect(await attempt(makeMessage({}, now()), 2)).toEqual({ kind: "retry", problem, delayMs: 4000 });
  });

  test("a provider that wants to be left alone longer is", async () => {
    const api = await startTwilio();
    const attempt = attemptOver(overText(api.url));
    const message = makeMessage({ channel: "sms", recipient: "+4144620429" }, now());
    expect(await attempt(message)).toMatchObject({ kind: "retry", delayMs: 7000 });
    expect(await attempt(message, 5)).toMatchObject({ kind: "retry", delayMs: 32_000 });
  });

  test("an attempt that would come too late is given up now", async () => {
    const server = await startSmtpServer({ security: "tls", onRecipient: () => "451 4.3.0 later" });
    const attempt = attemptOver(overMail(server.port));
    const late = (left: number) => makeMessage({ expiresAt: now() + left }, now());
    expect(await attempt(late(1001))).toMatchObject({ kind: "retry", delayMs: 1000 });
    expect(await attempt(late(1000))).toMatchObject({
      kind: "dead",
      problem: expect.stringMatching(/expires before the next attempt$/),
    });
  });

  test("a message past its time is not sent", async () => {
    const server = await startSmtpServer({ security: "tls" });
    const message = makeMessage({ expiresAt: now() }, now());
    expect(await attemptOver(overMail(server.port))(message)).toMatchObject({ kind: "dead" });
    expect(server.connections()).toBe(0);
  });

  test("what we stop ourselves goes on later, and dies of nothing", async () => {
    const giveUp = new AbortController();
    const server = await startSmtpServer({
      security: "tls",
      onMail: () => {
        giveUp.abort();
        return "hang";
      },
    });
    const message = makeMessage({ expiresAt: now() + 1 }, now());
    const outcome = await attemptOver(overMail(server.port))(message, 9, {}, giveUp.signal);
    expect(outcome).toMatchObject({ kind: "retry", delayMs: 0 });
  });

  test("a text message says its code for one site", async () => {
    const api = await startTwilio();
    const message = makeMessage({ channel: "sms", recipient: "+41446681800" }, now());
    expect(await attemptOver(overText(api.url))(message)).toEqual({ kind: "delivered", by: "twilio-1" });
    const form = new URLSearchParams(api.requests[0]?.body);
    expect(form.get("To")).toBe("+41446681800");
    expect(form.get("Body")).toMatch(new RegExp(`${secret}[^]*\n\n@login\\.customer\\.example #${secret}$`));
  });

  test.each([
    ["a country that is not named", "+493012345678", "text messages to this country are not allowed"],
    ["two numbers", "+41446681800,+41446681801", "the recipient is not one plain number"],
  ])("%s gets no text message", async (_, recipient, problem) => {
    const api = await startTwilio();
    const message = makeMessage({ channel: "sms", recipient }, now());
    expect(await attemptOver(overText(api.url))(message)).toEqual({ kind: "dead", problem });
    expect(api.requests).toEqual([]);
  });

  test("a text of many segments is not paid for", async () => {
    const api = await startTwilio();
    const values = { ...makeMessage().values, link: `https://login.customer.example/${"x".repeat(700)}` };
    const message = makeMessage({ channel: "sms", recipient: "+41446681800", values }, now());
    expect(await attemptOver(overText(api.url))(message)).toMatchObject({
      kind: "dead",
      problem: expect.stringMatching(/^the text takes \d+ segments, the most is 4$/),
    });
    expect(api.requests).toEqual([]);
  });

  // Incident: C8, C17. Guard: ASVS 5.0 1.3.11.
  test.each([
    '<a href="//evil.example">Ann</a>',
    "{{ code }}{{.Code}}{% raw %}",
    "Ann\r\nBcc: eve@attacker.example\r\n\r\nHello",
    'Ann" <eve@attacker.example>, "',
  ])("a person called %j is a person", async (displayName) => {
    const server = await startSmtpServer({ security: "tls" });
    const values = { ...makeMessage().values, displayName, loginName: displayName, code: "" };
    const attempt = attemptOver(overMail(server.port));
    expect(await attempt(makeMessage({ values }, now()))).toEqual({ kind: "delivered", by: "smtp-1" });
    expect(server.mails[0]?.recipients).toEqual(["ann@people.example"]);
    const parsed = await simpleParser(server.mails[0]?.raw ?? "");
    expect(parsed.headers.has("bcc")).toBe(false);
    expect(parsed.to).toMatchObject({ text: "ann@people.example" });
    expect(parsed.html).not.toContain('<a href="//evil.example">');
    expect(parsed.text).toContain(displayName.split("\r")[0]);
  });

  test.each([
    "ann@people.example, eve@attacker.example",
    '"eve@attacker.example x"@people.example',
    "ann@people.example\r\nRCPT TO:<eve@attacker.example>",
  ])("a stored address such as %j is a dead letter", async (recipient) => {
    const server = await startSmtpServer({ security: "tls" });
    expect(await attemptOver(overMail(server.port))(makeMessage({ recipient }, now()))).toEqual({
      kind: "dead",
      problem: "smtp-1: the recipient is not one plain address",
    });
    expect(server.connections()).toBe(0);
  });

  test("a payload that was changed is a dead letter; one under a newer key waits for a restart", async () => {
    const attempt = attemptOver({});
    const message = makeMessage({}, now());
    expect(await attempt(message, 0, { payload: Buffer.alloc(100, 1) })).toMatchObject({ kind: "dead" });
    const newer = makeSeal(ring(2)).seal(message.id, Buffer.from(JSON.stringify(message)));
    expect(await attempt(message, 0, { payload: newer })).toMatchObject({
      kind: "retry",
      problem: "sealed under key 2, which is not in the ring",
    });
  });

  test("what only the configuration lacks is tried again", async () => {
    const server = await startSmtpServer({ security: "tls" });
    const over = overMail(server.port);
    const text = makeMessage({ channel: "sms", recipient: "+41446681800" }, now());
    expect(await attemptOver(over)(text)).toMatchObject({
      kind: "retry",
      problem: expect.stringContaining("text messages"),
    });
    expect(await attemptOver({})(makeMessage({}, now()))).toMatchObject({
      kind: "retry",
      problem: expect.stringContaining("mail"),
    });
    expect(await attemptOver(over)(makeMessage({ realmId: "other" }, now()))).toMatchObject({
      kind: "retry",
      problem: "the realm has no sender",
    });
    expect(await attemptOver(over)(makeMessage({ template: "of nobody" }, now()))).toMatchObject({
      kind: "retry",
      problem: "the template could not be filled in",
    });
    expect(server.connections()).toBe(0);
  });

  test("a message that comes late does not promise more time than there is", async () => {
    const server = await startSmtpServer({ security: "tls" });
    const attempt = attemptOver(overMail(server.port));
    for (const left of [hour, 10 * minute, 24 * hour, 24 * hour - 3 * minute]) {
      await attempt(makeMessage({ expiresAt: now() + left }, now()));
    }
    const texts = await Promise.all(server.mails.map(async ({ raw }) => (await simpleParser(raw)).text));
    expect(texts.map((text) => /\b\d+ (?:minutes|hours)\b/.exec(text ?? "")?.[0])).toEqual([
      "60 minutes",
      "10 minutes",
      "24 hours",
      "23 hours",
    ]);
  });
});
