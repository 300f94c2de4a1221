// Whom does a path name? The user with this id, else the one whose name or address it is.

import type { Directory, User } from "../directory/directory.ts";
import type { Call } from "./caller.ts";
import { identifiedUser } from "./identified-user.ts";

/** For dialects whose paths name users by id or address. What they tell of it is theirs to guard. */
export type FindNamed = (call: Call, name: string) => Promise<User | undefined>;

export function makeFindNamed(directory: Pick<Directory, "find" | "findByIdentifier">): FindNamed {
  return async function findNamed({ caller }, name) {
    // Both, so that it takes the same work whichever it was, and for nobody. Incident: C9.
    const realmId = caller.realm.id;
    const [byId, byName] = await Promise.all([directory.find(realmId, name), identifiedUser(directory, realmId, name)]);
    return byId ?? byName;
  };
}
