// What must every throttle keep? One suite for all of them; it takes only `open()`.

import { randomUUID } from "node:crypto";

import { afterAll, beforeAll, describe, expect, test } from "vitest";

import type { Charge, ChargeOutcome, CounterName, Throttle } from "../../src/throttle/throttle.ts";
import { hour, minute, second } from "../../src/units.ts";

export type OpenedThrottle = {
  readonly throttle: Throttle;
  /** What is there after the process that kept the counters has ended and another one has opened them. */
  reopen(): Promise<Throttle>;
  close(): Promise<void>;
};

const start = 1_800_000_000_000;
const granted: ChargeOutcome = { kind: "granted" };

/** A counter that no other test knows. */
function newCharge(changes: Partial<Charge> = {}): Charge {
  return { limit: "return_code.caller", counter: randomUUID(), max: 3, windowMs: minute, ...changes };
}

export function throttleContract(name: string, open: () => Promise<OpenedThrottle>): void {
  describe(`the throttle on ${name}`, () => {
    let opened: OpenedThrottle;
    let throttle: Throttle;
    beforeAll(async () => {
      opened = await open();
      throttle = opened.throttle;
    });
    afterAll(() => opened.close());

    const charge = (charges: readonly Charge[], now = start, realmId = "contract") =>
      throttle.charge({ realmId, now, charges });

    const count = (counters: readonly CounterName[], now = start, realmId = "contract") =>
      throttle.count({ realmId, now, counters });

    test("grants what is charged to nothing", async () => {
      expect(await charge([])).toEqual(granted);
    });

    test("grants exactly max in a window, and says when it ends", async () => {
      const one = newCharge();
      for (const ms of [0, 1, 2]) expect(await charge([one], start + ms)).toEqual(granted);
      const limited = { kind: "limited", limit: "return_code.caller" };
      expect(await charge([one], start + 3)).toEqual({ ...limited, retryAfterMs: minute - 3 });
      expect(await charge([one], start + minute - 1)).toEqual({ ...limited, retryAfterMs: 1 });
    });

    test("begins a window with its first charge, not with the clock's minute", async () => {
      const one = newCharge({ max: 1 });
      const odd = start + 12_345;
      expect(await charge([one], odd)).toEqual(granted);
      expect(await charge([one], odd + minute - 1)).toMatchObject({ kind: "limited" });
      expect(await charge([one], odd + minute)).toEqual(granted);
      expect(await charge([one], odd + minute + 1)).toMatchObject({ retryAfterMs: minute - 1 });
    });

    test("charges nobody when one of the counters is full", async () => {
      const full = newCharge({ limit: "full", max: 1 });
      const free = newCharge({ limit: "free", max: 2 });
      await charge([full, free]);
      for (let i = 0; i < 5; i += 1) expect(await charge([free, full])).toMatchObject({ limit: "full" });
      expect(await charge([free])).toEqual(granted);
      expect(await charge([free])).toMatchObject({ limit: "free" });
    });

    test("names the limit that is free last when several are full", async () => {
      const charges = [
        newCharge({ limit: "short", max: 1, windowMs: second }),
        newCharge({ limit: "long", max: 1, windowMs: hour }),
        newCharge({ limit: "middle", max: 1, windowMs: minute }),
      ];
      await charge(charges);
      expect(await charge(charges, start + 1)).toEqual({ kind: "limited", limit: "long", retryAfterMs: hour - 1 });
    });

    test("keeps limits, counters and realms apart", async () => {
      const one = newCharge({ max: 1 });
      expect(await charge([one])).toEqual(granted);
      expect(await charge([{ ...one, limit: "send_message.caller" }])).toEqual(granted);
      expect(await charge([{ ...one, counter: randomUUID() }])).toEqual(granted);
      expect(await charge([one], start, "other")).toEqual(granted);
      expect(await charge([one])).toMatchObject({ kind: "limited" });
    });

    test("counts beyond what one byte holds", async () => {
      const many = newCharge({ max: 1000 });
      const answers = await Promise.all(Array.from({ length: 1001 }, () => charge([many])));
      expect(answers.filter(({ kind }) => kind === "granted")).toHaveLength(1000);
    });

    test("counts what has no max, and is never full of it", async () => {
      const { max: _, ...endless } = newCharge();
      const full = newCharge({ limit: "full", max: 2 });
      for (let i = 0; i < 5; i += 1) expect(await charge([endless])).toEqual(granted);
      expect(await count([endless])).toEqual([5]);
      for (const kind of ["granted", "granted", "limited"])
        expect(await charge([endless, full])).toMatchObject({ kind });
      expect(await count([endless, full])).toEqual([7, 2]);
    });

    test("tells how much was charged in the window that runs, each in its place, and charges nothing", async () => {
      const [one, other] = [newCharge({ max: 2 }), newCharge({ windowMs: hour })];
      await charge([one, other]);
      await charge([other]);
      const names = [one, { ...one, limit: "never.charged" }, other];
      for (let i = 0; i < 3; i += 1) expect(await count(names, start + minute - 1)).toEqual([1, 0, 2]);
      expect(await count(names, start + minute)).toEqual([0, 0, 2]);
      expect(await count([one], start, "other")).toEqual([0]);
      expect(await count([])).toEqual([]);
      expect(await charge([one])).toEqual(granted);
    });

    // Last, because it replaces the throttle.
    test("goes on counting after a restart", async () => {
      const one = newCharge({ max: 2 });
      await charge([one]);
      throttle = await opened.reopen();
      expect(await charge([one])).toEqual(granted);
      expect(await charge([one], start + 1)).toEqual({
        kind: "limited",
        limit: "return_code.caller",
        retryAfterMs: minute - 1,
      });
    });
  });
}
