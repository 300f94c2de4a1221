// What rests in Redis, and for how long? Names, slots, expiries, and scripts that Redis forgot.

import { randomUUID } from "node:crypto";

import type { Redis } from "ioredis";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";

import type { CodeStore, IssueRequest, PresentRequest } from "../../src/codes/code-store.ts";
import { openCodeStore } from "../../src/codes/open-code-store.ts";
import { openRedis, type RedisConnection } from "../../src/redis/connection.ts";
import { openThrottle } from "../../src/throttle/open-throttle.ts";
import { hour, minute, second } from "../../src/units.ts";
import { startRedis, startRedisCluster, type RedisServer } from "../support/start-redis.ts";

const start = 1_800_000_000_000;
const code = { keyId: 1, digest: Buffer.from("right code......").toString("base64url") };
const wrong = { keyId: 1, digest: Buffer.from("wrong code......").toString("base64url") };
const charges = [{ limit: "caller", counter: "c".repeat(22), max: 1000, windowMs: hour }];
const accountLimit = { counter: "returned", limit: "account", max: 1000, windowMs: 3 * hour } as const;
const guessBudget = { limit: "guesses", max: 1000, windowMs: 2 * hour };
const key = { realmId: "keys", subject: "s".repeat(22) };
const accountKey = `rekey:{keys}:c:${key.subject}`;
const counterKey = `rekey:{keys}:t:caller:${"c".repeat(22)}`;

function issueRequest(changes: Partial<IssueRequest> = {}): IssueRequest {
  const times = { now: start, expiresAt: start + 10 * minute, rememberMs: hour };
  return { ...key, ...times, code, passwordVersion: 1, accountLimit, charges, ...changes };
}

function presentRequest(changes: Partial<PresentRequest> = {}): PresentRequest {
  const secret = { secretKind: "code", candidates: [code], maxTries: 5 } as const;
  return { ...key, now: start, ...secret, guessBudget, charges, ...changes };
}

/** Each kind of call once, so that every script runs. */
function everyCall(store: CodeStore): (() => Promise<unknown>)[] {
  const claim = { claimId: "the one claim", claimedUntil: start + 30 * second };
  return [
    () => store.issue(issueRequest()),
    () => store.check(presentRequest({ candidates: [wrong] })),
    () => store.claim({ ...presentRequest(), ...claim }),
    () => store.release({ ...key, claimId: claim.claimId }),
    () => store.revoke({ ...key, now: start }),
    () => store.finish({ ...key, now: start }),
  ];
}

