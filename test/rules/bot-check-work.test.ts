// Which proof of work is taken? One of ours, for this realm, in time, at the price, once. Guard: ASVS 5.0 2.4.2.

import { createChallenge } from "altcha-lib";
import { deriveKey } from "altcha-lib/algorithms/pbkdf2";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { challengeLifetimeMs } from "../../src/bot-check/altcha/altcha-proof-of-work.ts";
import type { BotAnswer, BotCheck, BotVerdict } from "../../src/bot-check/bot-check.ts";
import { type BotCheckSettings, defaultProofOfWork } from "../../src/bot-check/bot-check-settings.ts";
import type { KeyRing } from "../../src/codes/key-ring.ts";
import { openBotCheck } from "../../src/compose/open-bot-check.ts";
import { openThrottle } from "../../src/throttle/open-throttle.ts";
import type { Throttle } from "../../src/throttle/throttle.ts";
import { openDatabase } from "../../src/sqlite/database.ts";
import { minute } from "../../src/units.ts";
import { fakeClock } from "../support/fake-clock.ts";
import { makeKeyRing } from "../support/make-key-ring.ts";
import { payloadOf, solveWork } from "../support/solve-work.ts";

const cheap = { ...defaultProofOfWork, basePrice: 2, maxPrice: 16, calm: { address: 3, realm: 8 } };
const realms: ReadonlyMap<string, BotCheckSettings> = new Map<string, BotCheckSettings>([
  ["off", { proofOfWork: { ...cheap, mode: "off" } }],
  ...["calm", "crowd", "street", "town", "cooling", "tolerance"].map((id): [string, BotCheckSettings] => [
    id,
    { proofOfWork: { ...cheap, mode: "adaptive" } },
  ]),
  ...["always", "other", "replay", "time", "keys"].map((id): [string, BotCheckSettings] => [
    id,
    { proofOfWork: { ...cheap, calm: { address: 100, realm: 100 }, mode: "always" } },
  ]),
]);

const clock = fakeClock();
const database = openDatabase(":memory:");
let throttle: Throttle;
let check: BotCheck;
beforeAll(async () => {
  throttle = await openThrottle({ kind: "embedded", database });
  check = opened(makeKeyRing(1));
});
afterAll(() => database.close());

function opened(keyRing: KeyRing): BotCheck {
  const log = { info: () => undefined, warn: () => undefined };
  return openBotCheck({ realms, throttle, keyRing, clock, log });
}

const call = (realmId: string, address = "192.0.2.1") => ({ caller: { realm: { id: realmId } }, address });
const none: BotAnswer = { kind: "none" };
const answer = (payload: string): BotAnswer => ({ kind: "proof_of_work", payload });
const passed: BotVerdict = { kind: "passed" };
const required: BotVerdict = { kind: "required" };
const failed = (problem: string) => ({ kind: "failed", problem });

async function challenge(realmId: string, address?: string, by = check): Promise<string> {
  const { proofOfWork } = await by.prepare(call(realmId, address));
  return proofOfWork?.challenge ?? "";
}

async function solved(realmId: string, address?: string): Promise<BotAnswer> {
  return answer(await solveWork(await challenge(realmId, address)));
}

/** What the solver would have to do, on average. 0: nothing is wanted. */
async function priceFor(realmId: string, address?: string): Promise<number> {
  const text = await challenge(realmId, address);
  return text === "" ? 0 : (JSON.parse(text) as { parameters: { data: { price: number } } }).parameters.data.price;
}

describe("nothing is wanted", () => {
  test.each(["off", "unknown"])("in a realm where it is %s, however often is asked", async (realmId) => {
    for (let i = 0; i < 30; i += 1) expect(await check.judge(call(realmId), none)).toEqual(passed);
    expect(await check.prepare(call(realmId))).toEqual({});
    expect(await check.judge(call(realmId), answer("anything"))).toEqual(passed);
  });

  test("while it is calm, whatever is sent", async () => {
    expect(await check.prepare(call("calm"))).toEqual({});
    expect(await check.judge(call("calm"), none)).toEqual(passed);
    expect(await check.judge(call("calm"), answer("anything"))).toEqual(passed);
  });
});

