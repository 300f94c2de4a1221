// Which names did the counters of these callers and addresses have? Remembers them, so that not every call makes a digest.

import type { NameCounter } from "./charges-for.ts";

/** Enough for the backends that call; where strangers call, memory stays bounded and a name is made anew. */
const mostNames = 1000;

/** Accounts and what strangers type are many and seldom come twice: their names are not kept. */
export function rememberNames(nameCounter: NameCounter): NameCounter {
  const names = new Map<string, string>();

  return function rememberedName(realmId, party, name) {
    if (party === "account" || party === "identifier") return nameCounter(realmId, party, name);
    // Neither a realm's id nor a party holds a space.
    const whose = `${realmId} ${party} ${name}`;
    const known = names.get(whose);
    if (known !== undefined) return known;
    if (names.size >= mostNames) names.clear();
    const made = nameCounter(realmId, party, name);
    names.set(whose, made);
    return made;
  };
}
