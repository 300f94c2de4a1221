// How long is a code, how long does it live, how many tries does it stand? The table of shapes.

import { crockford } from "../random-text.ts";
import { hour, minute, type Milliseconds } from "../units.ts";
import type { SecretKind } from "./code-store.ts";

/** What a secret looks like, and what it stands. */
export type CodeShape = {
  readonly secretKind: SecretKind;
  /** The symbols it is drawn from, each once. */
  readonly alphabet: string;
  /** How many symbols. */
  readonly length: number;
  /** What stands behind the drawn symbols. It names the form of the secret, and adds nothing to its strength. */
  readonly suffix?: string;
  readonly lifetimeMs: Milliseconds;
  /** How many wrong ones a single challenge stands. Counts codes only. */
  readonly maxTries: number;
  /** Whether a person may type it in lower case, with spaces and dashes, and with O for 0 and I or L for 1. */
  readonly lenient: boolean;
};

export const base64url = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
const upperAndDigits = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";

/** Which shapes there are. `code` is typed, `link` stands in a link; a dialect with a contract of its own has its own. */
export type ShapeName = "code" | "link" | "zitadel" | "keygen" | "loginradius_token" | "loginradius_code";

export const defaultShapes: Readonly<Record<ShapeName, CodeShape>> = {
  // 40 bits. Guard: ASVS 5.0 6.5.5 (typed codes live at most 10 minutes).
  code: {
    secretKind: "code",
    alphabet: crockford,
    length: 8,
    lifetimeMs: 10 * minute,
    maxTries: 5,
    lenient: true,
  },
  // 258 bits. Guard: ASVS 5.0 11.5.1 (at least 128).
  link: { secretKind: "token", alphabet: base64url, length: 43, lifetimeMs: hour, maxTries: 5, lenient: false },
  // Vendor: Zitadel v2, 6 of A-Z0-9 for an hour, 31 bits. The vendor counts no tries; we do.
  zitadel: {
    secretKind: "code",
    alphabet: upperAndDigits,
    length: 6,
    lifetimeMs: hour,
    maxTries: 5,
    lenient: false,
  },
  // Vendor: Keygen, 24 random bytes in hex and the version of the form, for 24 hours. 192 bits.
  keygen: {
    secretKind: "token",
    alphabet: "0123456789abcdef",
    length: 48,
    suffix: "v3",
    lifetimeMs: 24 * hour,
    maxTries: 5,
    lenient: false,
  },
  // Vendor: LoginRadius, 4320 minutes. Its own are 32 hexadecimal digits, or longer: clients take any.
  loginradius_token: {
    secretKind: "token",
    alphabet: base64url,
    length: 43,
    lifetimeMs: 72 * hour,
    maxTries: 5,
    lenient: false,
  },
  // Vendor: LoginRadius, digits as many as a tenant wants; 8 of them are 26 bits. Guard: ASVS 5.0 6.5.5.
  loginradius_code: {
    secretKind: "code",
    alphabet: "0123456789",
    length: 8,
    lifetimeMs: 10 * minute,
    maxTries: 5,
    lenient: false,
  },
};

/** A presented secret of at most this many symbols is taken for a typed code, a longer one for a token. */
export const longestCode = 20;

/** Guard: ASVS 5.0 6.5.4. */
export const fewestBits = 20;
/** Guard: ASVS 5.0 11.5.1. */
export const fewestTokenBits = 128;
/** Nothing lives longer than a week, whatever a configuration says. */
export const longestLifetime: Milliseconds = 7 * 24 * hour;

/** How long a challenge is remembered after its end, so that its holder can be told "used" or "expired". */
export const remembered: Milliseconds = 24 * hour;
