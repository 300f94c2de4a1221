// How hot is it? Counts who passes the check, by address and in the realm, for all processes together.

import { addressBucket } from "../throttle/address.ts";
import type { NameCounter } from "../throttle/charges-for.ts";
import type { Charge, Throttle } from "../throttle/throttle.ts";
import type { Instant } from "../units.ts";
import type { BotCheckCall } from "./bot-check.ts";
import type { ProofOfWorkSettings } from "./bot-check-settings.ts";
import type { Heat } from "./price.ts";

type Calm = ProofOfWorkSettings["calm"];

export type Thermometer = {
  read(call: BotCheckCall, now: Instant): Promise<Heat>;
  /** What one more request is charged to: where it only has to be calm, up to there, else without an end. */
  charges(call: BotCheckCall, settings: ProofOfWorkSettings, upTo?: Calm): readonly Charge[];
};

export function makeThermometer(deps: {
  readonly throttle: Pick<Throttle, "count">;
  readonly nameCounter: NameCounter;
}): Thermometer {
  const { throttle, nameCounter } = deps;

  function counters({ caller, address }: BotCheckCall) {
    const { id } = caller.realm;
    return {
      address: { limit: "bot_check.address", counter: nameCounter(id, "address", addressBucket(address)) },
      realm: { limit: "bot_check.realm", counter: nameCounter(id, "realm", id) },
    };
  }

  return {
    async read(call, now) {
      const { address: ofAddress, realm: ofRealm } = counters(call);
      const counts = await throttle.count({ realmId: call.caller.realm.id, now, counters: [ofAddress, ofRealm] });
      const [address = 0, realm = 0] = counts;
      return { address, realm };
    },
    charges(call, { windowMs }, upTo) {
      const { address, realm } = counters(call);
      return [
        { ...address, windowMs, ...(upTo && { max: upTo.address }) },
        { ...realm, windowMs, ...(upTo && { max: upTo.realm }) },
      ];
    },
  };
}
