// What does the public recovery need? Its acts and the work that waits in the outbox, over what all acts share.

import type { BotCheck } from "../bot-check/bot-check.ts";
import type { Challenges } from "../codes/challenges.ts";
import type { KeyRing } from "../codes/key-ring.ts";
import type { Courier } from "../delivery/courier.ts";
import type { Announcer } from "../delivery/events.ts";
import type { Attempt, Outbox } from "../delivery/outbox/outbox.ts";
import { makeSeal } from "../delivery/seal.ts";
import type { LoginRadiusActs } from "../edge/loginradius/routes.ts";
import type { RecoveryActs } from "../edge/native/recovery-handlers.ts";
import type { CheckCode } from "../reset/check-code.ts";
import type { CompleteReset } from "../reset/complete-reset.ts";
import { makeHandOutRecovery } from "../reset/hand-out-recovery.ts";
import { makeIssueRecovery } from "../reset/issue-recovery.ts";
import { makePerformRecovery, type RecoveryEnd } from "../reset/perform-recovery.ts";
import { makePrepareRecovery } from "../reset/prepare-recovery.ts";
import { makePresentRecovery } from "../reset/present-recovery.ts";
import { makePublicCallers } from "../reset/public-callers.ts";
import type { Realm } from "../reset/realm.ts";
import type { RecoveryContainers } from "../reset/recovery-containers.ts";
import { makeReopenRecovery, type ReopenRecovery } from "../reset/reopen-recovery.ts";
import { refuseEvenly } from "../reset/refuse-evenly.ts";
import { makeRequireKnown } from "../reset/require-known.ts";
import { makeStartRecovery } from "../reset/start-recovery.ts";
import type { VetoLink } from "../reset/veto-link.ts";
import { makeVetoRecovery } from "../reset/veto-recovery.ts";
import { makeChargeEverywhere } from "../throttle/charge-everywhere.ts";
import type { ChargesFor } from "../throttle/charges-for.ts";
import type { Limit } from "../throttle/limits.ts";
import type { Clock } from "../units.ts";
import type { Stores } from "./open-stores.ts";

/** What recovery needs beside what all acts do. */
export type RecoveryParts = {
  readonly realms: readonly Realm[];
  /** Keeps what is to be done after the answer. */
  readonly queue: Pick<Outbox, "put">;
  readonly botCheck: BotCheck;
  /** How many may start in all realms together. Absent: not limited. */
  readonly everywhere?: Limit;
  readonly onEnd: (end: RecoveryEnd) => void;
};

export function makeRecovery(
  { realms, queue, botCheck, everywhere, onEnd }: RecoveryParts,
  shared: {
    readonly stores: Pick<Stores, "throttle" | "directory">;
    readonly keyRing: KeyRing;
    readonly challenges: Challenges;
    readonly chargesFor: ChargesFor;
    readonly checkCode: CheckCode;
    readonly completeReset: CompleteReset;
    readonly containers: RecoveryContainers;
    readonly vetoLink: VetoLink;
    readonly courier?: Courier;
    readonly announcer?: Announcer;
    readonly onFault: (cause: unknown, requestId: string) => void;
    readonly clock: Clock;
  },
): RecoveryActs & LoginRadiusActs & { readonly reopen: ReopenRecovery; readonly perform: Attempt } {
  const { stores, keyRing } = shared;
  const callers = makePublicCallers(realms);
  const deps = { ...shared, ...stores, ...makeSeal(keyRing.codes), callers };
  const issue = makeIssueRecovery(deps);
  return {
    callers,
    prepare: makePrepareRecovery({ ...deps, botCheck }),
    start: makeStartRecovery({
      ...deps,
      botCheck,
      chargeEverywhere: makeChargeEverywhere(stores.throttle, "start_recovery", everywhere),
      outbox: queue,
    }),
    reopen: makeReopenRecovery(deps),
    present: refuseEvenly(makePresentRecovery(deps)),
    veto: makeVetoRecovery(deps),
    handOut: makeHandOutRecovery({ ...deps, issue }),
    requireKnown: makeRequireKnown(deps.directory),
    perform: makePerformRecovery({ ...deps, issue, onEnd }),
  };
}
