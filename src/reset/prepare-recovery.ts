// What does a stranger hear who asks what starting will cost? The bot check's wish, as often as a limit lets them ask.
//
// To make a sum costs us a key derivation, about 0.25 ms of CPU, and its asker nothing: the dearest thing that is to be had
// without a name. Nobody is looked up, and nothing is remembered but the count.

import type { BotCheck, BotCheckWish } from "../bot-check/bot-check.ts";
import type { ChargesFor } from "../throttle/charges-for.ts";
import type { Throttle } from "../throttle/throttle.ts";
import type { Clock } from "../units.ts";
import type { Call } from "./caller.ts";
import { refuseLimited } from "./refuse-limited.ts";

export type PrepareRecovery = (call: Call) => Promise<BotCheckWish>;

export function makePrepareRecovery(deps: {
  readonly botCheck: Pick<BotCheck, "prepare">;
  readonly throttle: Throttle;
  readonly chargesFor: ChargesFor;
  readonly clock: Clock;
}): PrepareRecovery {
  const { botCheck, throttle, chargesFor, clock } = deps;

  return async function prepareRecovery(call) {
    const { charges } = chargesFor(call, "prepare_recovery");
    refuseLimited(await throttle.charge({ realmId: call.caller.realm.id, now: clock.now(), charges }));
    return await botCheck.prepare(call);
  };
}
