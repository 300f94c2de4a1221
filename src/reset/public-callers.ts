// Who calls when nobody brings a key? A stranger of one realm, who may present codes and do nothing else.

import type { Caller } from "./caller.ts";
import type { Realm } from "./realm.ts";
import { Refusal } from "./refusal.ts";

/** Where a stranger's call came in. */
export type PublicCall = {
  /** The host name that it was sent to: the stranger chose it, so it finds a realm and nothing else. Incident: C1. */
  readonly host: string;
  /** An IP address as text. */
  readonly address: string;
  readonly requestId: string;
  /** Who they are, where the dialect has found the realm by itself: nothing of another realm opens. */
  readonly caller?: Caller;
  /** See Call. */
  readonly preventsHook?: boolean;
  /** Told whose call it is as soon as that is known, so that a no is on record with it, too. */
  readonly onKnown?: (whose: Whose) => void;
};

export type Whose = {
  readonly caller: Caller;
  /** Absent where nobody was looked up, or found. */
  readonly userId?: string;
  /** Absent where the call names no request. */
  readonly requestNumber?: string | undefined;
};

export type PublicCallers = {
  /**
   * The stranger of the realm that the request names by id, by public key or by both, else of the host's. Refuses what is
   * unknown or not public, and two names that are not one realm's.
   */
  of(request: { readonly realmId: string; readonly publicKey: string; readonly host: string }): Caller;
  /** Undefined for a realm that is unknown or not public. */
  ofRealm(realmId: string): Caller | undefined;
  ofHost(host: string): Caller | undefined;
  /** The stranger of any realm, public or not: for a dialect that lets strangers in by itself. */
  stranger(realmId: string): Caller | undefined;
};

export function makePublicCallers(realms: readonly Realm[]): PublicCallers {
  const strangers = new Map(realms.map((realm) => [realm.id, strangerOf(realm)]));
  const ofRealm = new Map<string, Caller>();
  const ofHost = new Map<string, Caller>();
  const ofPublicKey = new Map<string, Caller>();
  for (const realm of realms) {
    if (realm.recovery === undefined) continue;
    const caller = strangerOf(realm);
    ofRealm.set(realm.id, caller);
    for (const host of realm.recovery.hosts) ofHost.set(host, caller);
    for (const key of realm.recovery.publicKeys ?? []) ofPublicKey.set(key, caller);
  }
  return {
    of({ realmId, publicKey, host }) {
      const named = [
        ...(realmId === "" ? [] : [ofRealm.get(realmId)]),
        ...(publicKey === "" ? [] : [ofPublicKey.get(publicKey)]),
      ];
      const [caller, ...others] = named.length === 0 ? [ofHost.get(host)] : named;
      if (caller === undefined || others.some((other) => other !== caller))
        throw new Refusal({ reason: "realm_unknown" });
      return caller;
    },
    ofRealm: (realmId) => ofRealm.get(realmId),
    ofHost: (host) => ofHost.get(host),
    stranger: (realmId) => strangers.get(realmId),
  };
}

/** All strangers of a realm are one caller: a caller's rows would let one of them use up what is for all. */
function strangerOf(realm: Realm): Caller {
  const { send_message: send, present_code: present } = realm.limits;
  const limits = {
    ...realm.limits,
    // Who asks was charged when they asked.
    send_message: { ...(send.account && { account: send.account }) },
    present_code: { ...(present.address && { address: present.address }) },
  };
  return { id: "public", realm: { ...realm, limits }, permissions: new Set(["password.set_with_code"]) };
}
