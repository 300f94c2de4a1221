// Where may a person be sent when the password is set? To a URL of an origin on the realm's list, and nowhere else.
//
// Asked when the URL comes in and again before it is given back: a list may be another one by then. What browsers read
// differently, or read as something to run, is no URL here. Incident: C18; Guard: ASVS 5.0 1.2.2.

/** No space, no control character, no back-slash, no look-alike. Spec: RFC 3986 §2. */
const plainCharacters = /^[A-Za-z0-9\-._~:/?#[\]@!$&'()*+,;=%]*$/;

/** Why not; undefined where it may. Empty is nowhere, which is always allowed. */
export function returnUrlProblem(url: string, origins: readonly string[]): string | undefined {
  if (url === "") return undefined;
  if (!plainCharacters.test(url)) return "only plain URL characters may occur";
  // A scheme and a host, spelled out: URL parsers take "https:host" and "https:///host" for the same.
  if (!/^https?:\/\/[^/?#@]+(?:[/?#]|$)/.test(url) || !URL.canParse(url)) return "it has to be a whole URL with a host";
  return origins.includes(new URL(url).origin) ? undefined : "its origin is not on the realm's list of return_origins";
}
