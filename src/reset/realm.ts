// What belongs to one realm (tenant)? The settings that the rules read, whole and validated.

import type { CodeShape, ShapeName } from "../codes/code.ts";
import type { PasswordPolicy } from "../password/policy.ts";
import type { LimitTable } from "../throttle/limits.ts";
import type { Milliseconds } from "../units.ts";

export type RecoverySettings = {
  /** Host names that stand for this realm, in lower case and without a port. Read to find the realm, never to make a link. */
  readonly hosts: readonly string[];
  /** What pages may name the realm by; no secrets. Absent: none. */
  readonly publicKeys?: readonly string[];
  /** The page that the message's link opens: a URL template with `{{.Token}}`, and `{{.RequestNumber}}` if wanted. */
  readonly link: string;
  /** The origins that people may be sent to in the end. Absent: none. */
  readonly returnOrigins?: readonly string[];
  /** "It was not me". Absent: messages carry no link for it, and links from before are dead. */
  readonly veto?: {
    /** The page that the link opens, written like `link`. */
    readonly link: string;
    /** How long no reset of the user is taken up. */
    readonly blockMs: Milliseconds;
  };
};

export type Realm = {
  readonly id: string;
  /** BCP 47, for users who have no language of their own. */
  readonly defaultLanguage: string;
  /** The organizations that users may belong to; the first is the default. Never empty. */
  readonly organizations: readonly [string, ...string[]];
  readonly shapes: Readonly<Record<ShapeName, CodeShape>>;
  readonly limits: LimitTable;
  /** Absent: each dialect's own default. */
  readonly passwordPolicy?: PasswordPolicy;
  readonly links: {
    /** The page that a link opens when the request names none: a URL template. Absent: the request has to name one. */
    readonly page?: string;
    /** Host names (with port where it is not the scheme's own) that a link may point to. */
    readonly hosts: readonly string[];
  };
  /** What strangers may do. Absent: nothing, every call needs an API key. */
  readonly recovery?: RecoverySettings;
  /** Dialects that the realm does not speak, by their names: to its callers, their edges are not there. */
  readonly switchedOff?: ReadonlySet<string>;
  /** Whether users are told at every verified address that their password has changed. */
  readonly notices: boolean;
  /** Whether a new password ends the user's sessions. Guard: ASVS 5.0 7.4.3. */
  readonly endSessions: boolean;
};
