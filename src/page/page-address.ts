// What does the address say? A link's token, which leaves it at once, and where the person comes from.
//
// The token stands behind the "#", which no server and no log sees; out of the address bar it is in no history, no
// bookmark and no screenshot either. Guard: ASVS 5.0 14.2.1; Incident: C26.

export type Link = { readonly kind: "recover" | "veto"; readonly token: string };

/** Takes the token out of the address. The entry of the history is replaced, so that going back does not find it. */
export function takeLink(): Link | undefined {
  const parts = new URLSearchParams(location.hash.slice(1));
  if (location.hash !== "") history.replaceState(null, "", location.pathname + location.search);
  const [recover, veto] = [parts.get("token"), parts.get("veto")];
  if (veto !== null) return { kind: "veto", token: veto };
  return recover === null ? undefined : { kind: "recover", token: recover };
}

/** The same link behind the "#" again, for a page that takes it out at once. */
export function fragmentOf(link: Link): string {
  return `#${link.kind === "veto" ? "veto" : "token"}=${encodeURIComponent(link.token)}`;
}

/** Given back in the end, unread. */
export type Origin = { readonly state: string; readonly returnUrl: string };

export function readOrigin(): Origin {
  const query = new URLSearchParams(location.search);
  return { state: query.get("state") ?? "", returnUrl: query.get("return_url") ?? "" };
}
