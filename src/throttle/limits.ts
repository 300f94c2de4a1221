// How often may something be done? The table of limits, and the defaults of production and of the demo.

import { hour, minute, type Milliseconds } from "../units.ts";

/** What is counted. */
export type LimitedAction =
  /** A code is made and returned to the caller. */
  | "return_code"
  /** A message is sent to a user. */
  | "send_message"
  /** A code is presented, to check it or to set a password. */
  | "present_code"
  /** A wrong code is presented: the guess budget of an account over all its codes. Counts only for `account`. */
  | "guess_code"
  /** A current password is presented. */
  | "try_password";

/** Whom the count belongs to: the user, the API key, or the address that the call came from (IPv6 by its /64). */
export type LimitedParty = "account" | "caller" | "address";

/** At most `max` in `windowMs`; the window starts with the first. */
export type Limit = { readonly max: number; readonly windowMs: Milliseconds };

/** An absent entry is not limited. */
export type LimitTable = { readonly [action in LimitedAction]: { readonly [party in LimitedParty]?: Limit } };

/**
 * Production. An account's rows are for one person: more is an attack or a broken client. A caller's and an address's
 * rows keep one stolen key or one broken backend from doing it to everybody.
 * Guard: ASVS 5.0 6.1.1, 6.6.3, 6.6.4; NIST SP 800-63B-4 3.2.2 (at most 100 failures per account).
 */
export const productionLimits: LimitTable = {
  return_code: {
    account: { max: 10, windowMs: hour },
    caller: { max: 6000, windowMs: minute },
    address: { max: 6000, windowMs: minute },
  },
  send_message: {
    account: { max: 5, windowMs: hour },
    caller: { max: 600, windowMs: minute },
    address: { max: 600, windowMs: minute },
  },
  present_code: {
    caller: { max: 6000, windowMs: minute },
    address: { max: 6000, windowMs: minute },
  },
  guess_code: { account: { max: 15, windowMs: hour } },
  try_password: {
    account: { max: 10, windowMs: hour },
    caller: { max: 6000, windowMs: minute },
    address: { max: 6000, windowMs: minute },
  },
};

/** The demo: a person trying things by hand, or a script with 100 calls a minute, is never refused. */
export const demoLimits: LimitTable = {
  return_code: { account: { max: 1000, windowMs: minute } },
  send_message: { account: { max: 1000, windowMs: minute } },
  present_code: {},
  guess_code: { account: { max: 1000, windowMs: minute } },
  try_password: { account: { max: 1000, windowMs: minute } },
};
