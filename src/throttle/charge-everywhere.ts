// How often may something be done in all realms together? One count beside those of the realms.
//
// A realm's counters share a slot of a Redis Cluster, and are charged at once. This one has a slot of its own, so it is
// charged after them and apart: what a realm's own row refuses never counts here, and one address that is refused
// cannot use up what is for everybody. In turn a call that is refused here has been counted by its realm.

import type { Instant } from "../units.ts";
import type { Limit } from "./limits.ts";
import type { ChargeOutcome, Throttle } from "./throttle.ts";

export type ChargeEverywhere = (now: Instant) => Promise<ChargeOutcome>;

/** No realm's name: those hold no stars. */
const everywhere = "*";

/** Absent: not limited, and nothing is asked of the store. */
export function makeChargeEverywhere(
  throttle: Pick<Throttle, "charge">,
  action: "start_recovery",
  limit: Limit | undefined,
): ChargeEverywhere {
  const charges = limit === undefined ? [] : [{ limit: `${action}.everywhere`, counter: "all", ...limit }];
  return async (now) => await throttle.charge({ realmId: everywhere, now, charges });
}
