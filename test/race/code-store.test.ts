// Are codes safe when many come at once, over many connections and processes?

import { randomUUID } from "node:crypto";

import { afterAll, beforeAll, describe, expect, test } from "vitest";

import type { IssueRequest, PresentRequest } from "../../src/codes/code-store.ts";
import { hour, minute, second } from "../../src/units.ts";
import { openFileRacers, openRedisRacers, type Call, type Outcome, type Racers } from "./racers.ts";

const start = 1_800_000_000_000;
const right = { keyId: 1, digest: Buffer.from("right code......").toString("base64url") };
const wrong = { keyId: 1, digest: Buffer.from("wrong code......").toString("base64url") };

function issue(subject: string, changes: Partial<IssueRequest> = {}): Call {
  const times = { now: start, expiresAt: start + 10 * minute, rememberMs: hour };
  return {
    kind: "issue",
    request: { realmId: "race", subject, ...times, code: right, passwordVersion: 1, charges: [], ...changes },
  };
}

function present(subject: string, changes: Partial<PresentRequest> = {}): PresentRequest {
  const secret = { secretKind: "code", candidates: [right], maxTries: 5 } as const;
  return { realmId: "race", subject, now: start + second, ...secret, charges: [], ...changes };
}

function check(subject: string, changes: Partial<PresentRequest> = {}): Call {
  return { kind: "check", request: present(subject, changes) };
}

function claim(subject: string): Call {
  return {
    kind: "claim",
    request: { ...present(subject), claimId: randomUUID(), claimedUntil: start + 31 * second },
  };
}

function veto(subject: string, now: number): Call {
  const blocked = { blockedUntil: now + hour, rememberMs: hour };
  return { kind: "veto", request: { realmId: "race", subject, now, provenAt: start, ...blocked } };
}

function times(count: number, make: () => Call): Call[] {
  return Array.from({ length: count }, make);
}

/** How many outcomes there are of each kind. */
function tally(outcomes: readonly Outcome[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { kind } of outcomes) counts[kind] = (counts[kind] ?? 0) + 1;
  return counts;
}

const places: Readonly<Record<string, () => Promise<Racers>>> = {
  "32 connections to one Redis": () => openRedisRacers(32),
  "4 processes on one file": () => openFileRacers(4),
};

describe.each(Object.entries(places))("over %s", (_name, open) => {
  let racers: Racers;
  beforeAll(async () => {
    racers = await open();
  });
  afterAll(() => racers.close());

  // Guard: ASVS 5.0 6.5.1, 15.4.2. Incident: C14.
  test("of 64 who claim one code exactly one gets it", async () => {
    for (let round = 0; round < 5; round += 1) {
      const subject = randomUUID();
      await racers.race([issue(subject)]);
      expect(tally(await racers.race(times(64, () => claim(subject))))).toEqual({ claimed: 1, busy: 63 });
    }
  });

  // Guard: ASVS 5.0 2.3.4. Incident: C11.
  test("500 wrong codes at once count 500 tries and 500 guesses, not one less", async () => {
    for (const [ceiling, then] of [
      [500, "exhausted"],
      [501, "good"],
    ] as const) {
      const subject = randomUUID();
      await racers.race([issue(subject)]);
      const guess = () => check(subject, { candidates: [wrong], maxTries: ceiling });
      expect(tally(await racers.race(times(500, guess)))).toEqual({ mismatch: 500 });
      expect(tally(await racers.race([check(subject, { maxTries: ceiling })]))).toEqual({ [then]: 1 });
    }
    for (const [budget, then] of [
      [500, "over_budget"],
      [501, "good"],
    ] as const) {
      const subject = randomUUID();
      const guessBudget = { limit: "guesses", max: budget, windowMs: hour };
      await racers.race([issue(subject)]);
      const guess = () => check(subject, { candidates: [wrong], maxTries: 1000, guessBudget });
      expect(tally(await racers.race(times(500, guess)))).toEqual({ mismatch: 500 });
      expect(tally(await racers.race([check(subject, { maxTries: 1000, guessBudget })]))).toEqual({ [then]: 1 });
    }
  });

  // Incident: C11.
  test("of 500 wrong codes at once no more are compared than one code stands", async () => {
    const subject = randomUUID();
    await racers.race([issue(subject)]);
    const guesses = await racers.race(times(500, () => check(subject, { candidates: [wrong] })));
    expect(tally(guesses)).toEqual({ mismatch: 5, exhausted: 495 });
  });

  // Guard: ASVS 5.0 6.6.4, 15.4.2. Incident: C25.
  test("an account's limit of 10 lets exactly 10 of 200 through, each with a sequence of its own", async () => {
    const subject = randomUUID();
    const accountLimit = { counter: "sent", limit: "send_message.account", max: 10, windowMs: hour } as const;
    const outcomes = await racers.race(times(200, () => issue(subject, { accountLimit })));
    expect(tally(outcomes)).toEqual({ issued: 10, limited: 190 });
    const sequences = outcomes.flatMap((outcome) => (outcome.kind === "issued" ? [outcome.sequence] : []));
    expect(new Set(sequences).size).toBe(10);
  });

  test("64 vetoes at once are one: all hear of the same", async () => {
    const subject = randomUUID();
    const vetoes = Array.from({ length: 64 }, (_, index) => veto(subject, start + minute + index));
    const outcomes = await racers.race(vetoes);
    expect(new Set(outcomes.map((outcome) => JSON.stringify(outcome))).size).toBe(1);
  });

  // Guard: ASVS 5.0 15.4.2.
  test("whatever races with a veto: no code is good after it, and none is made", async () => {
    for (let round = 0; round < 5; round += 1) {
      const subject = randomUUID();
      await racers.race([issue(subject)]);
      const others = times(32, () => issue(subject)).concat(times(31, () => claim(subject)));
      await racers.race([...others.slice(0, 30), veto(subject, start + second), ...others.slice(30)]);
      expect(tally(await racers.race([check(subject), claim(subject), issue(subject)]))).toEqual({ blocked: 3 });
    }
  });

  test("a caller's limit of 30 lets exactly 30 of 200 through, over all accounts", async () => {
    const charges = [{ limit: "return_code.caller", counter: randomUUID(), max: 30, windowMs: hour }];
    const outcomes = await racers.race(times(200, () => issue(randomUUID(), { charges })));
    expect(tally(outcomes)).toEqual({ issued: 30, limited: 170 });
  });
});
