// Which link has somebody pasted, and with which token? It stands behind the #, where no server gets to see it.

export type PastedLink = { readonly kind: "recover" | "veto"; readonly token: string };

/** The least and the most that the API takes. */
const token = /[A-Za-z0-9_-]{21,4000}/g;

/** The longest text of a token's signs: a link of any form has its token in it, and so has the token alone. */
export function linkIn(pasted: string): PastedLink | undefined {
  const found: readonly string[] = pasted.match(token) ?? [];
  const [longest] = found.toSorted((one, other) => other.length - one.length);
  if (longest === undefined) return undefined;
  return { kind: pasted.includes(`#veto=${longest}`) ? "veto" : "recover", token: longest };
}
