// What does every store of codes do with a veto? Burns, forbids for a time, remembers, and counts a proof once.

import { randomUUID } from "node:crypto";

import { afterAll, beforeAll, describe, expect, test } from "vitest";

import type { CodeStore, PresentRequest, VetoRequest } from "../../src/codes/code-store.ts";
import { openCodeStore } from "../../src/codes/open-code-store.ts";
import { hour, minute, second } from "../../src/units.ts";
import { type Home, homes } from "../support/open-homes.ts";

const start = 1_800_000_000_000;
const digestOf = (name: string) => ({ keyId: 1, digest: Buffer.from(name.padEnd(16, ".")).toString("base64url") });
const [code, token, older, wrong] = ["code", "token", "older", "wrong"].map(digestOf);
const realmId = "veto";

describe.each(Object.entries(homes))("a veto in %s", (_, openHome) => {
  let opened: Home;
  let store: CodeStore;
  beforeAll(async () => {
    opened = await openHome();
    store = await openCodeStore(opened.home);
  });
  afterAll(async () => await opened.close());

  const issue = async (subject: string, now = start, digest = code) =>
    await store.issue({
      realmId,
      subject,
      now,
      ...(digest && { code: digest }),
      ...(token && digest === code && { token }),
      expiresAt: now + hour,
      rememberMs: 24 * hour,
      passwordVersion: 1,
      charges: [],
      accountLimit: { counter: "sent", limit: "sends", max: 10, windowMs: hour },
    });
  const present = (subject: string, now: number, digest = code, changes: Partial<PresentRequest> = {}) => ({
    realmId,
    subject,
    now,
    secretKind: "code" as const,
    candidates: digest === undefined ? [] : [digest],
    maxTries: 5,
    charges: [],
    ...changes,
  });
  const check = async (...args: Parameters<typeof present>) => await store.check(present(...args));
  const veto = async (subject: string, now: number, changes: Partial<VetoRequest> = {}) =>
    await store.veto({
      realmId,
      subject,
      now,
      provenAt: start,
      blockedUntil: now + 24 * hour,
      rememberMs: 72 * hour,
      ...changes,
    });

  test("burns what lives, and tells its holder that it is blocked, by code and by token, to check and to claim", async () => {
    const subject = randomUUID();
    await issue(subject);
    const vetoedAt = start + minute;
    expect(await veto(subject, vetoedAt)).toEqual({ vetoedAt, blockedUntil: vetoedAt + 24 * hour });
    const blocked = { kind: "blocked", retryAfterMs: 24 * hour - second };
    const now = vetoedAt + second;
    expect(await check(subject, now)).toEqual(blocked);
    expect(await check(subject, now, token, { secretKind: "token" })).toEqual(blocked);
    const claim = { ...present(subject, now), claimId: "a-random-name", claimedUntil: now + minute };
    expect(await store.claim(claim)).toEqual(blocked);
  });

  test("tells whoever has another code nothing, and counts the guess", async () => {
    const subject = randomUUID();
    await issue(subject);
    await veto(subject, start + minute);
    const guessBudget = { limit: "guesses", max: 1, windowMs: hour };
    const guess = () => check(subject, start + minute, wrong, { guessBudget });
    expect(await guess()).toEqual({ kind: "used", matched: false });
    expect(await guess()).toMatchObject({ kind: "over_budget" });
    expect(await check(randomUUID(), start + minute)).toEqual({ kind: "absent" });
  });

  test("tells the holder of the code before it, too", async () => {
    const subject = randomUUID();
    await issue(subject, start, older);
    await issue(subject, start + second);
    await veto(subject, start + minute);
    expect(await check(subject, start + minute, older)).toMatchObject({ kind: "blocked" });
  });

  test("ends a claim that is at work", async () => {
    const subject = randomUUID();
    await issue(subject);
    const claimId = "a-random-name";
    await store.claim({ ...present(subject, start), claimId, claimedUntil: start + minute });
    await veto(subject, start + second);
    await store.release({ realmId, subject, claimId });
    expect(await check(subject, start + 2 * second)).toMatchObject({ kind: "blocked" });
  });

  test("forbids new ones until its end, charging nobody, and not a moment longer", async () => {
    const subject = randomUUID();
    await veto(subject, start);
    const charges = [{ limit: "caller", counter: randomUUID(), max: 1, windowMs: 48 * hour }];
    const ask = async (now: number) =>
      await store.issue({
        realmId,
        subject,
        now,
        ...(code && { code }),
        expiresAt: now + hour,
        rememberMs: hour,
        passwordVersion: 1,
        charges,
      });
    for (const ms of [0, hour, 24 * hour - 1]) {
      expect(await ask(start + ms)).toEqual({ kind: "blocked", retryAfterMs: 24 * hour - ms });
    }
    expect(await ask(start + 24 * hour)).toMatchObject({ kind: "issued" });
    expect(await check(subject, start + 24 * hour)).toMatchObject({ kind: "good" });
  });

  test("counts once: said again by a proof from before it, it is the same one, also when its block is over", async () => {
    const subject = randomUUID();
    const vetoedAt = start + hour;
    const first = await veto(subject, vetoedAt);
    await issue(subject, vetoedAt + 25 * hour);
    for (const ms of [1, 25 * hour, 71 * hour]) {
      for (const provenAt of [start, vetoedAt]) expect(await veto(subject, vetoedAt + ms, { provenAt })).toEqual(first);
    }
    expect(await check(subject, vetoedAt + 25 * hour)).toMatchObject({ kind: "good" });
  });

  test("by a newer proof counts anew, and never ends a block sooner", async () => {
    const subject = randomUUID();
    await veto(subject, start);
    const vetoedAt = start + minute;
    const shorter = { provenAt: start + 1, blockedUntil: vetoedAt + hour };
    expect(await veto(subject, vetoedAt, shorter)).toEqual({ vetoedAt, blockedUntil: start + 24 * hour });
  });

  test("is lifted by whoever may, and its proofs stay spent", async () => {
    const subject = randomUUID();
    await issue(subject);
    await veto(subject, start + minute);
    await store.revoke({ realmId, subject, now: start + hour });
    expect(await issue(subject, start + hour)).toMatchObject({ kind: "blocked" });
    await store.revoke({ realmId, subject, now: start + hour, unblock: true });
    expect(await check(subject, start + hour)).toEqual({ kind: "used", matched: true });
    expect(await issue(subject, start + hour)).toMatchObject({ kind: "issued" });
    expect(await veto(subject, start + 2 * hour)).toEqual({ vetoedAt: start + minute, blockedUntil: start + hour });
    expect(await check(subject, start + hour)).toMatchObject({ kind: "good" });
  });

  test("of one user is no other's", async () => {
    const [one, other] = [randomUUID(), randomUUID()];
    await veto(one, start);
    expect(await issue(other)).toMatchObject({ kind: "issued" });
  });

  test("keeps the account's counters", async () => {
    const subject = randomUUID();
    for (let i = 0; i < 10; i += 1) await issue(subject);
    await veto(subject, start);
    await store.revoke({ realmId, subject, now: start, unblock: true });
    expect(await issue(subject)).toMatchObject({ kind: "limited", limit: "sends" });
  });

  test("outlives a restart", async () => {
    const subject = randomUUID();
    const vetoedAt = start + minute;
    const first = await veto(subject, vetoedAt);
    store = await openCodeStore(await opened.restart());
    expect(await issue(subject, vetoedAt + 1)).toEqual({ kind: "blocked", retryAfterMs: 24 * hour - 1 });
    expect(await veto(subject, vetoedAt + hour)).toEqual(first);
  });
});
