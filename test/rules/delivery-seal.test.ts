// Is a sealed payload safe where it rests? It opens under its key, for its delivery, unchanged, and not otherwise.

import { createSecretKey } from "node:crypto";

import { expect, test } from "vitest";

import { makeSeal } from "../../src/delivery/seal.ts";

const ring = (...ids: readonly number[]) => ids.map((id) => ({ id, key: createSecretKey(Buffer.alloc(32, id)) }));
const delivery = "0198c0de-0000-7000-8000-000000000001";
const payload = Buffer.from("the code is THE-SECRET-CODE");

test.each([0, 1, 27, 64 * 1024])("%i bytes come back as they were", (length) => {
  const { seal, unseal } = makeSeal(ring(1));
  const plain = Buffer.alloc(length, "x");
  expect(unseal(delivery, seal(delivery, plain))).toEqual({ kind: "opened", payload: plain });
});

test("nothing of it shows, and twice the same is not the same", () => {
  const { seal } = makeSeal(ring(1));
  const [one, two] = [seal(delivery, payload), seal(delivery, payload)];
  expect(Buffer.from(one).includes("SECRET")).toBe(false);
  expect(Buffer.from(one).equals(two)).toBe(false);
});

test("a change of any one bit is noticed", () => {
  const { seal, unseal } = makeSeal(ring(1));
  const sealed = seal(delivery, payload);
  for (let bit = 0; bit < sealed.length * 8; bit += 1) {
    const changed = Uint8Array.from(sealed);
    changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7));
    expect(unseal(delivery, changed).kind).not.toBe("opened");
  }
});

test("what was cut is noticed", () => {
  const { seal, unseal } = makeSeal(ring(1));
  const sealed = seal(delivery, payload);
  for (let length = 0; length < sealed.length; length += 1) {
    expect(unseal(delivery, sealed.subarray(0, length))).toEqual({ kind: "broken" });
  }
});

test("what was moved to another delivery does not open there", () => {
  const { seal, unseal } = makeSeal(ring(1));
  expect(unseal("0198c0de-0000-7000-8000-000000000002", seal(delivery, payload))).toEqual({ kind: "broken" });
});

// Guard: ASVS 5.0 13.3.4.
test("after a change of keys the old payloads open, until the old key leaves", () => {
  const old = makeSeal(ring(1)).seal(delivery, payload);
  const rotated = makeSeal(ring(2, 1));
  expect(rotated.unseal(delivery, old)).toEqual({ kind: "opened", payload });
  const fresh = rotated.seal(delivery, payload);
  const after = makeSeal(ring(2));
  expect(after.unseal(delivery, fresh)).toEqual({ kind: "opened", payload });
  expect(after.unseal(delivery, old)).toEqual({ kind: "unknown_key", keyId: 1 });
});

test("a new key under an old number opens nothing", () => {
  const [key] = ring(9);
  const sealed = makeSeal(ring(1)).seal(delivery, payload);
  expect(makeSeal([{ id: 1, key: key!.key }]).unseal(delivery, sealed)).toEqual({ kind: "broken" });
});

test.each([[[]], [[1, 1]], [[0]], [[256]]])("the ring %j is not one", (ids) => {
  expect(() => makeSeal(ring(...ids))).toThrow(TypeError);
});
