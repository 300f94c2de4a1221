// Is a stranger told that nobody is known by this name? Only where a realm wants it so, and after the limits were charged.

import type { Directory } from "../directory/directory.ts";
import type { Call } from "./caller.ts";
import { identifiedUser } from "./identified-user.ts";
import { readyUser } from "./ready-user.ts";

/** Refuses with `user_unknown` or `user_not_ready`. For whoever may be told: see the dialect that asks. */
export type RequireKnown = (call: Call, identifier: string) => Promise<void>;

export function makeRequireKnown(directory: Pick<Directory, "findByIdentifier">): RequireKnown {
  return async (call, identifier) =>
    void readyUser(await identifiedUser(directory, call.caller.realm.id, identifier.trim()));
}
