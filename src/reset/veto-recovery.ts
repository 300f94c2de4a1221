// What happens when a person says "it was not me"? Their codes die, nobody gets a new one for a time, their sessions end.
//
// 1. The store first, in one step: the live code is burnt and new ones are forbidden. Who says it again hears the same.
// 2. The application is told, then the directory ends sessions and moves the password's version, so that whoever had
//    claimed the code before step 1 cannot write any more. A process that dies in between leaves that to be seen, and
//    the next one to be asked does it: under the same event, which is brought once.
//
// Only the holder of a message can say it, and each message counts until the next veto, so the link is no weapon. The
// password stays as it is: who may set a new one now is for the application to say. Incident: C25.

import { createHash } from "node:crypto";

import type { Challenges } from "../codes/challenges.ts";
import type { Announcer } from "../delivery/events.ts";
import type { Directory } from "../directory/directory.ts";
import type { Clock, Instant } from "../units.ts";
import { announce } from "./announce.ts";
import type { PublicCall, PublicCallers } from "./public-callers.ts";
import type { RecoveryContainers } from "./recovery-containers.ts";
import { Refusal } from "./refusal.ts";
import { vetoLinkLivesFor } from "./veto-link.ts";

export type VetoRecovery = (
  from: PublicCall,
  request: { readonly token: string },
) => Promise<{ readonly blockedUntil: Instant }>;

export function makeVetoRecovery(deps: {
  readonly callers: Pick<PublicCallers, "ofRealm">;
  readonly containers: Pick<RecoveryContainers, "openVeto">;
  readonly directory: Pick<Directory, "find" | "invalidate">;
  readonly challenges: Pick<Challenges, "veto">;
  readonly announcer?: Announcer;
  /** Told about an event that could not be handed over, with the id of the call. */
  readonly onFault: (cause: unknown, requestId: string) => void;
  readonly clock: Clock;
}): VetoRecovery {
  const { callers, containers, directory, challenges, announcer, onFault, clock } = deps;

  return async function vetoRecovery(from, { token }) {
    const proof = containers.openVeto(token);
    const caller = proof && callers.ofRealm(proof.realmId);
    const veto = caller?.realm.recovery?.veto;
    if (proof === undefined || caller === undefined || veto === undefined) throw new Refusal({ reason: "code_absent" });
    const { realmId, userId, requestNumber, vetoed, issuedAt } = proof;
    from.onKnown?.({ caller, userId, requestNumber });
    const now = clock.now();
    if (now >= proof.expiresAt) throw new Refusal({ reason: "code_expired", matched: true });
    const user = await directory.find(realmId, userId);
    if (user === undefined) throw new Refusal({ reason: "code_absent" });

    const { vetoedAt, blockedUntil } = await challenges.veto({
      subject: { realmId, userId },
      now,
      provenAt: issuedAt,
      blockedUntil: now + veto.blockMs,
      rememberMs: vetoLinkLivesFor,
    });
    if (user.sessionsValidFrom === undefined || user.sessionsValidFrom < vetoedAt) {
      const subject = { id: eventId(token), user, requestNumber, happenedAt: vetoedAt };
      const facts = { type: "password.reset.vetoed", vetoed, blockedUntil } as const;
      await announce(announcer, subject, facts).catch((cause: unknown) => onFault(cause, from.requestId));
      await directory.invalidate({ realmId, userId, now: vetoedAt });
    }
    return { blockedUntil };
  };
}

/** One link, one event: 132 bits that tell nothing of the token. */
function eventId(token: string): string {
  return createHash("sha256").update(token).digest("base64url").slice(0, 22);
}
