// Which accounts of Keygen's are there? One for each realm that is configured as one, with its key and its strangers.

import type { KeygenConfiguration } from "../config/configuration.ts";
import { ed25519PrivateKey } from "../delivery/webhook/signing-key.ts";
import type { Account } from "../edge/keygen/account.ts";
import { makePublicCallers } from "../reset/public-callers.ts";
import type { Realm } from "../reset/realm.ts";

export type KeygenAccounts = {
  readonly all: readonly Account[];
  ofRealm(realmId: string): Account | undefined;
};

export function keygenAccounts(realms: readonly (Realm & { readonly keygen?: KeygenConfiguration })[]): KeygenAccounts {
  const callers = makePublicCallers(realms);
  const accounts = realms.flatMap(({ id: realmId, keygen }): [string, Account][] => {
    const stranger = callers.stranger(realmId);
    if (keygen === undefined || stranger === undefined) return [];
    const { accountId, signingKey, ...rest } = keygen;
    return [[realmId, { ...rest, id: accountId, privateKey: ed25519PrivateKey(signingKey), stranger }]];
  });
  const ofRealm = new Map(accounts);
  return { all: [...ofRealm.values()], ofRealm: (realmId) => ofRealm.get(realmId) };
}
