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
  | "try_password"
  /** A stranger asks what a message will cost them, and may get a sum that costs us a key derivation. */
  | "prepare_recovery"
  /** A stranger asks for a message. Counted before anybody is looked up. */
  | "start_recovery"
  /** The same, by a form without script: counts besides, as nothing else can be asked of it. */
  | "start_recovery_without_script"
  /** A stranger presents a typed code. Counted before anybody is looked up. */
  | "present_recovery"
  /** A stranger presents a token, and says whose it is. Counted before anybody is looked up. */
  | "present_token";

/**
 * Whom the count belongs to: the user, the API key, the address that the call came from (IPv6 by its /64), what a
 * stranger typed to say who they are, whoever that is, or all of a realm.
 */
export type LimitedParty = "account" | "caller" | "address" | "identifier" | "realm";

/** At most `max` in `windowMs`; the window starts with the first. */
export type Limit = { readonly max: number; readonly windowMs: Milliseconds };

/** An absent entry is not limited. */
export type LimitTable = { readonly [action in LimitedAction]: { readonly [party in LimitedParty]?: Limit } };

/**
 * Production. An account's rows are for one person: more is an attack or a broken client. A caller's and an address's
 * rows keep one stolen key or one broken backend from doing it to everybody.
 * Strangers have rows of their own, by what they typed and not by whom it belongs to, so that no row tells who has an
 * account (Incident: C30) and none of theirs stops a backend with a key.
 * Guard: ASVS 5.0 2.4.1, 6.1.1, 6.6.3, 6.6.4; NIST SP 800-63B-4 3.2.2 (at most 100 failures per account).
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
  // Ten for each start that an address has. 0.25 ms of CPU each: a realm takes 1.5 s of a minute at the most.
  prepare_recovery: {
    address: { max: 600, windowMs: hour },
    realm: { max: 6000, windowMs: minute },
  },
  // A mailbox stands five messages an hour, whichever of the user's names is typed: that is the row of the account.
  start_recovery: {
    identifier: { max: 5, windowMs: hour },
    address: { max: 60, windowMs: hour },
    realm: { max: 600, windowMs: minute },
  },
  // Few people browse without script; a script that posts forms costs its owner nothing.
  start_recovery_without_script: {
    address: { max: 5, windowMs: hour },
    realm: { max: 60, windowMs: hour },
  },
  // Each try is a check, and the good one a completion besides. The guesses of the account end sooner.
  present_recovery: {
    identifier: { max: 30, windowMs: hour },
    address: { max: 120, windowMs: hour },
  },
  // Nobody guesses a token: this spares the work. Counted for each address apart, so that nobody stops another's link.
  present_token: { identifier: { max: 5, windowMs: 10 * minute } },
};

/**
 * All realms together, see charge-everywhere: what one process can bring to mail servers, and what nobody's legitimate
 * users reach. Guard: ASVS 5.0 6.1.1.
 */
export const limitsEverywhere = { start_recovery: { max: 6000, windowMs: minute } } as const satisfies {
  readonly [action in LimitedAction]?: Limit;
};

/** The demo: a person trying things by hand, or a script with 100 calls a minute, is never refused. */
export const demoLimits: LimitTable = {
  return_code: { account: { max: 1000, windowMs: minute } },
  send_message: { account: { max: 1000, windowMs: minute } },
  present_code: {},
  guess_code: { account: { max: 1000, windowMs: minute } },
  try_password: { account: { max: 1000, windowMs: minute } },
  prepare_recovery: {},
  start_recovery: { identifier: { max: 1000, windowMs: minute } },
  start_recovery_without_script: { realm: { max: 1000, windowMs: minute } },
  present_recovery: { identifier: { max: 1000, windowMs: minute } },
  present_token: { identifier: { max: 1000, windowMs: minute } },
};
