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
  readonly accountLimit?: (NamedLimit & { readonly counter: "returned" | "sent" }) | undefined;
  /** How many wrong codes the account stands. */
  readonly guessBudget?: NamedLimit | undefined;
};

/**
 * `whose`: the user whose account is charged, for actions whose counter does not stand in the account's record; or the
 * canonical identifier that a stranger typed or names.
 */
export type ChargesFor = (call: LimitedCall, action: ChargedAction, whose?: string) => Charges;

/** Makes the name of a counter, a keyed digest, so that a dump of the counters names nobody. */
export type NameCounter = (realmId: string, party: LimitedParty, name: string) => string;

export function makeChargesFor(nameCounter: NameCounter): ChargesFor {
  const rowsOf = rememberRows();

  return function chargesFor({ caller, address }, action, whose) {
    const { id: realmId, limits } = caller.realm;
    const rows = rowsOf(limits);
    const charges: Charge[] = [];

    /** A row that the action does not have, or nobody to name, costs nothing. */
    function charge(party: LimitedParty, name: string | undefined): void {
      const row = rows[action][party];
      if (row === undefined || name === undefined) return;
      const { limit, max, windowMs } = row;
      charges.push({ limit, max, windowMs, counter: nameCounter(realmId, party, name) });
    }

    const from = addressBucket(address);
    if (action === "try_password") charge("account", whose);
    charge("identifier", action === "present_token" ? `${whose} ${from}` : whose);
    charge("caller", caller.id);
    charge("address", from);
    charge("realm", realmId);

    switch (action) {
      case "return_code":
      case "send_message": {
        const own = rows[action].account;
        const counter = action === "return_code" ? "returned" : "sent";
        return { charges, accountLimit: own && { limit: own.limit, max: own.max, windowMs: own.windowMs, counter } };
      }
      case "present_code":
        return { charges, guessBudget: rows.guess_code.account };
      default:
        return { charges };
    }
  };
}

type NamedTable = { readonly [action in LimitedAction]: { readonly [party in LimitedParty]?: NamedLimit } };

/** A realm's table with the names of its rows: made once, not for each call. */
function rememberRows(): (limits: LimitTable) => NamedTable {
  const tables = new WeakMap<LimitTable, NamedTable>();
  return (limits) => {
    const known = tables.get(limits);
    if (known !== undefined) return known;
    const made = Object.fromEntries(
      Object.entries(limits).map(([action, parties]) => [
        action,
        Object.fromEntries(
          Object.entries(parties).map(([party, limit]) => [party, { limit: `${action}.${party}`, ...limit }]),
        ),
      ]),
    ) as NamedTable;
    tables.set(limits, made);
    return made;
  };
}
