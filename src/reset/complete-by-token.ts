// How does a stranger finish who says whose token it is? By the user's name or id beside it; the change is everybody's.
//
// Who is unknown takes the same way as who is known, and hears the same. Typed codes are not taken here: anybody can name
// anybody, and could spend the guesses of a user who has typing to do. Guard: ASVS 5.0 6.3.8; Incident: C9.

import { longestCode } from "../codes/code.ts";
import { identifierKey } from "../directory/identifier.ts";
import type { ChargesFor } from "../throttle/charges-for.ts";
import type { Throttle } from "../throttle/throttle.ts";
import type { Clock } from "../units.ts";
import type { Call } from "./caller.ts";
import type { CompleteReset } from "./complete-reset.ts";
import type { Dialect } from "./dialect.ts";
import { Refusal } from "./refusal.ts";
import { refuseLimited } from "./refuse-limited.ts";

export type CompleteByToken = (
  call: Call,
  request: {
    /** As the call names the user: what is counted, alike for the known and the unknown. */
    readonly name: string;
    /** Whose id that is, or the name where it is nobody's. */
    readonly userId: string;
    readonly token: string;
    readonly password: string;
    readonly dialect: Dialect;
  },
) => ReturnType<CompleteReset>;

export function makeCompleteByToken(deps: {
  readonly throttle: Throttle;
  readonly chargesFor: ChargesFor;
  readonly completeReset: CompleteReset;
  readonly clock: Clock;
}): CompleteByToken {
  const { throttle, chargesFor, completeReset, clock } = deps;

  return async function completeByToken(call, { name, userId, token, password, dialect }) {
    const { charges } = chargesFor(call, "present_token", identifierKey(name));
    refuseLimited(await throttle.charge({ realmId: call.caller.realm.id, now: clock.now(), charges }));
    if (token.length <= longestCode) throw new Refusal({ reason: "code_wrong" });
    return await completeReset(call, { userId, presented: token, password, changeRequired: false, dialect });
  };
}
