// Where does "Continue" lead? To the return address, with the state that belongs to it: whoever sent the person knows both.

/** Undefined where there is nothing to go on to. */
export function returnAddress(returnUrl: string, state: string): string | undefined {
  if (!URL.canParse(returnUrl)) return undefined;
  const url = new URL(returnUrl);
  // The service has compared it with the realm's list already; no script runs from here whatever that holds. Incident: C18.
  if (url.protocol !== "https:" && url.protocol !== "http:") return undefined;
  if (state !== "") url.searchParams.set("state", state);
  return url.href;
}
