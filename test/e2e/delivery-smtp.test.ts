// Does a mail arrive as it was meant, or not at all? Over real SMTP, with and without TLS, at servers in every mood.

import { generateKeyPairSync } from "node:crypto";
import { once } from "node:events";
import { createServer, type AddressInfo } from "node:net";

import { simpleParser } from "mailparser";
import { describe, expect, onTestFinished, test } from "vitest";

import type { Mail } from "../../src/delivery/provider.ts";
import { smtpProvider, type SmtpSettings } from "../../src/delivery/smtp/smtp-provider.ts";
import { startSmtpServer, tlsFixture, type SmtpReply } from "../support/start-smtp-server.ts";
import { verifyDkim } from "../support/verify-dkim.ts";

const secret = "THE-SECRET-CODE";
const mail: Mail = {
  kind: "email",
  messageId: "0198c0de-0000-7000-8000-000000000001",
  from: { name: 'Müller & Söhne, "Konto" <hilfe>', address: "no-reply@customer.example" },
  to: "ann@people.example",
  subject: "Passwort zurücksetzen",
  text: `Hallo Ann,\n\nder Code ist ${secret}.\n`,
  html: `<p>Hallo Ann,</p><p>der Code ist <b>${secret}</b>.</p>`,
  language: "de-CH",
  headers: { "X-Request-Number": "7F3K-2MQ4" },
};

const never = new AbortController().signal;

function open(settings: Partial<SmtpSettings> & Pick<SmtpSettings, "port">) {
  const provider = smtpProvider({
    name: "smtp-1",
    host: "localhost",
    security: "starttls",
    ca: tlsFixture("certificate"),
    ...settings,
  });
  onTestFinished(async () => await provider.close());
  return provider;
}

