// May this user recover a password? One who exists and is set up may.

import type { User } from "../directory/directory.ts";
import { Refusal } from "./refusal.ts";

/** The user, if there is one and it is set up. Inactive and locked users may recover: a reset unlocks nothing. */
export function readyUser(user: User | undefined): User {
  if (user === undefined) throw new Refusal({ reason: "user_unknown" });
  if (user.state === "initial") throw new Refusal({ reason: "user_not_ready" });
  return user;
}
