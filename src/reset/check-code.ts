// Would this code be accepted now? Looks, and never burns.

import type { Challenges } from "../codes/challenges.ts";
import type { ChargesFor } from "../throttle/charges-for.ts";
import type { Directory } from "../directory/directory.ts";
import type { Clock, Instant } from "../units.ts";
import { type Call, requirePermission } from "./caller.ts";
import type { Dialect } from "./dialect.ts";
import { refusalOf } from "./present-code.ts";
import { readyUser } from "./ready-user.ts";
import { Refusal } from "./refusal.ts";

export type CheckCode = (
  call: Call,
  request: { readonly userId: string; readonly presented: string; readonly dialect: Dialect },
) => Promise<{ readonly expiresAt: Instant }>;

export function makeCheckCode(deps: {
  readonly directory: Directory;
  readonly challenges: Challenges;
  readonly chargesFor: ChargesFor;
  readonly clock: Clock;
}): CheckCode {
  const { directory, challenges, chargesFor, clock } = deps;

  return async function checkCode(call, { userId, presented, dialect }) {
    requirePermission(call, "password.set_with_code");
    const { realm } = call.caller;
    const outcome = await challenges.check({
      subject: { realmId: realm.id, userId },
      presented,
      shape: realm.shapes[dialect.returnedShape],
      now: clock.now(),
      ...chargesFor(call, "present_code"),
    });
    if (outcome.kind !== "good") throw refusalOf(outcome);
    // A code from before the last change of the password is dead, even where the store has forgotten that.
    const user = await directory.find(realm.id, userId);
    if (user?.passwordVersion !== outcome.passwordVersion) throw new Refusal({ reason: "code_used", matched: true });
    readyUser(user);
    return { expiresAt: outcome.expiresAt };
  };
}
