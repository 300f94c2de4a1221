// Which settings do the limits have? The schema of a realm's `limits`, filled up with the table of production.

import { z } from "zod";

import {
  type Limit,
  type LimitedAction,
  type LimitedParty,
  limitsEverywhere,
  productionLimits,
} from "../throttle/limits.ts";
import { hour, second } from "../units.ts";
import { formatDuration } from "./duration.ts";
import { duration } from "./forms.ts";

/** The stores count up to here. */
const largestCount = 65_000;
const longestWindow = 7 * 24 * hour;

const parties: Readonly<Record<LimitedParty, string>> = {
  account: "For one user.",
  caller: "For one API key.",
  address: "For one address that calls come from (IPv6 by its /64).",
  identifier: "For one name, mail address or number that was typed, whoever it belongs to.",
  realm: "For all of the realm.",
};

const limit = z.strictObject({
  max: z.int().min(1).max(largestCount).meta({ description: "At most this many in a window." }),
  window: duration("How long a window is; it starts with the first.", second, longestWindow),
});

function row(action: LimitedAction, party: LimitedParty) {
  return rowOf(productionLimits[action][party], parties[party]);
}

function rowOf(fallback: Limit | undefined, description: string) {
  return z
    .union([z.literal("off"), limit])
    .prefault(fallback === undefined ? "off" : { max: fallback.max, window: formatDuration(fallback.windowMs) })
    .meta({ description, "x-form": "a limit, {max: 5, window: 1h}, or off" });
}

/** Beside those of each realm. */
export const limitEverywhereSchema = z
  .strictObject({
    start_recovery: rowOf(limitsEverywhere.start_recovery, "Somebody without a key asks for a message, in any realm."),
  })
  .prefault({})
  .meta({ description: "How often something may be done in all realms together." });

function rows(action: LimitedAction, description: string) {
  return z
    .strictObject({ account: row(action, "account"), caller: row(action, "caller"), address: row(action, "address") })
    .prefault({})
    .meta({ description });
}

export const limitSchema = z
  .strictObject({
    return_code: rows("return_code", "A code is made and returned to the caller."),
    send_message: rows("send_message", "A message is sent to a user."),
    present_code: rows("present_code", "A code is presented, to check it or to set a password."),
    guess_code: z
      .strictObject({ account: row("guess_code", "account") })
      .prefault({})
      .meta({ description: "A wrong code is presented: the guesses of a user over all codes. Links are not stopped." }),
    try_password: rows("try_password", "A current password is presented."),
    prepare_recovery: z
      .strictObject({
        address: row("prepare_recovery", "address"),
        realm: row("prepare_recovery", "realm"),
      })
      .prefault({})
      .meta({
        description: "Somebody without a key asks what starting will cost: `PrepareRecovery` makes a proof of work.",
      }),
    start_recovery: z
      .strictObject({
        identifier: row("start_recovery", "identifier"),
        address: row("start_recovery", "address"),
        realm: row("start_recovery", "realm"),
      })
      .prefault({})
      .meta({ description: "Somebody without a key asks for a message. Counted before anybody is looked up." }),
    start_recovery_without_script: z
      .strictObject({
        address: row("start_recovery_without_script", "address"),
        realm: row("start_recovery_without_script", "realm"),
      })
      .prefault({})
      .meta({
        description:
          "The same by the hosted page's plain form, for browsers without script. Counts besides; no proof of work can be " +
          "asked for there.",
      }),
    present_recovery: z
      .strictObject({
        identifier: row("present_recovery", "identifier"),
        address: row("present_recovery", "address"),
      })
      .prefault({})
      .meta({ description: "Somebody without a key presents a typed code. Links are not stopped." }),
    present_token: z
      .strictObject({ identifier: row("present_token", "identifier") })
      .prefault({})
      .meta({
        description:
          "Somebody without a key presents a token and names its user, as in Keygen's API. By address apart.",
      }),
  })
  .prefault({})
  .meta({ description: "How often something may be done. Each row that is named replaces the default row." });
