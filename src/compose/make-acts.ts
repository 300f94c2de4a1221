// What does each act need? Hands every rule its doors.

import { makeChallenges } from "../codes/challenges.ts";
import { counterDigest, type KeyRing } from "../codes/key-ring.ts";
import type { Courier, Inbox } from "../delivery/courier.ts";
import type { Hasher } from "../password/hasher.ts";
import { type CheckCode, makeCheckCode } from "../reset/check-code.ts";
import { type CompleteReset, makeCompleteReset } from "../reset/complete-reset.ts";
import { type ManageUsers, makeManageUsers } from "../reset/manage-users.ts";
import { makeReadInbox, type ReadInbox } from "../reset/read-inbox.ts";
import { makeRequestReset, type RequestReset } from "../reset/request-reset.ts";
import { makeRevokeCodes, type RevokeCodes } from "../reset/revoke-codes.ts";
import { makeSetPassword, type SetPassword } from "../reset/set-password.ts";
import { makeChargesFor } from "../throttle/charges-for.ts";
import { rememberNames } from "../throttle/remember-names.ts";
import type { Clock } from "../units.ts";
import type { Stores } from "./open-stores.ts";

export type Acts = {
  readonly requestReset: RequestReset;
  readonly checkCode: CheckCode;
  readonly completeReset: CompleteReset;
  readonly setPassword: SetPassword;
  readonly revokeCodes: RevokeCodes;
  readonly manageUsers: ManageUsers;
  /** Absent outside the demo. */
  readonly readInbox?: ReadInbox;
};

export function makeActs(parts: {
  readonly stores: Pick<Stores, "codes" | "throttle" | "directory">;
  readonly keyRing: KeyRing;
  readonly hasher: Hasher;
  /** Absent: nothing is configured that could send. */
  readonly courier?: Courier & Inbox;
  readonly clock: Clock;
}): Acts {
  const { stores, keyRing, hasher, courier, clock } = parts;
  const { directory, throttle } = stores;
  const challenges = makeChallenges({ store: stores.codes, keyRing, purpose: "password_reset" });
  const chargesFor = makeChargesFor(rememberNames((...whose) => counterDigest(keyRing, ...whose)));
  const checkCode = makeCheckCode({ directory, challenges, chargesFor, clock });
  return {
    requestReset: makeRequestReset({
      directory,
      challenges,
      chargesFor,
      clock,
      ...(courier === undefined ? {} : { courier }),
    }),
    checkCode,
    completeReset: makeCompleteReset({ directory, challenges, chargesFor, hasher, checkCode, clock }),
    setPassword: makeSetPassword({ directory, challenges, throttle, chargesFor, hasher, clock }),
    revokeCodes: makeRevokeCodes({ directory, challenges, clock }),
    manageUsers: makeManageUsers({ directory, challenges, hasher, clock }),
    ...(courier === undefined ? {} : { readInbox: makeReadInbox(courier) }),
  };
}
