// Whom does a body name? By email, user name or phone, as the call allows it.

import type { Parameters } from "./parameters.ts";
import { missing, refused } from "./vendor-error.ts";

export type Named = { readonly by: "email" | "username" | "phone"; readonly identifier: string };

/** Vendor: LoginRadius, the first that is there; where none is, the first of the list is asked for. */
export function namedIn(body: Parameters, ...ways: readonly [Named["by"], ...Named["by"][]]): Named {
  for (const by of ways) {
    const identifier = body.text(by)?.trim();
    if (identifier === undefined || identifier === "") continue;
    refuseForm(by, identifier);
    return { by, identifier };
  }
  throw missing(ways[0]);
}

/** By its look alone, so that it says nothing of who is known. */
function refuseForm(by: Named["by"], identifier: string): void {
  if (by === "email" && !/^[^\s@]+@[^\s@]+$/.test(identifier)) throw refused(990);
  if (by === "phone" && !/^\+[\d .-]{6,}$/.test(identifier)) throw refused(1096);
}