describe("what arrives", () => {
  test.each(["starttls", "tls", "none"] as const)("%s: the whole mail, to the one address", async (security) => {
    const server = await startSmtpServer({ security });
    const outcome = await open({ port: server.port, security }).send(mail, never);
    expect(outcome).toEqual({ kind: "sent" });
    const [received] = server.mails;
    expect(received).toMatchObject({
      sender: "no-reply@customer.example",
      recipients: ["ann@people.example"],
      isEncrypted: security !== "none",
    });
    const parsed = await simpleParser(received?.raw ?? "");
    expect(parsed.from?.value).toEqual([{ name: mail.from.name, address: "no-reply@customer.example" }]);
    expect(parsed.to).toMatchObject({ text: "ann@people.example" });
    expect(parsed.subject).toBe(mail.subject);
    expect(parsed.text?.trim()).toBe(mail.text.trim());
    expect(parsed.html).toBe(mail.html);
    expect(parsed.messageId).toBe("<0198c0de-0000-7000-8000-000000000001@customer.example>");
    expect(Object.fromEntries(parsed.headers)).toMatchObject({
      "auto-submitted": "auto-generated",
      "x-auto-response-suppress": "All",
      "content-language": "de-CH",
      "x-request-number": "7F3K-2MQ4",
    });
    // Guard: ASVS 5.0 13.4.6 (no software names itself).
    expect(received?.raw.toString()).not.toMatch(/nodemailer|x-mailer/i);
  });

  test("letters of other scripts stand in the domain as DNS knows it, in the local part as they are", async () => {
    const server = await startSmtpServer({ security: "tls" });
    const provider = open({ port: server.port, security: "tls" });
    expect(await provider.send({ ...mail, to: "ann@bücher.example" }, never)).toEqual({ kind: "sent" });
    expect(await provider.send({ ...mail, to: "änn@bücher.example" }, never)).toEqual({ kind: "sent" });
    const headers = server.mails.map(({ raw }) => /^To: (.*)\r$/m.exec(raw.toString())?.[1]);
    expect(headers).toEqual(["ann@xn--bcher-kva.example", "änn@bücher.example"]);
    expect(server.mails.map(({ recipients }) => recipients)).toEqual([["ann@bücher.example"], ["änn@bücher.example"]]);
  });

  test("one connection carries several mails", async () => {
    const server = await startSmtpServer({ security: "starttls" });
    const provider = open({ port: server.port });
    for (let i = 0; i < 3; i += 1) expect(await provider.send(mail, never)).toEqual({ kind: "sent" });
    expect(server.mails).toHaveLength(3);
    expect(server.connections()).toBe(1);
  });

  test("it is signed, and the signature is good until a letter changes", async () => {
    const { privateKey, publicKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
    const server = await startSmtpServer({ security: "tls" });
    const dkim = { domain: "customer.example", selector: "rekey1", key: privateKey };
    await open({ port: server.port, security: "tls", dkim }).send(mail, never);
    const raw = server.mails[0]?.raw ?? Buffer.alloc(0);
    const verdict = verifyDkim(raw, publicKey);
    expect(verdict).toMatchObject({ isGood: true, domain: "customer.example", selector: "rekey1" });
    expect(verdict.signedHeaders).toEqual(expect.arrayContaining(["from", "to", "subject", "date", "message-id"]));
    const changed = (from: string, to: string) => Buffer.from(raw.toString("latin1").replace(from, to), "latin1");
    expect(verifyDkim(changed("people.example", "people.invalid"), publicKey).isGood).toBe(false);
    expect(verifyDkim(changed("SECRET", "PUBLIC"), publicKey).isGood).toBe(false);
  });

  test("a key that would not sign is refused before anything is sent", () => {
    const { privateKey, publicKey } = generateKeyPairSync("ed25519");
    for (const key of [privateKey, publicKey]) {
      expect(() => open({ port: 25, dkim: { domain: "customer.example", selector: "s", key } })).toThrow(/RSA/);
    }
  });
});

// Guard: ASVS 5.0 12.2.1, 12.3.1, 12.3.2.
describe("the way there", () => {
  test("the user is named over TLS, and a wrong password is a failure", async () => {
    const auth = { user: "rekey", password: "the-password-of-smtp" };
    const server = await startSmtpServer({ security: "starttls", auth });
    expect(await open({ port: server.port, auth }).send(mail, never)).toEqual({ kind: "sent" });
    expect(server.mails[0]).toMatchObject({ user: "rekey", isEncrypted: true });
    const wrong = open({ port: server.port, auth: { ...auth, password: "guess" } });
    expect(await wrong.send(mail, never)).toEqual({
      kind: "failed",
      problem: expect.stringMatching(/^AUTH PLAIN was answered 535/),
    });
  });

  test("a server that offers no STARTTLS gets no mail in clear", async () => {
    const server = await startSmtpServer({ security: "none" });
    expect(await open({ port: server.port }).send(mail, never)).toMatchObject({ kind: "failed" });
    expect(server.mails).toEqual([]);
  });

  test.each(["starttls", "tls"] as const)(
    "%s: a certificate that nobody vouches for gets no mail",
    async (security) => {
      const server = await startSmtpServer({ security });
      const provider = smtpProvider({ name: "smtp-1", host: "localhost", port: server.port, security });
      onTestFinished(async () => await provider.close());
      expect(await provider.send(mail, never)).toMatchObject({ kind: "failed" });
      expect(server.mails).toEqual([]);
    },
  );

  test.each(["starttls", "tls"] as const)("%s: a good certificate of another host gets no mail", async (security) => {
    const server = await startSmtpServer({ security, certificate: "other host" });
    const provider = open({ port: server.port, security, ca: tlsFixture("other-host-certificate") });
    expect(await provider.send(mail, never)).toMatchObject({ kind: "failed" });
    expect(server.mails).toEqual([]);
  });

  test.each(["smtp.customer.example", "192.0.2.1", "127.0.0.1.customer.example", "0.0.0.0"])(
    "%s is not spoken to without TLS",
    (host) => {
      expect(() => open({ port: 25, security: "none", host })).toThrow("this machine only");
    },
  );
});

describe("what a server answers", () => {
  const answers: [string, "refused" | "failed", string, Record<string, () => SmtpReply>][] = [
    [
      "the recipient does not exist",
      "refused",
      "RCPT TO was answered 550 5.1.1",
      on("onRecipient", "550 5.1.1 <ann@people.example> who?"),
    ],
    ["the mailbox is closed", "refused", "RCPT TO was answered 550", on("onRecipient", "550 no ann@people.example")],
    [
      "it does not relay for us",
      "failed",
      "RCPT TO was answered 554 5.7.1",
      on("onRecipient", "554 5.7.1 ann@people.example: Relay access denied"),
    ],
    [
      "it is grey-listing",
      "failed",
      "RCPT TO was answered 451 4.7.1",
      on("onRecipient", "451 4.7.1 ann@people.example: try later"),
    ],
    [
      "it does not like the sender",
      "failed",
      "MAIL FROM was answered 550 5.1.8",
      on("onSender", "550 5.1.8 no-reply@customer.example"),
    ],
    ["it does not like the text", "failed", "DATA was answered 554 5.6.0", on("onMail", `554 5.6.0 spam: ${secret}`)],
    ["it is full", "failed", "DATA was answered 452 4.3.1", on("onMail", "452 4.3.1 full")],
    ["it is going down", "failed", "CONN was answered 421", on("onConnect", "421 4.3.2 bye ann@people.example")],
  ];
  test.each(answers)("%s: %s", async (_, kind, problem, moods) => {
    const server = await startSmtpServer({ security: "tls", ...moods });
    const outcome = await open({ port: server.port, security: "tls" }).send(mail, never);
    // Guard: ASVS 5.0 16.2.5 (no address, no code in what is kept of it).
    expect(outcome).toEqual({ kind, problem: expect.stringMatching(new RegExp(`^${problem}`)) });
    expect(JSON.stringify(outcome)).not.toMatch(/@|people|secret/i);
  });

  test("a refusal leaves the connection in order for the next mail", async () => {
    const server = await startSmtpServer({
      security: "tls",
      onRecipient: (address) => (address.startsWith("nobody") ? "550 5.1.1 who?" : undefined),
    });
    const provider = open({ port: server.port, security: "tls" });
    expect(await provider.send({ ...mail, to: "nobody@people.example" }, never)).toMatchObject({ kind: "refused" });
    expect(await provider.send(mail, never)).toEqual({ kind: "sent" });
    expect(server.mails.map(({ recipients }) => recipients)).toEqual([["ann@people.example"]]);
  });

  test("a server that drops the line after the text may have the mail: the next attempt has the same id", async () => {
    let times = 0;
    const server = await startSmtpServer({
      security: "starttls",
      onMail: () => ((times += 1) === 1 ? "drop" : undefined),
    });
    const provider = open({ port: server.port });
    expect(await provider.send(mail, never)).toMatchObject({ kind: "failed" });
    // It was not sent a second time by itself.
    expect(server.mails).toHaveLength(1);
    expect(await provider.send(mail, never)).toEqual({ kind: "sent" });
    const parsed = await Promise.all(server.mails.map(async ({ raw }) => await simpleParser(raw)));
    expect(new Set(parsed.map(({ messageId }) => messageId))).toEqual(
      new Set(["<0198c0de-0000-7000-8000-000000000001@customer.example>"]),
    );
  });

  test("a kept connection that the server has left is replaced", async () => {
    let times = 0;
    const server = await startSmtpServer({
      security: "tls",
      onSender: () => ((times += 1) === 2 ? "drop" : undefined),
    });
    const provider = open({ port: server.port, security: "tls" });
    expect(await provider.send(mail, never)).toEqual({ kind: "sent" });
    expect(await provider.send(mail, never)).toEqual({ kind: "sent" });
    expect(server.mails).toHaveLength(2);
  });

  test("a server that hangs up before it greets is tried once more, and left", async () => {
    const server = await startSmtpServer({ security: "none", onConnect: () => "drop" });
    const provider = open({ port: server.port, security: "none" });
    expect(await provider.send(mail, never)).toEqual({ kind: "failed", problem: "sending failed: ECONNECTION" });
    expect(server.connections()).toBe(2);
  });

  test("a server that hangs after the text is left when the caller's time is over", async () => {
    const giveUp = new AbortController();
    const server = await startSmtpServer({
      security: "tls",
      onMail: () => {
        giveUp.abort();
        return "hang";
      },
    });
    const provider = open({ port: server.port, security: "tls" });
    expect(await provider.send(mail, giveUp.signal)).toEqual({ kind: "failed", problem: "sending failed: EABORT" });
  });

  test("a server that never greets, and one that falls silent, are left by themselves", async () => {
    const mute = createServer(() => {}).listen(0, "127.0.0.1");
    await once(mute, "listening");
    onTestFinished(() => void mute.close());
    const { port } = mute.address() as AddressInfo;
    const timeouts = { greetingMs: 20, silenceMs: 20 };
    const outcome = await open({ port, security: "none", timeouts }).send(mail, never);
    expect(outcome).toEqual({ kind: "failed", problem: "CONN failed: ETIMEDOUT" });

    const silent = await startSmtpServer({ security: "none", onSender: () => "hang" });
    const after = await open({ port: silent.port, security: "none", timeouts: { silenceMs: 20 } }).send(mail, never);
    expect(after).toEqual({ kind: "failed", problem: "CONN failed: ETIMEDOUT" });
  });

  test("where nobody listens, the problem names the kind of trouble", async () => {
    const server = createServer().listen(0, "127.0.0.1");
    await once(server, "listening");
    const { port } = server.address() as AddressInfo;
    server.close();
    await once(server, "close");
    const outcome = await open({ port, security: "none" }).send(mail, never);
    expect(outcome).toEqual({ kind: "failed", problem: "CONN failed: ESOCKET ECONNREFUSED" });
  });

  function on(moment: "onConnect" | "onSender" | "onRecipient" | "onMail", reply: SmtpReply) {
    return { [moment]: () => reply };
  }
});

// Incident: C5, C8. Guard: ASVS 5.0 1.3.11, 1.5.3.
describe("what never goes out", () => {
  const hostile: [string, Partial<Mail>][] = [
    ["two recipients", { to: "ann@people.example, eve@attacker.example" }],
    ["two recipients with a semicolon", { to: "ann@people.example;eve@attacker.example" }],
    ["a quoted local part", { to: '"eve@attacker.example x"@people.example' }],
    ["a group", { to: "people: ann@people.example, eve@attacker.example;" }],
    ["nested groups", { to: "a: b: c: eve@attacker.example;;;" }],
    ["a comment", { to: "ann(eve@attacker.example)@people.example" }],
    ["a name beside the address", { to: "Ann <ann@people.example>" }],
    ["a route", { to: "@attacker.example:ann@people.example" }],
    ["an address literal", { to: "ann@[192.0.2.1]" }],
    ["a command behind the address", { to: "ann@people.example>\r\nRCPT TO:<eve@attacker.example" }],
    ["a header behind the address", { to: "ann@people.example\nBcc: eve@attacker.example" }],
    ["an encoded line end in the address", { to: "ann@people.example%0Acc:eve@attacker.example" }],
    ["a NUL in the address", { to: "ann@people.example\u0000" }],
    ["a full-width comma", { to: "ann@people.example\uff0ceve@attacker.example" }],
    ["no address", { to: "" }],
    ["a header in the subject", { subject: "Reset\r\nBcc: eve@attacker.example" }],
    ["a bare line feed in the subject", { subject: "Reset\nBcc: eve@attacker.example" }],
    ["a bare carriage return in the subject", { subject: "Reset\rBcc: eve@attacker.example" }],
    ["a Unicode line end in the subject", { subject: "Reset\u2028Bcc: eve@attacker.example" }],
    ["a header in the sender's name", { from: { name: "A\r\nBcc: eve@attacker.example", address: "a@b.example" } }],
    ["a list as the sender", { from: { name: "A", address: "a@b.example, c@d.example" } }],
    ["a header that steers mail", { headers: { Bcc: "eve@attacker.example" } }],
    ["a second recipient header", { headers: { To: "eve@attacker.example" } }],
    ["a header's name with a line end", { headers: { "X-A: 1\r\nBcc": "eve@attacker.example" } }],
    ["a header's value with a line end", { headers: { "X-A": "1\r\nBcc: eve@attacker.example" } }],
    ["a header in the language", { language: "de\r\nBcc: eve@attacker.example" }],
    ["a header in the message id", { messageId: "1>\r\nBcc: eve@attacker.example" }],
  ];
  test.each(hostile)("%s", async (_, changes) => {
    const server = await startSmtpServer({ security: "tls" });
    const outcome = await open({ port: server.port, security: "tls" }).send({ ...mail, ...changes }, never);
    expect(outcome).toMatchObject({ kind: "refused" });
    expect(JSON.stringify(outcome)).not.toMatch(/attacker|people/);
    expect(server.connections()).toBe(0);
  });

  test("text that looks like commands stays text", async () => {
    const server = await startSmtpServer({ security: "tls" });
    const text = "Hello\r\n.\r\nMAIL FROM:<eve@attacker.example>\r\nRCPT TO:<bob@people.example>\r\n..\r\n";
    await open({ port: server.port, security: "tls" }).send({ ...mail, text }, never);
    expect(server.mails.map(({ recipients }) => recipients)).toEqual([["ann@people.example"]]);
    const parsed = await simpleParser(server.mails[0]?.raw ?? "");
    expect(parsed.text?.trim()).toBe(text.replaceAll("\r\n", "\n").trim());
  });
});
