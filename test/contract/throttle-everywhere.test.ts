// Is what all realms share counted once, over all processes and in every store, a Cluster too?

import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { makeChargeEverywhere } from "../../src/throttle/charge-everywhere.ts";
import { openThrottle } from "../../src/throttle/open-throttle.ts";
import type { Throttle } from "../../src/throttle/throttle.ts";
import { minute } from "../../src/units.ts";
import { type Home, homes } from "../support/open-homes.ts";

const start = 1_800_000_000_000;

describe.each(Object.entries(homes))("in %s", (_, openHome) => {
  let opened: Home;
  let throttles: readonly Throttle[];
  beforeAll(async () => {
    opened = await openHome();
    throttles = await Promise.all([openThrottle(opened.home), openThrottle(opened.home)]);
  });
  afterAll(async () => await opened.close());

  test("the window lets so many through, whoever asks", async () => {
    const limit = { max: 20, windowMs: minute };
    const chargers = throttles.map((throttle) => makeChargeEverywhere(throttle, "start_recovery", limit));
    const turns = Array.from({ length: 30 }, async (__, index) => await chargers[index % 2]?.(start));
    const outcomes = await Promise.all(turns);
    expect(outcomes.filter((outcome) => outcome?.kind === "granted")).toHaveLength(20);
    const limited = { kind: "limited", limit: "start_recovery.everywhere" };
    expect(await chargers[0]?.(start + 1)).toEqual({ ...limited, retryAfterMs: minute - 1 });
    expect(await chargers[1]?.(start + minute)).toEqual({ kind: "granted" });
  });

  test("what is not limited is let through", async () => {
    for (const throttle of throttles) {
      const charge = makeChargeEverywhere(throttle, "start_recovery", undefined);
      expect(await charge(start)).toEqual({ kind: "granted" });
    }
  });
});
