// Which names did the counters of these callers and addresses have? Remembers them, so that not every call makes a digest.

import type { NameCounter } from "./charges-for.ts";
import type { LimitedParty } from "./limits.ts";

/** Enough for the backends that call; where strangers call, memory stays bounded and a name is made anew. */
const mostNames = 1000;

/** Accounts and what strangers type are many and seldom come twice: their names are not kept. */
export function rememberNames(nameCounter: NameCounter): NameCounter {
  const realms = new Map<string, Map<LimitedParty, Map<string, string>>>();
  let size = 0;

  return function rememberedName(realmId, party, name) {
    if (party === "account" || party === "identifier") return nameCounter(realmId, party, name);
    const known = realms.get(realmId)?.get(party)?.get(name);
    if (known !== undefined) return known;
    if (size >= mostNames) {
      realms.clear();
      size = 0;
    }
    const made = nameCounter(realmId, party, name);
    const parties = realms.get(realmId) ?? new Map<LimitedParty, Map<string, string>>();
    const names = parties.get(party) ?? new Map<string, string>();
    realms.set(realmId, parties.set(party, names.set(name, made)));
    size += 1;
    return made;
  };
}
