// Which forms of values do settings have beyond text, numbers and yes or no? Durations, keys, digests, links, names.
//
// Each carries what people and editors are told about it: `description`, `x-form` (how it is written), `x-bounds`,
// `x-secret` (may come from a file, see setting-tree.ts). No message quotes a value: it may be a secret.

import { z } from "zod";

import type { Milliseconds } from "../units.ts";
import { durationForm, formatDuration, parseDuration } from "./duration.ts";
import { exampleDigests, exampleKeys } from "./example-keys.ts";
import type { SettingPath } from "./problem.ts";

// A configuration is read once: to make code of each schema with `new Function` takes longer than to do without.
z.config({ jitless: true });

/** Said of what is not written as it should be. */
export const wrongForm = "It is not written in a form that is known here.";

/** A length of time from `min` to `max`; milliseconds after validation. */
export function duration(description: string, min: Milliseconds, max: Milliseconds) {
  const bounds = `${formatDuration(min)} to ${formatDuration(max)}`;
  return z
    .string()
    .regex(durationForm)
    .meta({
      description,
      "x-form": "a duration like 90s, 10m or 72h",
      "x-bounds": bounds,
    })
    .transform((text, context) => {
      const durationMs = parseDuration(text);
      if (durationMs !== undefined && durationMs >= min && durationMs <= max) return durationMs;
      context.addIssue(custom("It is out of bounds.", `Use ${bounds}.`));
      return z.NEVER;
    });
}

/** Guard: ASVS 5.0 11.2.3 (at least 128 bits of security); 32 bytes is what `openssl rand -base64 32` prints. */
const fewestKeyBytes = 32;
/** Random bytes repeat: 32 of them hold 30 different ones on average, fewer than 16 less than once in 10^12 keys. */
const fewestDifferentBytes = 16;

/** A secret key in base64; bytes after validation. */
export function secretKey(description: string) {
  return z
    .string()
    .regex(/^[A-Za-z0-9+/_-]+={0,2}$/)
    .meta({
      description,
      "x-form": "base64 of random bytes",
      "x-bounds": `at least ${fewestKeyBytes} bytes`,
      "x-secret": true,
    })
    .transform((text, context) => {
      const key = Buffer.from(text, "base64");
      if (key.length < fewestKeyBytes) {
        context.addIssue(custom(`It has ${key.length} bytes, ${fewestKeyBytes} are the least.`, makeOne));
      } else if (exampleKeys.has(key.toString("base64"))) {
        context.addIssue(custom("It is an example from the documentation, known to everybody.", makeOne));
      } else if (new Set(key).size < fewestDifferentBytes) {
        context.addIssue(custom("It is not random.", makeOne));
      } else {
        return key;
      }
      return z.NEVER;
    });
}

const makeOne = "Make one with: openssl rand -base64 32";

/** The private half of an Ed25519 key pair; its 32 bytes after validation. Spec: RFC 8032 §5.1.5. */
export function ed25519Seed(description: string) {
  return z
    .string()
    .regex(/^[0-9a-f]{64}$/i)
    .meta({ description, "x-form": "32 random bytes in hexadecimal", "x-secret": true })
    .transform((text, context) => {
      const seed = Buffer.from(text, "hex");
      if (new Set(seed).size >= fewestDifferentBytes) return seed;
      context.addIssue(custom("It is not random.", "Make one with: openssl rand -hex 32"));
      return z.NEVER;
    });
}

/** The digest of an API key; base64url after validation. */
export function apiKeyDigest(description: string) {
  return z
    .string()
    .regex(/^sha256:([0-9a-f]{64}|[A-Za-z0-9_-]{43})$/)
    .meta({ description, "x-form": '"sha256:" and the digest in hexadecimal or base64url' })
    .transform((text, context) => {
      const digits = text.slice("sha256:".length);
      const digest = Buffer.from(digits, digits.length === 64 ? "hex" : "base64url").toString("base64url");
      if (!exampleDigests.has(digest)) return digest;
      context.addIssue(custom("It belongs to an example key, known to everybody.", "Make a key of your own."));
      return z.NEVER;
    });
}

/** An origin that a browser sends. Plain http only from the machine itself. */
export const origin = z
  .string()
  .refine(isOrigin, wrongForm)
  .meta({ "x-form": 'an origin without a path, with https unless it is a loopback: "https://app.example.com"' });

function isOrigin(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { origin, protocol, hostname } = new URL(text);
  const isLoopback = ["localhost", "127.0.0.1", "[::1]"].includes(hostname);
  return origin === text && (protocol === "https:" || (protocol === "http:" && isLoopback));
}

/** A secret that somebody else made: a password, a token. */
export function secretText(description: string) {
  return z.string().min(1).max(2000).meta({ description, "x-secret": true });
}

/** A host that Rekey connects to: a name or an IP address. */
export const host = z
  .string()
  .regex(/^[A-Za-z0-9](?:[A-Za-z0-9.:-]*[A-Za-z0-9])?$/)
  .meta({ "x-form": 'a host name or an IP address: "mail.example.com"' });

/** An address that mails come from. */
export const mailAddress = z
  .string()
  .regex(/^[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*$/)
  .meta({ "x-form": 'one plain address: "no-reply@example.com"' });

/** A host that a link may point to. */
export const linkHost = z
  .string()
  .refine((text) => URL.canParse(`https://${text}/`) && new URL(`https://${text}/`).host === text, wrongForm)
  .meta({ "x-form": 'a host name in lower case, with the port where it is not the usual one: "app.example.com"' });

/** A host name that browsers call us by. */
export const hostName = z
  .string()
  .refine((text) => URL.canParse(`https://${text}/`) && new URL(`https://${text}/`).hostname === text, wrongForm)
  .meta({ "x-form": 'a host name in lower case, without a port: "login.example.com"' });

export const languageTag = z
  .string()
  .refine(isLanguage, wrongForm)
  .meta({ "x-form": 'a BCP 47 language tag: "en", "de-AT"' });

function isLanguage(text: string): boolean {
  try {
    return Intl.getCanonicalLocales(text).length === 1;
  } catch {
    return false;
  }
}

/** An issue with its own words. */
export function custom(message: string, remedy: string, path: SettingPath = []) {
  return { code: "custom" as const, message, path: [...path], params: { remedy } };
}
