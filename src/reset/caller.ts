// Who calls, and may they? What every act is told about the call that it serves.

import type { Permission } from "./permission.ts";
import type { Realm } from "./realm.ts";
import { Refusal } from "./refusal.ts";

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
  /** Whether its caller wants no vendor's webhook of what comes of it. */
  readonly preventsHook?: boolean;
};

/** Refuses a caller who lacks all of `anyOf`. Guard: ASVS 5.0 8.2.1. */
export function requirePermission(call: Call, ...anyOf: readonly [Permission, ...Permission[]]): void {
  const held = call.caller.permissions;
  if (anyOf.some((permission) => held.has(permission))) return;
  throw new Refusal({ reason: "permission_missing", permission: anyOf[0], hasAny: held.size > 0 });
}
