// Which counters does a call have to pay? Reads the realm's limit table for an action and for who is calling.

import { addressBucket } from "./address.ts";
import type { Limit, LimitedAction, LimitedParty, LimitTable } from "./limits.ts";
import type { Charge } from "./throttle.ts";

/** What is charged when a call does it; wrong codes are counted by the code store itself. */
export type ChargedAction = Exclude<LimitedAction, "guess_code">;

/** What a limit needs to know of a call. */
export type LimitedCall = {
  readonly caller: { readonly id: string; readonly realm: { readonly id: string; readonly limits: LimitTable } };
  /** An IP address as text. */
  readonly address: string;
};

/** A row of the limit table with its name. */
type NamedLimit = Limit & { readonly limit: string };

export type Charges = {
  readonly charges: readonly Charge[];
  /** The limit of the account's own counter, which stands in the account's record. */
  readonly accountLimit?: NamedLimit & { readonly counter: "returned" | "sent" };
  /** How many wrong codes the account stands. */
  readonly guessBudget?: NamedLimit;
};

/**
 * `whose`: the user whose account is charged, for actions whose counter does not stand in the account's record; or the
 * canonical identifier that a stranger typed or names.
 */
export type ChargesFor = (call: LimitedCall, action: ChargedAction, whose?: string) => Charges;

/** Makes the name of a counter, a keyed digest, so that a dump of the counters names nobody. */
export type NameCounter = (realmId: string, party: LimitedParty, name: string) => string;

export function makeChargesFor(nameCounter: NameCounter): ChargesFor {
  return function chargesFor({ caller, address }, action, whose) {
    const { id: realmId, limits } = caller.realm;

    function charge(party: LimitedParty, name: string | undefined): Charge[] {
      const limit = limits[action][party];
      if (limit === undefined || name === undefined) return [];
      return [{ ...named(action, party, limit), counter: nameCounter(realmId, party, name) }];
    }

    const charges = [...charge("caller", caller.id), ...charge("address", addressBucket(address))];
    const own = limits[action].account;
    switch (action) {
      case "return_code":
        return { charges, ...(own && { accountLimit: { ...named(action, "account", own), counter: "returned" } }) };
      case "send_message":
        return { charges, ...(own && { accountLimit: { ...named(action, "account", own), counter: "sent" } }) };
      case "present_code": {
        const budget = limits.guess_code.account;
        return { charges, ...(budget && { guessBudget: named("guess_code", "account", budget) }) };
      }
      case "try_password":
        return { charges: [...charge("account", whose), ...charges] };
      case "start_recovery":
      case "start_recovery_without_script":
      case "present_recovery":
        return { charges: [...charge("identifier", whose), ...charges, ...charge("realm", realmId)] };
      case "present_token":
        return { charges: [...charge("identifier", `${whose} ${addressBucket(address)}`), ...charges] };
    }
  };
}

function named(action: LimitedAction, party: LimitedParty, { max, windowMs }: Limit): NamedLimit {
  return { limit: `${action}.${party}`, max, windowMs };
}