describe("heat", () => {
  const neighbour = "198.51.100.7";

  test("of one address is dear for that address alone, by its /64", async () => {
    const home = (host: number) => `2001:db8:1:2::${host}`;
    for (let i = 1; i <= 3; i += 1) expect(await check.judge(call("street", home(i)), none)).toEqual(passed);
    expect(await check.judge(call("street", home(4)), none)).toEqual(required);
    expect(await priceFor("street", home(5))).toBe(2);
    expect(await check.judge(call("street", neighbour), none)).toEqual(passed);
    expect(await priceFor("street", neighbour)).toBe(0);
  });

  test("of the realm is dear for everybody", async () => {
    for (let i = 0; i < 8; i += 1) expect(await check.judge(call("town", `192.0.2.${i}`), none)).toEqual(passed);
    expect(await priceFor("town", neighbour)).toBe(2);
    expect(await check.judge(call("town", neighbour), none)).toEqual(required);
  });

  test("is felt at once: of many who ask in the same moment, as many pass for nothing as are calm", async () => {
    const verdicts = await Promise.all(Array.from({ length: 50 }, () => check.judge(call("crowd"), none)));
    expect(verdicts.filter(({ kind }) => kind === "passed")).toHaveLength(cheap.calm.address);
  });

  test("rises with those who pass, and not with those who are turned away", async () => {
    for (let i = 0; i < 3; i += 1) await check.judge(call("cooling"), none);
    for (let i = 0; i < 20; i += 1) expect(await check.judge(call("cooling"), none)).toEqual(required);
    expect(await priceFor("cooling")).toBe(2);
    for (let i = 0; i < 3; i += 1) expect(await check.judge(call("cooling"), await solved("cooling"))).toEqual(passed);
    expect(await priceFor("cooling")).toBe(4);
  });

  test("ends with its window", async () => {
    clock.pass(cheap.windowMs - 1);
    expect(await priceFor("cooling")).toBe(4);
    clock.pass(1);
    expect(await priceFor("cooling")).toBe(0);
    expect(await check.judge(call("cooling"), none)).toEqual(passed);
  });
});

describe("a solution", () => {
  test("is taken once", async () => {
    const first = await solved("replay");
    expect(await check.judge(call("replay"), first)).toEqual(passed);
    expect(await check.judge(call("replay"), first)).toEqual(failed("replayed"));
    expect(await check.judge(call("replay", "198.51.100.9"), first)).toEqual(failed("replayed"));
  });

  test("is taken once, whatever is written differently in it", async () => {
    const { kind: _, ...first } = (await solved("replay")) as { kind: string; payload: string };
    expect(await check.judge(call("replay"), answer(first.payload))).toEqual(passed);
    const read = JSON.parse(Buffer.from(first.payload, "base64").toString()) as { challenge: object; solution: object };
    const again = payloadOf(read.challenge, { ...read.solution, time: 7, counter: 0 });
    expect(await check.judge(call("replay"), answer(again))).toEqual(failed("replayed"));
  });

  test("is good until its challenge expires, and was taken once until then", async () => {
    const early = await solved("time");
    const late = await solved("time");
    const later = await solved("time");
    const { proofOfWork } = await check.prepare(call("time"));
    expect(proofOfWork?.expiresAt).toBe(clock.now() + challengeLifetimeMs);
    expect(await check.judge(call("time"), early)).toEqual(passed);
    clock.pass(challengeLifetimeMs - 1);
    expect(await check.judge(call("time"), early)).toEqual(failed("replayed"));
    expect(await check.judge(call("time"), late)).toEqual(passed);
    clock.pass(1);
    expect(await check.judge(call("time"), later)).toEqual(failed("stale"));
    expect(await check.judge(call("time"), early)).toEqual(failed("stale"));
  });

  test("is good while the price has no more than doubled since, and then too cheap", async () => {
    for (let i = 0; i < 3; i += 1) await check.judge(call("tolerance"), none);
    const saved = await Promise.all(Array.from({ length: 7 }, () => solved("tolerance")));
    const verdicts: BotVerdict[] = [];
    // Each that passes makes it hotter: 2 up to 6 requests, then 4, from the ninth on 6.
    for (const each of saved) verdicts.push(await check.judge(call("tolerance"), each));
    expect(verdicts).toEqual([...Array.from({ length: 6 }, () => passed), failed("cheap")]);
    expect(await priceFor("tolerance")).toBe(6);
    expect(await check.judge(call("tolerance"), await solved("tolerance"))).toEqual(passed);
  });

  test("is for its realm alone", async () => {
    expect(await check.judge(call("other"), await solved("always"))).toEqual(failed("foreign"));
  });
});

