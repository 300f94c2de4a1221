// What must every outbox keep? One suite for all of them; it takes only a place to open them at.

import { randomUUID } from "node:crypto";

import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from "vitest";

import { openOutbox, type OutboxHome } from "../../src/delivery/outbox/open-outbox.ts";
import type { OutboxOptions } from "../../src/delivery/outbox/outbox-options.ts";
import {
  type Attempt,
  type Delivery,
  type DeliveryRecord,
  type OnExpired,
  type Outbox,
  placeOf,
} from "../../src/delivery/outbox/outbox.ts";
import { hour, minute, second } from "../../src/units.ts";
import { delivered, makeAttempts, makeDelivery } from "../support/make-delivery.ts";
import type { OutboxPlace } from "../support/open-outbox-homes.ts";

const noTime = { graceMs: 0 };
const enoughTime = { graceMs: 20 * second };

export function outboxContract(name: string, openPlace: () => Promise<OutboxPlace>): void {
  describe(`the outbox on ${name}`, () => {
    let place: OutboxPlace;
    const opened: Outbox[] = [];
    const faults: unknown[] = [];
    beforeAll(async () => {
      place = await openPlace();
    });
    afterEach(async () => {
      await Promise.all(opened.splice(0).map((outbox) => outbox.close(noTime)));
      expect(faults.splice(0)).toEqual([]);
    });
    afterAll(() => place.close());

    async function open(home: OutboxHome = place.home(), options: Partial<OutboxOptions> = {}): Promise<Outbox> {
      const outbox = await openOutbox(home, { onFault: (cause) => faults.push(cause), ...options });
      opened.push(outbox);
      return outbox;
    }

    async function started(attempt: Attempt, concurrency = 2, onExpired?: OnExpired): Promise<Outbox> {
      const outbox = await open();
      outbox.start(attempt, { concurrency, ...(onExpired && { onExpired }) });
      return outbox;
    }

    /** An end is written after the attempt has answered: waits until it is. */
    function recordOnce(
      outbox: Outbox,
      { realmId, id }: Delivery,
      isSo: (record: DeliveryRecord) => boolean,
    ): Promise<DeliveryRecord> {
      return vi.waitFor(
        async () => {
          const record = await outbox.find(realmId, id);
          if (record === undefined || !isSo(record)) throw new Error(`it stands at ${JSON.stringify(record)}`);
          return record;
        },
        { timeout: 20 * second, interval: 20 },
      );
    }
    const ended = (outbox: Outbox, delivery: Delivery) =>
      recordOnce(outbox, delivery, ({ state }) => state !== "waiting");

    const seen = (delivery: Delivery) => {
      const { payload: _, ...rest } = delivery;
      return rest;
    };

    describe("an attempt", () => {
      test("is given what was put, and how many there were before", async () => {
        const attempts = makeAttempts();
        const outbox = await started(attempts.attempt);
        const delivery = makeDelivery({ target: { kind: "webhook", endpointId: "billing" } });
        expect(await outbox.put(delivery)).toEqual({ kind: "accepted" });
        const first = await attempts.next();
        expect({ ...first.delivery, payload: Buffer.from(first.delivery.payload) }).toEqual(delivery);
        expect(first.attempts).toBe(0);
        first.answer({ kind: "retry", problem: "421 busy", delayMs: 1 });
        const second = await attempts.next();
        expect([second.delivery.id, second.attempts]).toEqual([delivery.id, 1]);
        expect(Buffer.from(second.delivery.payload)).toEqual(delivery.payload);
        second.answer(delivered);
        await ended(outbox, delivery);
      });

      test("that delivers ends it, and the record says by whom", async () => {
        const attempts = makeAttempts();
        const outbox = await started(attempts.attempt);
        const delivery = makeDelivery();
        await outbox.put(delivery);
        (await attempts.next()).answer(delivered);
        const record = await ended(outbox, delivery);
        const { endedAt = 0, ...rest } = record;
        expect(rest).toEqual({ ...seen(delivery), state: "delivered", attempts: 1, deliveredBy: "smtp-1" });
        expect(endedAt).toBeGreaterThanOrEqual(delivery.createdAt);
        expect(await outbox.count()).toEqual({ waiting: 0, dead: 0 });
      });

      test("that gives up makes a dead letter, with its problem", async () => {
        const attempts = makeAttempts();
        const outbox = await started(attempts.attempt);
        const delivery = makeDelivery({ target: { kind: "sms" } });
        await outbox.put(delivery);
        (await attempts.next()).answer({ kind: "dead", problem: "550 no such mailbox" });
        const { endedAt, ...rest } = await ended(outbox, delivery);
        expect(rest).toEqual({ ...seen(delivery), state: "dead", attempts: 1, problem: "550 no such mailbox" });
        expect(endedAt).toBeGreaterThanOrEqual(delivery.createdAt);
        expect(await outbox.count()).toEqual({ waiting: 0, dead: 1 });
      });

      test("is not made again before the delay is over, while others pass", async () => {
        const attempts = makeAttempts();
        const outbox = await started(attempts.attempt, 1);
        const slow = makeDelivery();
        await outbox.put(slow);
        const delayMs = 1500;
        const answeredAt = Date.now();
        (await attempts.next()).answer({ kind: "retry", problem: "451 later", delayMs });
        const record = await recordOnce(outbox, slow, ({ nextAttemptAt }) => nextAttemptAt !== undefined);
        expect(record).toMatchObject({ state: "waiting", attempts: 1, problem: "451 later" });
        expect(record.nextAttemptAt).toBeGreaterThanOrEqual(answeredAt + delayMs);

        const quick = makeDelivery();
        await outbox.put(quick);
        const second = await attempts.next();
        second.answer(delivered);
        const third = await attempts.next();
        third.answer(delivered);
        expect([second.delivery.id, third.delivery.id].toSorted()).toEqual([quick.id, slow.id].toSorted());
        const again = second.delivery.id === slow.id ? second : third;
        expect(again.begunAt).toBeGreaterThanOrEqual(answeredAt + delayMs);
        expect(await ended(outbox, slow)).toMatchObject({ state: "delivered", attempts: 2, problem: "451 later" });
      });

      test("that throws is made again later, and its words are told to the fault log only", async () => {
        const attempts = makeAttempts();
        const told: unknown[] = [];
        const outbox = await open(place.home(), { onFault: (cause) => told.push(cause) });
        outbox.start(attempts.attempt, { concurrency: 1 });
        const delivery = makeDelivery();
        await outbox.put(delivery);
        const fault = new TypeError("ann@example.org is not a function");
        const begun = await attempts.next();
        begun.fail(fault);
        const record = await recordOnce(outbox, delivery, ({ nextAttemptAt }) => nextAttemptAt !== undefined);
        expect(record).toMatchObject({ state: "waiting", attempts: 1, problem: "the attempt threw TypeError" });
        expect(record.nextAttemptAt).toBeGreaterThan(begun.begunAt + second);
        expect(told).toEqual([fault]);
      });

      test("is never one more at a time than allowed", async () => {
        let atOnce = 0;
        let most = 0;
        const ids = new Set<string>();
        const all = Promise.withResolvers<void>();
        const filled = Promise.withResolvers<void>();
        const outbox = await open();
        const deliveries = Array.from({ length: 40 }, () => makeDelivery());
        await Promise.all(deliveries.map((delivery) => outbox.put(delivery)));
        outbox.start(
          async ({ id }) => {
            atOnce += 1;
            most = Math.max(most, atOnce);
            if (atOnce === 3) filled.resolve();
            // The first ones wait for each other, so that the places are all taken.
            await filled.promise;
            await new Promise((resolve) => setImmediate(resolve));
            atOnce -= 1;
            ids.add(id);
            if (ids.size === deliveries.length) all.resolve();
            return delivered;
          },
          { concurrency: 3 },
        );
        await all.promise;
        expect(most).toBe(3);
      });
    });

    describe("a delivery", () => {
      test("that is put twice is one", async () => {
        const attempts = makeAttempts();
        const outbox = await started(attempts.attempt);
        const delivery = makeDelivery();
        expect(await Promise.all([outbox.put(delivery), outbox.put(delivery)])).toEqual([
          { kind: "accepted" },
          { kind: "accepted" },
        ]);
        expect(await outbox.count()).toMatchObject({ waiting: 1 });
        (await attempts.next()).answer(delivered);
        await ended(outbox, delivery);
        // Also after its end.
        expect(await outbox.put(delivery)).toEqual({ kind: "accepted" });
        const another = makeDelivery();
        await outbox.put(another);
        (await attempts.next()).answer(delivered);
        await ended(outbox, another);
        expect(attempts.ids).toEqual([delivery.id, another.id]);
      });

      test("that has expired is dead without an attempt, and somebody is told", async () => {
        const attempts = makeAttempts();
        const told: unknown[] = [];
        const outbox = await started(attempts.attempt, 2, async ({ id, requestNumber }, problem) => {
          told.push({ id, requestNumber, problem });
        });
        const stale = makeDelivery({ expiresAt: Date.now() - 1 });
        await outbox.put(stale);
        expect(await ended(outbox, stale)).toMatchObject({ state: "dead", attempts: 0, problem: "expired" });
        expect(attempts.ids).toEqual([]);
        expect(told).toEqual([{ id: stale.id, requestNumber: stale.requestNumber, problem: "expired" }]);
      });

      test("that expires between two attempts is dead then, and says why the last one failed", async () => {
        const attempts = makeAttempts();
        const outbox = await started(attempts.attempt);
        const delivery = makeDelivery({ expiresAt: Date.now() + 2 * second });
        await outbox.put(delivery);
        (await attempts.next()).answer({ kind: "retry", problem: "421 busy", delayMs: hour });
        const record = await ended(outbox, delivery);
        expect(record).toMatchObject({ state: "dead", attempts: 1, problem: "expired: 421 busy" });
        expect(record.endedAt).toBeGreaterThanOrEqual(delivery.expiresAt);
        expect(attempts.ids).toEqual([delivery.id]);
      });

      test("waits through a restart of the store", async () => {
        const home = place.home();
        const before = await open(home);
        const delivery = makeDelivery();
        await before.put(delivery);
        await before.close(noTime);

        const attempts = makeAttempts();
        const after = await open(await place.restart(home));
        expect(await after.find(delivery.realmId, delivery.id)).toEqual({
          ...seen(delivery),
          state: "waiting",
          attempts: 0,
        });
        after.start(attempts.attempt, { concurrency: 1 });
        const begun = await attempts.next();
        expect(Buffer.from(begun.delivery.payload)).toEqual(delivery.payload);
        begun.answer(delivered);
        await ended(after, delivery);
      });

      test("is refused when its maker made a mistake", async () => {
        const outbox = await open();
        await expect(outbox.put(makeDelivery({ id: "meta" }))).rejects.toThrow(TypeError);
        await expect(outbox.put(makeDelivery({ payload: new Uint8Array(64 * 1024 + 1) }))).rejects.toThrow(RangeError);
        const large = makeDelivery({ payload: new Uint8Array(64 * 1024).fill(7) });
        expect(await outbox.put(large)).toEqual({ kind: "accepted" });
        expect(await outbox.count()).toEqual({ waiting: 1, dead: 0 });
      });
    });

    describe("a full outbox", () => {
      test("is full for webhooks when it is half full, so that they leave room for people", async () => {
        const outbox = await open(place.home(), { waitingLimit: 4 });
        const put = async (target: Delivery["target"]) => (await outbox.put(makeDelivery({ target }))).kind;
        const webhook = { kind: "webhook", endpointId: "crm" } as const;
        expect([await put(webhook), await put(webhook), await put(webhook)]).toEqual(["accepted", "accepted", "full"]);
        const message = { kind: "sms" } as const;
        expect([await put(message), await put(message), await put(message)]).toEqual(["accepted", "accepted", "full"]);
      });

      test("is full for strangers when it is half full, so that what they ask for can still be sent", async () => {
        const outbox = await open(place.home(), { waitingLimit: 4 });
        const put = async (target: Delivery["target"]) => (await outbox.put(makeDelivery({ target }))).kind;
        const request = { kind: "recovery" } as const;
        expect([await put(request), await put(request), await put(request)]).toEqual(["accepted", "accepted", "full"]);
        expect([await put({ kind: "email" }), await put({ kind: "sms" })]).toEqual(["accepted", "accepted"]);
      });

      test("refuses with a time to come back, and keeps nothing", async () => {
        const outbox = await open(place.home(), { waitingLimit: 2 });
        const kept = [makeDelivery(), makeDelivery()] as const;
        for (const delivery of kept) await outbox.put(delivery);
        const refused = makeDelivery();
        expect(await outbox.put(refused)).toEqual({ kind: "full", retryAfterMs: 5 * second });
        expect(await outbox.find(refused.realmId, refused.id)).toBeUndefined();
        expect(await outbox.count()).toEqual({ waiting: 2, dead: 0 });
        // What is kept is kept.
        expect(await outbox.put(kept[0])).toEqual({ kind: "accepted" });
      });

      test("takes exactly as many as it may when many come at once", async () => {
        const outbox = await open(place.home(), { waitingLimit: 10 });
        const outcomes = await Promise.all(Array.from({ length: 50 }, () => outbox.put(makeDelivery())));
        expect(outcomes.filter(({ kind }) => kind === "accepted")).toHaveLength(10);
        expect(await outbox.count()).toMatchObject({ waiting: 10 });
      });

      test("has room again when one has ended; what waits for another try takes a place", async () => {
        const attempts = makeAttempts();
        const outbox = await open(place.home(), { waitingLimit: 1 });
        outbox.start(attempts.attempt, { concurrency: 1 });
        const delivery = makeDelivery();
        await outbox.put(delivery);
        (await attempts.next()).answer({ kind: "retry", problem: "421 busy", delayMs: 1500 });
        await recordOnce(outbox, delivery, ({ nextAttemptAt }) => nextAttemptAt !== undefined);
        expect(await outbox.put(makeDelivery())).toMatchObject({ kind: "full" });
        (await attempts.next()).answer({ kind: "dead", problem: "550 gone" });
        await ended(outbox, delivery);
        expect(await outbox.put(makeDelivery())).toEqual({ kind: "accepted" });
      });
    });

    describe("an operator", () => {
      test("the request of a stranger is kept and attempted like a delivery, and never listed", async () => {
        const outbox = await open();
        const attempts = makeAttempts();
        const request = makeDelivery({ userId: "", target: { kind: "recovery" }, subject: "recovery" });
        const { realmId, id } = request;
        await outbox.put(request);
        const list = async (state: DeliveryRecord["state"]) => await outbox.list({ realmId, state, size: 10 });
        expect(await list("waiting")).toEqual([]);
        expect(await outbox.count()).toMatchObject({ waiting: 1 });
        outbox.start(attempts.attempt, { concurrency: 1 });
        const begun = await attempts.next();
        expect(begun.delivery).toEqual({ ...request, payload: expect.anything() });
        begun.answer({ kind: "delivered", by: "recovery" });
        await ended(outbox, request);
        expect(await list("delivered")).toEqual([]);
        expect(await outbox.find(realmId, id)).toMatchObject({ target: { kind: "recovery" }, state: "delivered" });
      });

      test("lists by realm, state and user, the newest first", async () => {
        const attempts = makeAttempts();
        const outbox = await open();
        const now = Date.now();
        const made = await Promise.all(
          [
            { realmId: "a", userId: "ann" },
            { realmId: "a", userId: "bob" },
            { realmId: "a", userId: "ann" },
            { realmId: "b", userId: "ann" },
          ].map(async (of, at) => {
            const delivery = makeDelivery({ ...of, createdAt: now + at });
            await outbox.put(delivery);
            return delivery;
          }),
        );
        const [first, second, third] = made.map(({ id }) => id);
        const idsOf = async (filter: Partial<Parameters<Outbox["list"]>[0]>) =>
          (await outbox.list({ realmId: "a", state: "waiting", size: 10, ...filter })).map(({ id }) => id);

        expect(await idsOf({})).toEqual([third, second, first]);
        expect(await idsOf({ size: 2 })).toEqual([third, second]);
        expect(await idsOf({ size: 0 })).toEqual([]);
        expect(await idsOf({ userId: "ann" })).toEqual([third, first]);
        expect(await idsOf({ realmId: "c" })).toEqual([]);
        const behind = (at: number, size = 10) => idsOf({ size, after: { at: now + at, id: made[at]?.id ?? "" } });
        expect([await behind(2), await behind(2, 1), await behind(0)]).toEqual([[second, first], [second], []]);
        expect(await idsOf({ state: "dead" })).toEqual([]);

        outbox.start(attempts.attempt, { concurrency: 1 });
        const endedIds: string[] = [];
        for (const _ of made) {
          const begun = await attempts.next();
          begun.answer({ kind: "dead", problem: "550 gone" });
          await ended(outbox, begun.delivery);
          if (begun.delivery.realmId === "a") endedIds.unshift(begun.delivery.id);
        }
        expect((await idsOf({ state: "dead" })).toSorted()).toEqual(endedIds.toSorted());
        // Page by page each comes once, whatever ended in the same millisecond; one that is gone holds nobody up.
        const [top, ...rest] = await outbox.list({ realmId: "a", state: "dead", size: 10 });
        const next = async (after: DeliveryRecord | undefined) =>
          await outbox.list({ realmId: "a", state: "dead", size: 1, ...(after && { after: placeOf(after) }) });
        expect([...(await next(undefined)), ...(await next(top)), ...(await next(rest[0]))]).toEqual([top, ...rest]);
        expect(await next(rest[1])).toEqual([]);
        expect((await idsOf({ state: "dead", userId: "bob" })).toSorted()).toEqual([second]);
        expect(await idsOf({ realmId: "b", state: "dead" })).toHaveLength(1);
        expect(await idsOf({})).toEqual([]);
        expect(await idsOf({ state: "delivered" })).toEqual([]);
        expect(await outbox.count()).toEqual({ waiting: 0, dead: 4 });
      });

      // Guard: ASVS 5.0 8.2.2.
      test("knows nothing of another realm's deliveries", async () => {
        const outbox = await open();
        const delivery = makeDelivery({ realmId: "theirs" });
        await outbox.put(delivery);
        expect(await outbox.find("ours", delivery.id)).toBeUndefined();
        expect(await outbox.drop("ours", delivery.id)).toBe("unknown");
        expect(await outbox.find("theirs", delivery.id)).toMatchObject({ state: "waiting" });
        for (const id of ["meta", "wait", randomUUID()]) {
          expect(await outbox.find("theirs", id)).toBeUndefined();
          expect(await outbox.drop("theirs", id)).toBe("unknown");
        }
      });

      test("drops what waits and what is dead, but not what is under way", async () => {
        const attempts = makeAttempts();
        const home = place.home();
        const outbox = await open(home);
        const [waits, dies] = [makeDelivery(), makeDelivery()] as const;
        const traces = [Buffer.from(waits.payload).toString(), Buffer.from(waits.payload).toString("base64")];
        const tracesIn = (dump: string) => traces.filter((trace) => dump.includes(trace)).length;
        await outbox.put(waits);
        expect(tracesIn(await place.dump(home))).toBe(1);
        expect(await outbox.drop(waits.realmId, waits.id)).toBe("dropped");
        expect(await outbox.find(waits.realmId, waits.id)).toBeUndefined();
        expect(tracesIn(await place.dump(home))).toBe(0);

        outbox.start(attempts.attempt, { concurrency: 1 });
        await outbox.put(dies);
        const begun = await attempts.next();
        expect(await outbox.drop(dies.realmId, dies.id)).toBe("under_way");
        begun.answer({ kind: "dead", problem: "550 gone" });
        await ended(outbox, dies);
        expect(await outbox.drop(dies.realmId, dies.id)).toBe("dropped");
        expect(await outbox.drop(dies.realmId, dies.id)).toBe("unknown");
        expect(attempts.ids).toEqual([dies.id]);
        expect(await outbox.count()).toEqual({ waiting: 0, dead: 0 });
      });
    });

    describe("closing", () => {
      test("lets attempts under way end, and begins no more", async () => {
        const attempts = makeAttempts();
        const home = place.home();
        const outbox = await open(home);
        outbox.start(attempts.attempt, { concurrency: 1 });
        const [underWay, waits] = [makeDelivery(), makeDelivery()] as const;
        await outbox.put(underWay);
        const begun = await attempts.next();
        await outbox.put(waits);
        const closed = outbox.close(enoughTime);
        expect(begun.signal.aborted).toBe(false);
        begun.answer(delivered);
        await closed;
        const again = await open(home);
        expect(await again.find(underWay.realmId, underWay.id)).toMatchObject({ state: "delivered" });
        expect(await again.find(waits.realmId, waits.id)).toMatchObject({ state: "waiting", attempts: 0 });
        expect(attempts.ids).toEqual([underWay.id]);
      });

      test("aborts them when the grace is over: they come back at the next start", async () => {
        const attempts = makeAttempts();
        const home = place.home();
        const outbox = await open(home);
        outbox.start(attempts.attempt, { concurrency: 4 });
        const [throws, retries, ignores, delivers] = [makeDelivery(), makeDelivery(), makeDelivery(), makeDelivery()];
        for (const delivery of [throws, retries, ignores, delivers]) {
          if (delivery === undefined) continue;
          await outbox.put(delivery);
          const begun = await attempts.next();
          begun.signal.addEventListener("abort", () => {
            if (begun.delivery.id === throws?.id) begun.fail(new Error("cut short"));
            if (begun.delivery.id === retries?.id) begun.answer({ kind: "retry", problem: "cut", delayMs: hour });
            if (begun.delivery.id === delivers?.id) begun.answer(delivered);
          });
        }
        await outbox.close(noTime);

        const after = makeAttempts();
        const again = await open(home);
        expect(await again.find("contract", delivers?.id ?? "")).toMatchObject({ state: "delivered" });
        again.start(after.attempt, { concurrency: 4 });
        const back = await Promise.all([after.next(), after.next(), after.next()]);
        expect(back.map(({ delivery }) => delivery.id).toSorted()).toEqual(
          [throws?.id, retries?.id, ignores?.id].toSorted(),
        );
        for (const begun of back) begun.answer(delivered);
        await Promise.all(back.map(({ delivery }) => ended(again, delivery)));
      });

      test("twice is closing once", async () => {
        const outbox = await started(makeAttempts().attempt);
        const closings = [outbox.close(noTime), outbox.close(noTime)];
        await expect(Promise.all(closings)).resolves.toEqual([undefined, undefined]);
      });
    });

    // Guard: ASVS 5.0 16.2.5, 14.2.7. Incident: C24.
    test.each(["delivered", "dead", "expired"] as const)("nothing of a payload is left when it is %s", async (how) => {
      const attempts = makeAttempts();
      const home = place.home();
      const outbox = await open(home);
      const secret = `the sealed secret ${randomUUID()}`;
      // As long as an overflow page of the file, so that those are looked at too.
      const payload = Buffer.from(secret.repeat(200));
      const forms = [secret, payload.toString("base64").slice(120, 200), payload.toString("hex").slice(120, 200)];
      const kept = (dump: string) => forms.filter((form) => dump.includes(form)).length;
      const delivery = makeDelivery({ payload, ...(how === "expired" && { expiresAt: Date.now() - 1 }) });
      await outbox.put(delivery);
      expect(kept(await place.dump(home))).toBe(1);

      outbox.start(attempts.attempt, { concurrency: 1 });
      if (how !== "expired") {
        (await attempts.next()).answer({ kind: "retry", problem: "421 busy", delayMs: 1 });
        (await attempts.next()).answer(how === "delivered" ? delivered : { kind: "dead", problem: "550 gone" });
      }
      await ended(outbox, delivery);
      await outbox.close(enoughTime);
      expect(kept(await place.dump(home))).toBe(0);
      expect(await (await open(home)).find(delivery.realmId, delivery.id)).toMatchObject({
        requestNumber: "K7QM2-XT4RD",
      });
    });

    test("a record speaks of the future while it waits for a minute", async () => {
      const attempts = makeAttempts();
      const outbox = await started(attempts.attempt);
      const delivery = makeDelivery();
      await outbox.put(delivery);
      const begun = await attempts.next();
      begun.answer({ kind: "retry", problem: "421 busy", delayMs: minute });
      await recordOnce(outbox, delivery, ({ nextAttemptAt = 0 }) => nextAttemptAt >= begun.begunAt + minute);
      const [listed] = await outbox.list({ realmId: delivery.realmId, state: "waiting", size: 1 });
      expect(listed).toEqual(await outbox.find(delivery.realmId, delivery.id));
    });
  });
}