describe("in one Redis", () => {
  let server: RedisServer;
  let redis: RedisConnection;
  let client: Redis;
  let store: CodeStore;
  beforeAll(async () => {
    server = await startRedis();
    redis = await openRedis({ url: server.url });
    client = redis.client as Redis;
    store = await openCodeStore({ kind: "redis", redis });
  });
  afterAll(async () => {
    await redis.close();
    await server.stop();
  });
  beforeEach(() => client.flushall());

  function msLeft(): Promise<number> {
    return client.pttl(accountKey);
  }

  test("an account is one key, and so is each counter of others", async () => {
    for (const call of everyCall(store)) {
      await call();
      expect((await client.keys("*")).toSorted()).toEqual([accountKey, counterKey]);
    }
  });

  // Guard: ASVS 5.0 14.2.7.
  test("every key expires by itself, after every call", async () => {
    for (const call of everyCall(store)) {
      await call();
      for (const name of await client.keys("*")) expect(await client.pttl(name)).toBeGreaterThan(0);
    }
  });

  test("a running window keeps its end: a later charge does not prolong the counter's life", async () => {
    const throttle = await openThrottle({ kind: "redis", redis });
    const charge = (now: number) => throttle.charge({ realmId: "keys", now, charges });
    await charge(start);
    const end = await client.pexpiretime(counterKey);
    for (const ms of [1, minute, 59 * minute]) {
      await charge(start + ms);
      expect(await client.pexpiretime(counterKey)).toBe(end);
    }
    // A new window has a new end: its own length from now, whatever was left of the old one.
    await client.pexpire(counterKey, second);
    await charge(start + hour);
    expect(await client.pttl(counterKey)).toBeGreaterThan(59 * minute);
  });

  test("an account's record lives as long as the last thing in it matters", async () => {
    // The window of returned codes is the longest.
    await store.issue(issueRequest());
    expect(await msLeft()).toBeGreaterThan(2 * hour);
    // It is over at the same instant, whatever is written in between.
    await store.issue(issueRequest({ now: start + 2 * hour, expiresAt: start + 2 * hour, rememberMs: 0 }));
    expect(await msLeft()).toBeLessThanOrEqual(hour);
    await store.finish({ ...key, now: start + 3 * hour - 5 * minute });
    expect(await msLeft()).toBeLessThanOrEqual(5 * minute);
    // Then only the sequence is left, for as long as clocks may differ.
    await store.revoke({ ...key, now: start + 4 * hour });
    expect(await msLeft()).toBeLessThanOrEqual(minute);
  });

  test.each([
    ["returned codes", { accountLimit: { ...accountLimit, counter: "returned" } }],
    ["sent codes", { accountLimit: { ...accountLimit, counter: "sent" } }],
    ["guesses", { guessBudget: { ...guessBudget, windowMs: 3 * hour } }],
  ] as const)("a record lives to the end of its window of %s", async (_what, limits) => {
    const { accountLimit: _none, ...unlimited } = issueRequest();
    await store.issue({ ...unlimited, ...("accountLimit" in limits && limits) });
    await store.check(presentRequest({ candidates: [wrong], ...("guessBudget" in limits && limits) }));
    expect(await msLeft()).toBeGreaterThan(2 * hour + 59 * minute);
  });

  test("a release keeps the record's expiry", async () => {
    await store.issue(issueRequest({ now: start }));
    const claim = { claimId: "mine", claimedUntil: start + 2 * hour + 30 * second };
    await store.claim({ ...presentRequest({ now: start + 9 * minute }), ...claim });
    const before = await client.pexpiretime(accountKey);
    await store.release({ ...key, claimId: "mine" });
    expect(await client.pexpiretime(accountKey)).toBe(before);
  });

  test("a script that Redis forgot is sent again, once, and counts once", async () => {
    for (const call of everyCall(store)) {
      await client.script("FLUSH");
      await call();
    }
    const fresh = randomUUID();
    const exact = presentRequest({ subject: fresh, candidates: [wrong], maxTries: 3 });
    await store.issue(issueRequest({ subject: fresh }));
    for (let i = 0; i < 3; i += 1) {
      await client.script("FLUSH");
      expect(await store.check(exact)).toEqual({ kind: "mismatch" });
    }
    await client.script("FLUSH");
    expect(await store.check({ ...exact, candidates: [code] })).toEqual({ kind: "exhausted" });
  });

  test("each call is one command", async () => {
    for (const call of everyCall(store)) await call();
    for (const call of everyCall(store)) {
      await client.config("RESETSTAT");
      await call();
      const stats = await client.info("commandstats");
      expect(stats).toMatch(/cmdstat_evalsha:calls=1,/);
      expect(stats).not.toMatch(/cmdstat_(eval|multi|script)\b/);
    }
  });

  test("a record of an unknown format is refused, not guessed at", async () => {
    await client.set(accountKey, "\u0003 from the future");
    await expect(store.check(presentRequest())).rejects.toMatchObject({ name: "Outage", dependency: "redis" });
  });

  describe("the bytes of a record", () => {
    const token = { keyId: 1, digest: Buffer.from("right token.....").toString("base64url") };
    const { accountLimit: _none, ...unlimited } = issueRequest();
    const hexOf = async () => (await client.getBuffer(accountKey))?.toString("hex");
    const [format1, format2] = ["01", "02"];
    // 1,800,000,000,000 in six bytes, and the instants behind it.
    const [startHex, nextHex, minuteHex, endHex] = ["01a3185c5000", "01a3185c5001", "01a3185d3a60", "01a3186577c0"];
    const challengeHex = `01${endHex}0036ee80000000000000010000`;
    const codeHex = Buffer.from("right code......").toString("hex");
    const tokenHex = Buffer.from("right token.....").toString("hex");

    test("of a single code are 44, in the format of the first version", async () => {
      await store.issue(unlimited);
      expect(await hexOf()).toBe(`${format1}18${startHex}${challengeHex}${codeHex}`);
      expect(await client.strlen(accountKey)).toBe(44);
      await store.issue({ ...issueRequest(), subject: "limited" });
      expect(await client.strlen("rekey:{keys}:c:limited")).toBe(52);
    });

    test("of a code that ends before its token are 23 more: the token and one time", async () => {
      await store.issue({ ...unlimited, token, codeExpiresAt: start + minute });
      expect(await hexOf()).toBe(`${format2}3801${startHex}${challengeHex}${codeHex}${tokenHex}${minuteHex}`);
      expect(await client.strlen(accountKey)).toBe(44 + 1 + 16 + 6);
    });

    test("of a code that has replaced another are 18 more", async () => {
      await store.issue(unlimited);
      await store.issue({ ...unlimited, code: wrong });
      const wrongHex = Buffer.from("wrong code......").toString("hex");
      expect(await hexOf()).toBe(`${format2}1802${nextHex}${challengeHex}${wrongHex}01${codeHex}`);
      expect(await client.strlen(accountKey)).toBe(44 + 1 + 1 + 16);
    });

    test("of the first version are read as they were meant", async () => {
      const mine = Buffer.from("mine").toString("hex");
      const claimed = `${format1}b8${startHex}${challengeHex}${codeHex}${tokenHex}${minuteHex}04${mine}`;
      await client.set(accountKey, Buffer.from(claimed, "hex"), "PX", hour);
      expect(await store.check(presentRequest())).toEqual({ kind: "busy", retryAfterMs: minute });
      await store.release({ ...key, claimId: "mine" });
      const good = { kind: "good", passwordVersion: 1, expiresAt: start + 10 * minute };
      expect(await store.check(presentRequest())).toEqual(good);
      expect(await store.check(presentRequest({ secretKind: "token", candidates: [token] }))).toEqual(good);
      expect(await store.check(presentRequest({ candidates: [wrong] }))).toEqual({ kind: "mismatch" });
    });
  });
});

