// What does each act need? Hands every rule its doors.

import { makeChallenges } from "../codes/challenges.ts";
import { counterDigest, type KeyRing } from "../codes/key-ring.ts";
import type { Courier, Inbox } from "../delivery/courier.ts";
import type { Announcer } from "../delivery/events.ts";
import type { Outbox } from "../delivery/outbox/outbox.ts";
import { makeSeal } from "../delivery/seal.ts";
import type { Hasher } from "../password/hasher.ts";
import { type CheckCode, makeCheckCode } from "../reset/check-code.ts";
import { type CompleteByToken, makeCompleteByToken } from "../reset/complete-by-token.ts";
import { type CompleteReset, makeCompleteReset } from "../reset/complete-reset.ts";
import type { Dialect } from "../reset/dialect.ts";
import { type FindNamed, makeFindNamed } from "../reset/find-named.ts";
import { makeManageDeliveries, type ManageDeliveries } from "../reset/manage-deliveries.ts";
import { type ManageUsers, makeManageUsers } from "../reset/manage-users.ts";
import { makeReadInbox, type ReadInbox } from "../reset/read-inbox.ts";
import { makeRecoveryContainers } from "../reset/recovery-containers.ts";
import { makeRequestReset, type RequestReset } from "../reset/request-reset.ts";
import { makeRevokeCodes, type RevokeCodes } from "../reset/revoke-codes.ts";
import { makeSearchUsers, type SearchUsers } from "../reset/search-users.ts";
import { makeSetPassword, type SetPassword } from "../reset/set-password.ts";
import { makeTellChange } from "../reset/tell-change.ts";
import { makeVetoLink } from "../reset/veto-link.ts";
import { makeChargesFor } from "../throttle/charges-for.ts";
import { rememberNames } from "../throttle/remember-names.ts";
import type { Clock } from "../units.ts";
import { makeRecovery, type RecoveryParts } from "./make-recovery.ts";
import type { Stores } from "./open-stores.ts";

export type Acts = {
  readonly requestReset: RequestReset;
  readonly checkCode: CheckCode;
  readonly completeReset: CompleteReset;
  readonly completeByToken: CompleteByToken;
  readonly findNamed: FindNamed;
  readonly setPassword: SetPassword;
  readonly revokeCodes: RevokeCodes;
  readonly manageUsers: ManageUsers;
  readonly searchUsers: SearchUsers;
  /** Absent where nothing is brought anywhere. */
  readonly manageDeliveries?: ManageDeliveries;
  /** Absent where messages are not captured. */
  readonly readInbox?: ReadInbox;
  /** Absent where no realm has a public recovery. */
  readonly recovery?: ReturnType<typeof makeRecovery>;
};

export function makeActs(parts: {
  readonly stores: Pick<Stores, "codes" | "throttle" | "directory">;
  readonly keyRing: KeyRing;
  readonly hasher: Hasher;
  /** Absent: nothing is configured that could send. */
  readonly courier?: Courier;
  readonly inbox?: Inbox;
  readonly announcer?: Announcer;
  readonly outbox?: Outbox;
  readonly recovery?: RecoveryParts;
  /** Every dialect that is served, for messages that are made anew. */
  readonly dialects: readonly Dialect[];
  /** Told what went wrong after an answer could no longer fail, with the id of the call. */
  readonly onFault: (cause: unknown, requestId: string) => void;
  readonly clock: Clock;
}): Acts {
  const { stores, keyRing, hasher, courier, inbox, announcer, outbox, recovery, dialects, onFault, clock } = parts;
  const { directory, throttle } = stores;
  const challenges = makeChallenges({ store: stores.codes, keyRing, purpose: "password_reset" });
  const chargesFor = makeChargesFor(rememberNames((...whose) => counterDigest(keyRing, ...whose)));
  const checkCode = makeCheckCode({ directory, challenges, chargesFor, clock });
  const containers = makeRecoveryContainers({
    id: makeSeal(keyRing.codes, "recovery id"),
    token: makeSeal(keyRing.codes, "recovery token"),
    veto: makeSeal(keyRing.codes, "recovery veto"),
  });
  const vetoLink = makeVetoLink(containers);
  const word = { vetoLink, ...(courier && { courier }), ...(announcer && { announcer }) };
  const requestReset = makeRequestReset({ directory, challenges, chargesFor, onFault, clock, ...word });
  const tellChange = makeTellChange({ onFault, ...word });
  const dialectOf = (name: string) => dialects.find((dialect) => dialect.name === name);
  const shared = { directory, challenges, chargesFor, checkCode, clock };
  const completeReset = makeCompleteReset({ ...shared, hasher, tellChange });
  return {
    requestReset,
    checkCode,
    completeReset,
    completeByToken: makeCompleteByToken({ throttle, chargesFor, completeReset, clock }),
    findNamed: makeFindNamed(directory),
    setPassword: makeSetPassword({ directory, challenges, throttle, chargesFor, hasher, tellChange, clock }),
    revokeCodes: makeRevokeCodes({ directory, challenges, clock }),
    manageUsers: makeManageUsers({ directory, challenges, hasher, tellChange, clock }),
    searchUsers: makeSearchUsers({ directory }),
    ...(outbox && { manageDeliveries: makeManageDeliveries({ outbox, requestReset, dialectOf }) }),
    ...(recovery && {
      recovery: makeRecovery(recovery, { ...shared, stores, keyRing, containers, completeReset, onFault, ...word }),
    }),
    ...(inbox && { readInbox: makeReadInbox(inbox) }),
  };
}
