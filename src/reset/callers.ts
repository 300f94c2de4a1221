// Which callers does a configuration make? The realms' keys, ready to be looked up.

import type { Caller } from "./caller.ts";
import type { Permission } from "./permission.ts";
import type { Realm } from "./realm.ts";

export type RealmWithKeys = Realm & {
  readonly apiKeys: readonly {
    readonly id: string;
    /** What `digestApiKey` answers. */
    readonly digest: string;
    readonly permissions: ReadonlySet<Permission>;
  }[];
};

/** Callers by the digest of their key. */
export function callersOf(realms: readonly RealmWithKeys[]): Map<string, Caller> {
  const callers = new Map<string, Caller>();
  for (const realm of realms) {
    for (const { id, digest, permissions } of realm.apiKeys) callers.set(digest, { id, realm, permissions });
  }
  return callers;
}
