// Which counters does a call pay?

import { describe, expect, test } from "vitest";

import { makeChargesFor, type LimitedCall } from "../../src/throttle/charges-for.ts";
import { demoLimits, productionLimits, type LimitTable } from "../../src/throttle/limits.ts";
import { hour, minute } from "../../src/units.ts";

const chargesFor = makeChargesFor((realmId, party, name) => `${realmId}/${party}/${name}`);

function call(limits: LimitTable, address = "192.0.2.7"): LimitedCall {
  return { caller: { id: "backend", realm: { id: "shop", limits } }, address };
}

const caller = { counter: "shop/caller/backend", windowMs: minute };
const address = { counter: "shop/address/192.0.2.7", windowMs: minute };

describe("in production", () => {
  test("a returned code is charged to caller and address, and to the account's own counter", () => {
    expect(chargesFor(call(productionLimits), "return_code")).toEqual({
      charges: [
        { ...caller, limit: "return_code.caller", max: 6000 },
        { ...address, limit: "return_code.address", max: 6000 },
      ],
      accountLimit: { limit: "return_code.account", max: 10, windowMs: hour, counter: "returned" },
    });
  });

  test("a sent message is charged to the account's other counter", () => {
    const { accountLimit } = chargesFor(call(productionLimits), "send_message");
    expect(accountLimit).toEqual({ limit: "send_message.account", max: 5, windowMs: hour, counter: "sent" });
  });

  test("a presented code brings the account's guess budget", () => {
    const { accountLimit, guessBudget } = chargesFor(call(productionLimits), "present_code");
    expect(accountLimit).toBeUndefined();
    expect(guessBudget).toEqual({ limit: "guess_code.account", max: 15, windowMs: hour });
  });

  test("a tried password is charged to the account as to the others", () => {
    const { charges } = chargesFor(call(productionLimits), "try_password", "ann");
    expect(charges).toEqual([
      { limit: "try_password.account", counter: "shop/account/ann", max: 10, windowMs: hour },
      { ...caller, limit: "try_password.caller", max: 6000 },
      { ...address, limit: "try_password.address", max: 6000 },
    ]);
  });
});

test("an absent row is not charged", () => {
  expect(chargesFor(call(demoLimits), "present_code").charges).toEqual([]);
  const none = {
    return_code: {},
    send_message: {},
    present_code: {},
    guess_code: {},
    try_password: {},
    prepare_recovery: {},
    start_recovery: {},
    start_recovery_without_script: {},
    present_recovery: {},
    present_token: {},
  };
  const actions = ["return_code", "send_message", "present_code", "try_password", "start_recovery"] as const;
  for (const action of [
    ...actions,
    "prepare_recovery",
    "start_recovery_without_script",
    "present_recovery",
    "present_token",
  ] as const) {
    expect(chargesFor(call(none), action, "ann")).toEqual({ charges: [] });
  }
});

test("a token of a named user is counted by name and address, so that nobody stops another's", () => {
  const counterFrom = (from: string) =>
    chargesFor(call(productionLimits, from), "present_token", "ann@example.org").charges.map(({ counter }) => counter);
  expect(counterFrom("192.0.2.7")).toEqual(["shop/identifier/ann@example.org 192.0.2.7"]);
  expect(counterFrom("192.0.2.8")).toEqual(["shop/identifier/ann@example.org 192.0.2.8"]);
});

// Incident: C13.
test("all addresses of a /64 pay into one counter", () => {
  const counters = ["2001:db8::1", "2001:DB8:0:0:ffff::2"].map(
    (from) => chargesFor(call(productionLimits, from), "return_code").charges[1]?.counter,
  );
  expect(counters).toEqual(["shop/address/2001:db8:0:0::/64", "shop/address/2001:db8:0:0::/64"]);
});
