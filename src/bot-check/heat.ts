// How hot is it? Counts who passes the check, by address and in the realm, for all processes together.

import { addressBucket } from "../throttle/address.ts";
import type { NameCounter } from "../throttle/charges-for.ts";
import type { Charge, Throttle } from "../throttle/throttle.ts";
import type { Instant, Milliseconds } from "../units.ts";
import type { BotCheckCall } from "./bot-check.ts";
import type { Heat } from "./price.ts";

export type Thermometer = {
  read(call: BotCheckCall, now: Instant): Promise<Heat>;
  /** What one more request is charged to. Counts without an end: hot is dear, never closed. */
  charges(call: BotCheckCall, windowMs: Milliseconds): readonly Charge[];
};

export function makeThermometer(deps: {
  readonly throttle: Pick<Throttle, "count">;
  readonly nameCounter: NameCounter;
}): Thermometer {
  const { throttle, nameCounter } = deps;

  function counters({ caller, address }: BotCheckCall) {
    const { id } = caller.realm;
    return [
      { limit: "bot_check.address", counter: nameCounter(id, "address", addressBucket(address)) },
      { limit: "bot_check.realm", counter: nameCounter(id, "realm", id) },
    ];
  }

  return {
    async read(call, now) {
      const counts = await throttle.count({ realmId: call.caller.realm.id, now, counters: counters(call) });
      const [address = 0, realm = 0] = counts;
      return { address, realm };
    },
    charges: (call, windowMs) => counters(call).map((counter) => ({ ...counter, windowMs })),
  };
}
