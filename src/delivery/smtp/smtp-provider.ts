// How does a mail go out? Over SMTP, on a few connections that are kept, encrypted and verified.

import type { KeyObject } from "node:crypto";

import { createTransport } from "nodemailer";

import { minute, second, type Milliseconds } from "../../units.ts";
import type { Mail, Provider } from "../provider.ts";
import { composeMail } from "./compose-mail.ts";
import { smtpFailure } from "./smtp-failure.ts";

export type SmtpSettings = {
  /** As in the configuration: "smtp-1". */
  readonly name: string;
  readonly host: string;
  readonly port: number;
  /** `starttls`: never goes on without. `none`: to this machine only. Guard: ASVS 5.0 12.2.1, 12.3.1. */
  readonly security: "starttls" | "tls" | "none";
  /** PEM. Trusted instead of the public authorities, where the server's certificate comes from a private one. */
  readonly ca?: string;
  readonly auth?: { readonly user: string; readonly password: string };
  /** The key is RSA: what verifiers of RFC 6376 all know. */
  readonly dkim?: { readonly domain: string; readonly selector: string; readonly key: KeyObject };
  readonly maxConnections?: number;
  readonly timeouts?: Partial<SmtpTimeouts>;
};

export type SmtpTimeouts = {
  /** Name look-up, connection and TLS. */
  readonly connectMs: Milliseconds;
  readonly greetingMs: Milliseconds;
  /** How long the server may say nothing. */
  readonly silenceMs: Milliseconds;
};

/** Far below the minutes of RFC 5321 §4.5.3.2: somebody waits for the code, and another provider may be faster. */
const defaultTimeouts: SmtpTimeouts = { connectMs: 10 * second, greetingMs: 10 * second, silenceMs: 20 * second };
/** Servers commonly allow 10 to 20 of one client. */
const defaultMaxConnections = 5;
/** Below the 5 minutes that servers wait (RFC 5321 §4.5.3.2.7): we hang up, not they in the middle of a mail. */
const idleMs: Milliseconds = minute;
/** By which address a plain connection goes; names are not asked of a server. */
const loopback = new Map([
  ["localhost", "127.0.0.1"],
  ["127.0.0.1", "127.0.0.1"],
  ["::1", "::1"],
]);

/** Connects with the first mail. Throws where the settings would send in clear. */
export function smtpProvider(settings: SmtpSettings): Provider<Mail> {
  const { name, port, security, ca, auth, dkim, maxConnections = defaultMaxConnections } = settings;
  const timeouts = { ...defaultTimeouts, ...settings.timeouts };
  const host = security === "none" ? loopback.get(settings.host) : settings.host;
  if (host === undefined) throw new TypeError("SMTP without TLS goes to this machine only");

  const transport = createTransport({
    pool: true,
    host,
    port,
    secure: security === "tls",
    requireTLS: security === "starttls",
    ignoreTLS: security === "none",
    // Said aloud, because an environment variable of Node would turn it off.
    tls: { rejectUnauthorized: true, minVersion: "TLSv1.2", ...(ca === undefined ? {} : { ca }) },
    ...(auth === undefined ? {} : { auth: { user: auth.user, pass: auth.password } }),
    ...(dkim === undefined ? {} : { dkim: dkimOptions(dkim) }),
    connectionTimeout: timeouts.connectMs,
    dnsTimeout: timeouts.connectMs,
    greetingTimeout: timeouts.greetingMs,
    socketTimeout: timeouts.silenceMs,
    idleTimeout: idleMs,
    maxConnections,
    // A kept connection that the server has left: once more on a fresh one. No byte of the mail was sent by then.
    maxRequeues: 1,
  });
  // The last look before the wire: one recipient, the stored one. Incident: C8 (a library sent it elsewhere).
  transport.use("stream", ({ message }, done) => {
    const { to, stored } = message.getEnvelope();
    done(to.length === 1 && to[0] === stored ? null : new Error("another recipient than the stored one"));
  });

  return {
    name,
    async send(mail, signal) {
      const composed = composeMail(mail);
      if (composed.kind === "malformed") return { kind: "refused", problem: composed.problem };
      try {
        await transport.sendMail({ ...composed.options, signal });
        return { kind: "sent" };
      } catch (error) {
        return smtpFailure(error);
      }
    },
    async close() {
      // Whoever waits for a mail under way has given it up by now.
      transport.close({ force: true });
    },
  };
}

function dkimOptions({ domain, selector, key }: NonNullable<SmtpSettings["dkim"]>) {
  // Another key would not fail: nodemailer would send without a signature.
  if (key.type !== "private" || key.asymmetricKeyType !== "rsa") throw new TypeError("a DKIM key is a private RSA key");
  return { domainName: domain, keySelector: selector, privateKey: key };
}
