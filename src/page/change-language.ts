// What becomes of an opened link when the person changes the language? It goes along, behind the "#" again.

import { fragmentOf, type Link } from "./page-address.ts";

/** The choice of languages is a form of the server, which works without script; script carries the token over. */
export function keepLinkOverLanguages(link: Link | undefined): () => void {
  const carry = (event: SubmitEvent) => {
    const form = event.target;
    if (link === undefined || !(form instanceof HTMLFormElement) || !form.classList.contains("languages")) return;
    event.preventDefault();
    const query = new URLSearchParams();
    for (const [name, value] of new FormData(form, event.submitter)) {
      if (typeof value === "string") query.set(name, value);
    }
    // No new entry in the history: going back would find the token behind the "#".
    location.replace(`${location.pathname}?${query.toString()}${fragmentOf(link)}`);
  };
  document.addEventListener("submit", carry);
  return () => document.removeEventListener("submit", carry);
}
