// Who may call what? Permissions, and what every act is told about the call that it serves.

import type { Realm } from "./realm.ts";
import { Refusal } from "./refusal.ts";

/** Each is granted by itself; none implies another. */
export const permissions = [
  /** Have a reset message sent to a user. */
  "password.send_link",
  /** Have a code returned: whoever holds it can set the password. Guard: ASVS 5.0 6.4.6. */
  "password.return_code",
  /** Check codes, and set a password with one. */
  "password.set_with_code",
  /** Set a password with the current one. */
  "password.set_with_current",
  /** Set a password without any proof. Guard: ASVS 5.0 6.4.6. */
  "password.set",
  /** Store ready hashes. */
  "password.import",
  "users.read",
  "users.write",
  /** See what became of messages and webhooks. */
  "deliveries.read",
  /** Send dead ones again, drop them. */
  "deliveries.write",
  /** Read the messages that the demo captures. */
  "inbox.read",
] as const;

export type Permission = (typeof permissions)[number];

/** The holder of an API key. */
export type Caller = {
  /** The key's public name, fit for logs. */
  readonly id: string;
  readonly realm: Realm;
  readonly permissions: ReadonlySet<Permission>;
};

/** One call, as an act sees it. */
export type Call = {
  readonly caller: Caller;
  /** Where it came from: an IP address as text. */
  readonly address: string;
  /** Quoted in the log and to the caller, so that the two can be brought together. */
  readonly requestId: string;
};

/** Refuses a caller who lacks all of `anyOf`. Guard: ASVS 5.0 8.2.1. */
export function requirePermission(call: Call, ...anyOf: readonly [Permission, ...Permission[]]): void {
  const held = call.caller.permissions;
  if (anyOf.some((permission) => held.has(permission))) return;
  throw new Refusal({ reason: "permission_missing", permission: anyOf[0], hasAny: held.size > 0 });
}