describe("keys", () => {
  test("that were active before still count, those of others do not", async () => {
    const payload = await solveWork(await challenge("keys", undefined, opened(makeKeyRing(1))));
    const rotated = opened(makeKeyRing(2, 1));
    expect(await rotated.judge(call("keys"), answer(payload))).toEqual(passed);
    const fresh = await solveWork(await challenge("keys", undefined, rotated));
    expect(await check.judge(call("keys"), answer(fresh))).toEqual(failed("foreign"));
  });
});

describe("a payload that is not a solution of ours", () => {
  type Parts = {
    challenge: { parameters: Record<string, unknown> & { data: Record<string, unknown> }; signature?: string };
    solution: Record<string, unknown>;
  };

  async function altered(change: (parts: Parts) => void): Promise<BotVerdict> {
    const { payload } = (await solved("always")) as { payload: string };
    const parts = JSON.parse(Buffer.from(payload, "base64").toString()) as Parts;
    change(parts);
    return await check.judge(call("always"), answer(payloadOf(parts.challenge, parts.solution)));
  }

  test.each<[string, (parts: Parts) => void]>([
    ["another price", ({ challenge: { parameters } }) => void (parameters.data["price"] = 16)],
    ["another realm", ({ challenge: { parameters } }) => void (parameters.data["realm"] = "other")],
    ["a later end", ({ challenge: { parameters } }) => void (parameters["expiresAt"] = 4_000_000_000)],
    ["no end", ({ challenge: { parameters } }) => void delete parameters["expiresAt"]],
    ["an easier sum", ({ challenge: { parameters } }) => void (parameters["cost"] = 1)],
    ["a sum that costs us time", ({ challenge: { parameters } }) => void (parameters["cost"] = 2_000_000_000)],
    ["another algorithm", ({ challenge: { parameters } }) => void (parameters["algorithm"] = "SHA-256")],
    ["no key signature", ({ challenge: { parameters } }) => void delete parameters["keySignature"]],
    ["another nonce", ({ challenge: { parameters } }) => void (parameters["nonce"] = "0".repeat(32))],
    ["something more", ({ challenge: { parameters } }) => void (parameters["more"] = 1)],
    ["an unknown key", ({ challenge: { parameters } }) => void (parameters.data["key"] = 9)],
    ["no signature", ({ challenge: each }) => void delete each.signature],
    ["another signature", ({ challenge: each }) => void (each.signature = "0".repeat(64))],
  ])("%s: foreign", async (_name, change) => {
    expect(await altered(change)).toEqual(failed("foreign"));
  });

  test.each<[string, (parts: Parts) => void]>([
    ["another key", ({ solution }) => void (solution["derivedKey"] = "0".repeat(64))],
    [
      "half of the key, which is told",
      ({ challenge: each, solution }) => {
        solution["derivedKey"] = String(each.parameters["keyPrefix"]);
      },
    ],
    ["upper case", ({ solution }) => void (solution["derivedKey"] = String(solution["derivedKey"]).toUpperCase())],
    ["no key", ({ solution }) => void (solution["derivedKey"] = "")],
    ["a counter that cannot be", ({ solution }) => void (solution["counter"] = -1)],
  ])("%s: wrong", async (_name, change) => {
    expect(await altered(change)).toEqual(failed("wrong"));
  });

  test("a sum of somebody else's making: foreign", async () => {
    const theirs = await createChallenge({
      algorithm: "PBKDF2/SHA-256",
      cost: 1000,
      counter: 1,
      deriveKey,
      data: { realm: "always", price: 16, key: 1 },
      expiresAt: new Date(clock.now() + minute),
      hmacSignatureSecret: "theirs",
      hmacKeySignatureSecret: "theirs",
    });
    const payload = await solveWork(JSON.stringify(theirs));
    expect(await check.judge(call("always"), answer(payload))).toEqual(failed("foreign"));
  });

  test.each([
    ["nothing", ""],
    ["no base64", "{}{}"],
    ["no JSON", Buffer.from("{").toString("base64")],
    ["a number", Buffer.from("7").toString("base64")],
    ["an empty object", Buffer.from("{}").toString("base64")],
    ["deep brackets", Buffer.from("[".repeat(6000)).toString("base64")],
    ["another prototype", Buffer.from('{"__proto__":{"challenge":{}}}').toString("base64")],
    ["a payload of the protocol's first version", payloadOf("abc", 7)],
  ])("%s: foreign", async (_name, payload) => {
    expect(await check.judge(call("always"), answer(payload))).toEqual(failed("foreign"));
  });
});
