// Which screens are there? What each of them has to know, and nothing that it can find out by itself.

import type { EndKind, Hitch } from "./failure.ts";
import type { KeptRequest } from "./kept-request.ts";
import { keptRequest } from "./kept-request.ts";
import type { Link } from "./page-address.ts";
import type { CheckedProof, CompletedRecovery, Proof } from "./recovery-client.ts";

export type Screen =
  | { readonly kind: "ask"; readonly identifier: string }
  | { readonly kind: "code"; readonly request: KeptRequest }
  | { readonly kind: "opening"; readonly link: Link }
  | { readonly kind: "password"; readonly proof: Proof; readonly checked: CheckedProof; readonly identifier?: string }
  | { readonly kind: "done"; readonly completed: CompletedRecovery }
  | { readonly kind: "veto"; readonly link: Link }
  | { readonly kind: "vetoed"; readonly blockedUntil: number }
  | { readonly kind: "end"; readonly end: End };

/** Where nothing goes on: what happened, and the screen to try again with, if that may help. */
export type End =
  | { readonly kind: EndKind | "vetoOver" | "vetoInvalid" }
  | { readonly kind: "blocked"; readonly until: number }
  | (Hitch & { readonly again: Screen })
  | { readonly kind: "tooManyTries"; readonly until: number; readonly again: Screen };

export type Show = (screen: Screen) => void;

/** A link first; then what was begun in this tab; else the beginning. */
export function firstScreen(link: Link | undefined): Screen {
  if (link !== undefined) return screenOf(link);
  const request = keptRequest();
  return request === undefined ? { kind: "ask", identifier: "" } : { kind: "code", request };
}

export function screenOf(link: Link): Screen {
  return { kind: link.kind === "veto" ? "veto" : "opening", link };
}

/** The link that a screen lives from: it would be lost with the page. */
export function linkOf(screen: Screen): Link | undefined {
  if (screen.kind === "opening" || screen.kind === "veto") return screen.link;
  const isByLink = screen.kind === "password" && screen.proof.kind === "token";
  return isByLink ? { kind: "recover", token: screen.proof.token } : undefined;
}
