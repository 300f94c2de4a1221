// Where does mail arrive in a test? At a real SMTP server on a free loopback port, which keeps all it has taken.

import { once } from "node:events";
import { readFileSync } from "node:fs";
import type { AddressInfo, Socket } from "node:net";

import { SMTPServer } from "smtp-server";
import { onTestFinished } from "vitest";

/** A refusal: "550 5.1.1 no such user". `drop` ends the connection, `hang` never answers, `slow` takes its time. */
export type SmtpReply = `${number} ${string}` | "drop" | "hang" | "slow" | undefined;

const slowMs = 50;

export type ReceivedMail = {
  readonly sender: string;
  readonly recipients: readonly string[];
  readonly raw: Buffer;
  readonly isEncrypted: boolean;
  readonly user: string | undefined;
};

export type TestSmtpServer = {
  readonly port: number;
  /** Everything that came to the end of its text, whatever was answered. */
  readonly mails: readonly ReceivedMail[];
  /** How many connections there were. */
  readonly connections: () => number;
};

export type SmtpServerOptions = {
  readonly security: "starttls" | "tls" | "none";
  readonly certificate?: "localhost" | "other host";
  readonly auth?: { readonly user: string; readonly password: string };
  readonly onConnect?: () => SmtpReply;
  readonly onSender?: (address: string) => SmtpReply;
  readonly onRecipient?: (address: string) => SmtpReply;
  readonly onMail?: (mail: ReceivedMail) => SmtpReply;
};

export function tlsFixture(name: "key" | "certificate" | "other-host-key" | "other-host-certificate"): string {
  return readFileSync(new URL(`../fixtures/tls/${name}.pem`, import.meta.url), "utf8");
}

export async function startSmtpServer(options: SmtpServerOptions): Promise<TestSmtpServer> {
  const { security, auth, certificate = "localhost" } = options;
  const prefix = certificate === "localhost" ? "" : "other-host-";
  const mails: ReceivedMail[] = [];
  const sockets = new Set<Socket>();
  let connections = 0;

  const answer = (reply: SmtpReply, done: (error?: Error | null) => void) => {
    if (reply === undefined) return done();
    if (reply === "hang") return;
    if (reply === "slow") return void setTimeout(done, slowMs);
    if (reply === "drop") return sockets.forEach((socket) => socket.destroy());
    done(Object.assign(new Error(reply.slice(4)), { responseCode: Number(reply.slice(0, 3)) }));
  };

  const track = (socket: Socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
  };

  const server = new SMTPServer({
    name: "mx.test",
    secure: security === "tls",
    key: tlsFixture(`${prefix}key` as "key"),
    cert: tlsFixture(`${prefix}certificate` as "certificate"),
    hideSTARTTLS: security !== "starttls",
    disabledCommands: security === "starttls" ? [] : ["STARTTLS"],
    authOptional: auth === undefined,
    disableReverseLookup: true,
    closeTimeout: 1,
    onConnect: (_session, done) => answer(options.onConnect?.(), done),
    onSecure(socket, _session, done) {
      track(socket);
      done();
    },
    onAuth({ username, password }, _session, done) {
      const isRight = auth !== undefined && username === auth.user && password === auth.password;
      if (isRight) done(null, { user: username ?? "" });
      else done(new Error("5.7.8 wrong password for this user"));
    },
    onMailFrom: ({ address }, _session, done) => answer(options.onSender?.(address), done),
    onRcptTo: ({ address }, _session, done) => answer(options.onRecipient?.(address), done),
    onData(stream, session, done) {
      const chunks: Buffer[] = [];
      stream.on("data", (chunk: Buffer) => chunks.push(chunk));
      stream.on("end", () => {
        const { mailFrom, rcptTo } = session.envelope;
        const mail = {
          sender: mailFrom === false ? "" : mailFrom.address,
          recipients: rcptTo.map(({ address }) => address),
          raw: Buffer.concat(chunks),
          isEncrypted: session.secure,
          user: session.user,
        };
        mails.push(mail);
        answer(options.onMail?.(mail), done);
      });
    },
  });
  // Clients that hang up while they are greeted or do not like the certificate are part of the tests.
  server.on("error", () => {});
  server.server.on("connection", (socket: Socket) => {
    connections += 1;
    // Under TLS the outer socket is dropped: Node 24 crashes when the inner one is destroyed during a handshake.
    if (security === "none") track(socket);
  });
  server.listen(0, "127.0.0.1");
  await once(server.server, "listening");
  onTestFinished(async () => await new Promise<void>((resolve) => server.close(resolve)));
  return { port: (server.server.address() as AddressInfo).port, mails, connections: () => connections };
}
