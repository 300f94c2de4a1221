// How are a user's live codes killed on request?

import type { Challenges } from "../codes/challenges.ts";
import type { Directory } from "../directory/directory.ts";
import type { Clock } from "../units.ts";
import { type Call, requirePermission } from "./caller.ts";
import { Refusal } from "./refusal.ts";
import { type Standing, standingAfter } from "./standing.ts";

export type RevokeCodes = (call: Call, request: { readonly userId: string }) => Promise<Standing>;

export function makeRevokeCodes(deps: {
  readonly directory: Directory;
  readonly challenges: Challenges;
  readonly clock: Clock;
}): RevokeCodes {
  const { directory, challenges, clock } = deps;

  return async function revokeCodes(call, { userId }) {
    requirePermission(call, "password.send_link", "password.return_code");
    const realmId = call.caller.realm.id;
    const user = await directory.find(realmId, userId);
    if (user === undefined) throw new Refusal({ reason: "user_unknown" });
    const now = clock.now();
    const { sequence } = await challenges.revoke({ subject: { realmId, userId }, now });
    return standingAfter(user, { sequence, at: now });
  };
}
