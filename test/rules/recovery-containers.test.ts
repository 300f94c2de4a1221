// What can be read from what strangers hold? Nothing, not even by its length.

import { createSecretKey } from "node:crypto";

import { describe, expect, test } from "vitest";

import { makeSeal } from "../../src/delivery/seal.ts";
import { maskedAddress } from "../../src/reset/masked-address.ts";
import { makeRecoveryContainers } from "../../src/reset/recovery-containers.ts";
import type { User } from "../../src/directory/directory.ts";

const ring = (...ids: number[]) => ids.map((id) => ({ id, key: createSecretKey(Buffer.alloc(32, id)) }));
const containersUnder = (...ids: number[]) =>
  makeRecoveryContainers({
    id: makeSeal(ring(...ids), "recovery id"),
    token: makeSeal(ring(...ids), "recovery token"),
    veto: makeSeal(ring(...ids), "recovery veto"),
  });
const request = {
  realmId: "demo",
  identifier: "ann@example.org",
  state: "/basket",
  returnUrl: "",
  requestNumber: "7F3K-2MQ4",
  startedAt: 1_800_000_000_000,
};
const link = {
  realmId: "demo",
  userId: "ann",
  state: "",
  returnUrl: "",
  requestNumber: "7F3K-2MQ4",
  secret: "s".repeat(43),
};
const veto = {
  realmId: "demo",
  userId: "ann",
  requestNumber: "7F3K-2MQ4",
  vetoed: "request",
  issuedAt: 1_800_000_000_000,
  expiresAt: 1_800_000_100_000,
} as const;

test("what was closed opens on every server with the key, and after the key was rotated", () => {
  const [here, there] = [containersUnder(1), containersUnder(2, 1)];
  expect(there.openRequest(here.sealRequest(request))).toEqual(request);
  expect(there.openLink(here.sealLink(link))).toEqual(link);
  expect(containersUnder(2).openLink(here.sealLink(link))).toBeUndefined();
});

test("a container says nothing of what is in it, and is another one every time", () => {
  const { sealRequest } = containersUnder(1);
  const [one, other] = [sealRequest(request), sealRequest(request)];
  expect(one).not.toBe(other);
  expect(one).toHaveLength(other.length);
  expect(Buffer.from(one, "base64url").toString("latin1")).not.toContain("ann");
});

test("the longest of everything fits into what the service takes back", () => {
  const { sealRequest, sealLink } = containersUnder(1);
  const worst = {
    ...request,
    realmId: "r".repeat(63),
    identifier: "\u{1F511}".repeat(254),
    state: "\u0001".repeat(200),
    returnUrl: "u".repeat(1000),
  };
  expect(sealRequest(worst).length).toBeLessThanOrEqual(5000);
  const { realmId, state, returnUrl } = worst;
  expect(sealLink({ ...link, realmId, state, returnUrl, userId: "u".repeat(200) }).length).toBeLessThanOrEqual(4000);
});

// Guard: ASVS 5.0 6.6.2; Incident: C15.
test("no kind opens as another, nor as a delivery", () => {
  const { sealRequest, sealLink, sealVeto, openLink, openRequest, openVeto } = containersUnder(1);
  const [asRequest, asLink, asVeto] = [sealRequest(request), sealLink(link), sealVeto(veto)];
  expect([openRequest(asRequest), openLink(asLink), openVeto(asVeto)]).toEqual([request, link, veto]);
  for (const other of [asLink, asVeto]) expect(openRequest(other)).toBeUndefined();
  for (const other of [asRequest, asVeto]) expect(openLink(other)).toBeUndefined();
  for (const other of [asRequest, asLink]) expect(openVeto(other)).toBeUndefined();
  const delivery = makeSeal(ring(1)).seal("", Buffer.from(JSON.stringify(link)));
  expect(openLink(Buffer.from(delivery).toString("base64url"))).toBeUndefined();
});

test.each([
  ["no text", () => ""],
  ["too short a text", (text: string) => text.slice(0, 20)],
  ["a changed letter", (text: string) => text.slice(0, -1) + (text.endsWith("A") ? "B" : "A")],
  ["foreign signs in between", (text: string) => `${text.slice(0, 30)} ${text.slice(30)}`],
  ["padding", (text: string) => `${text}=`],
])("%s opens nothing", (_name, change) => {
  const { sealLink, openLink } = containersUnder(1);
  expect(openLink(change(sealLink(link)))).toBeUndefined();
});

describe("the hint", () => {
  const hintOf = (user: Pick<User, "email" | "phone">) => maskedAddress(user as User);
  test.each<[string, Pick<User, "email" | "phone">, string]>([
    ["is of the mail address", { email: { address: "ann@example.org", verified: true } }, "a…@e….org"],
    ["keeps the last label only", { email: { address: "a@mail.shop.example.co.uk", verified: true } }, "a…@m….uk"],
    [
      "takes whole letters",
      { email: { address: "\u{1D4D0}nn@\u{1D4D0}.example", verified: true } },
      "\u{1D4D0}…@\u{1D4D0}….example",
    ],
    [
      "is of the number where there is no verified address",
      { email: { address: "a@b.org", verified: false }, phone: { number: "+41446681800", verified: true } },
      "+4…00",
    ],
    ["is empty where there is neither", { phone: { number: "+41446681800", verified: false } }, ""],
  ])("%s", (_name, user, hint) => {
    expect(hintOf(user)).toBe(hint);
  });
});
