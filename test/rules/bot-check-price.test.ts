// What does it cost to ask? Nothing while it is calm, more the hotter it is, and never more than the most.

import { describe, expect, test } from "vitest";

import { defaultProofOfWork } from "../../src/bot-check/bot-check-settings.ts";
import { isEnough, priceAt } from "../../src/bot-check/price.ts";

const settings = { ...defaultProofOfWork, basePrice: 100, maxPrice: 450, calm: { address: 10, realm: 50 } };
const price = (address: number, realm: number, isWanted = false) => priceAt({ address, realm }, settings, { isWanted });

describe("the price", () => {
  test.each([
    ["nothing was asked", 0, 0, 0],
    ["it is calm", 9, 49, 0],
    ["an address is no longer calm", 10, 10, 100],
    ["the realm is no longer calm", 1, 50, 100],
    ["an address asks twice as much", 20, 20, 200],
    ["the realm asks three times as much", 1, 199, 300],
    ["both are hot: the hotter one counts", 20, 150, 300],
    ["it is hotter than the highest price", 1000, 60_000, 450],
  ])("%s", (_name, address, realm, expected) => {
    expect(price(address, realm)).toBe(expected);
  });

  test("is never nothing where it is always wanted", () => {
    expect(price(0, 0, true)).toBe(100);
    expect(price(20, 0, true)).toBe(200);
  });
});

test.each([
  [100, 200, true],
  [100, 201, false],
  [200, 100, true],
])("an answer worth %i, when %i is asked for, is enough: %s", (paid, asked, expected) => {
  expect(isEnough(paid, asked)).toBe(expected);
});
