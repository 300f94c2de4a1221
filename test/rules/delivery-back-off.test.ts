// How long is it until the next attempt? Never longer than the limit, and every moment up to it is possible.

import { describe, expect, test } from "vitest";

import { backOffDelay, messageBackOff, webhookBackOff } from "../../src/delivery/back-off.ts";
import { hour, minute, second } from "../../src/units.ts";

const almostOne = () => 1 - Number.EPSILON;

describe.each([
  { name: "messages", backOff: messageBackOff, limits: [2, 4, 8, 16, 32, 64, 128, 256, 300, 300], longest: 5 * minute },
  { name: "webhooks", backOff: webhookBackOff, limits: [5, 10, 20, 40, 80, 160, 320, 640, 1280], longest: 4 * hour },
])("$name", ({ backOff, limits, longest }) => {
  test("the limit doubles from attempt to attempt", () => {
    expect(limits.map((_, attempts) => backOffDelay(backOff, attempts, almostOne) / second)).toEqual(limits);
  });

  test("it stops growing, however many attempts there were", () => {
    for (const attempts of [20, 100, 5000]) expect(backOffDelay(backOff, attempts, almostOne)).toBe(longest);
  });

  test("the jitter is full: it reaches from nothing to the limit, evenly", () => {
    expect(backOffDelay(backOff, 3, () => 0)).toBe(0);
    expect(backOffDelay(backOff, 3, () => 0.25)).toBe(backOffDelay(backOff, 3, almostOne) / 4);
    expect(backOffDelay(backOff, 3, () => 0.5)).toBe(backOffDelay(backOff, 3, almostOne) / 2);
  });
});
