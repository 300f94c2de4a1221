// May whoever holds a request ask for another message, and for whom? It says so itself: it is sealed, and was made for them.
//
// It names nobody to whoever holds it, so a page can keep it where a name must not stand: in an address.

import { type Clock, hour, type Milliseconds } from "../units.ts";
import type { Caller } from "./caller.ts";
import type { RecoveryContainers } from "./recovery-containers.ts";
import { returnUrlProblem } from "./return-url.ts";
import { worthAskingAgainAfter } from "./start-recovery.ts";

export type ReopenedRecovery =
  | { readonly kind: "open"; readonly identifier: string; readonly state: string; readonly returnUrl: string }
  /** The first message may still be on its way. */
  | { readonly kind: "early"; readonly retryAfterMs: Milliseconds }
  /** Made elsewhere, for another realm, or too long ago: whoever it was begins anew. */
  | { readonly kind: "over" };

export type ReopenRecovery = (caller: Caller, recoveryId: string) => ReopenedRecovery;

/** As long as a page that runs script keeps a request: the code of then has done its time. */
const keptFor = hour;

export function makeReopenRecovery(deps: {
  readonly containers: Pick<RecoveryContainers, "openRequest">;
  readonly clock: Clock;
}): ReopenRecovery {
  const { containers, clock } = deps;

  return function reopenRecovery({ realm }, recoveryId) {
    const request = containers.openRequest(recoveryId);
    if (request?.realmId !== realm.id) return { kind: "over" };
    const age = clock.now() - request.startedAt;
    if (age >= keptFor) return { kind: "over" };
    if (age < worthAskingAgainAfter) return { kind: "early", retryAfterMs: worthAskingAgainAfter - age };
    const { identifier, state, returnUrl = "" } = request;
    // The list of today counts, not that of the start.
    const isAllowed = returnUrlProblem(returnUrl, realm.recovery?.returnOrigins ?? []) === undefined;
    return { kind: "open", identifier, state, returnUrl: isAllowed ? returnUrl : "" };
  };
}