describe("in a Redis Cluster", () => {
  test("all keys of a realm are in one slot, and realms are in many", async () => {
    const cluster = await startRedisCluster();
    const redis = await openRedis({ url: cluster.url });
    const store = await openCodeStore({ kind: "redis", redis });
    const realms = ["a", "b", "demo", "shop", "realm-5", "realm-6"];
    for (const realmId of realms) {
      for (const subject of ["one", "two", "three"]) await store.issue(issueRequest({ realmId, subject }));
    }
    const nodes = await Promise.all(cluster.ports.map((port) => openRedis({ url: `redis://127.0.0.1:${port}` })));
    const slots = new Map<string, Set<number>>();
    for (const { client } of nodes) {
      for (const name of await client.keys("*")) {
        const realm = name.slice(0, name.indexOf("}"));
        const slot = Number(await client.call("CLUSTER", "KEYSLOT", name));
        slots.set(realm, (slots.get(realm) ?? new Set()).add(slot));
      }
    }
    await Promise.all([redis, ...nodes].map((connection) => connection.close()));
    await cluster.stop();
    expect([...slots.values()].map(({ size }) => size)).toEqual(realms.map(() => 1));
    const first = [...slots.values()].map((ofRealm) => Math.min(...ofRealm));
    expect(new Set(first).size).toBe(realms.length);
  });
});
