// Where does a message go, however cleverly somebody is named? To the address that the directory has, or nowhere.
// Incident: C5, C6, C8.

import { afterAll, beforeAll, describe, expect, test } from "vitest";

import type { UserProfile } from "../../src/directory/directory.ts";
import { askJson } from "../support/ask-recovery.ts";
import { makeRealm, openRekey, type Rekey } from "../support/open-rekey.ts";

const recovery = { hosts: [], link: "https://app.example.com/recover#token={{.Token}}" };
const victims = makeRealm({ recovery });
const mixed = makeRealm({ recovery });
const stored = "Mike.Kelvin@Example.org";

let rekey: Rekey;
let url: string;
beforeAll(async () => {
  rekey = await openRekey({ realms: [victims, mixed] });
  url = await rekey.listen();
  await rekey.user(victims, { userName: "victim", email: { address: stored, verified: true } });
});
afterAll(async () => await rekey.close());

/** To whom messages went because of this. */
async function recipientsOf(realmId: string, request: object): Promise<readonly string[]> {
  const before = (await rekey.courier?.list({ realmId, size: 100 })) ?? [];
  await askJson(url, "start", { realmId, ...request });
  await rekey.recoveries();
  const after = (await rekey.courier?.list({ realmId, size: 100 })) ?? [];
  return after.slice(0, after.length - before.length).map(({ recipient }) => recipient);
}

describe("an address in other letters", () => {
  test.each([
    ["as it is stored", stored],
    ["in other case", "MIKE.KELVIN@EXAMPLE.ORG"],
    ["with the Kelvin sign", "mike.\u212Aelvin@example.org"],
    ["in full width", "\uFF4Dike.kelvin@example.org"],
    ["with spaces around", `  ${stored} `],
  ])("%s: the message goes to the stored address", async (_name, identifier) => {
    expect(await recipientsOf(victims.id, { identifier })).toEqual([stored]);
  });

  test.each([
    ["a dotless i", "m\u0131ke.kelvin@example.org"],
    ["a Cyrillic letter", "mike.kelv\u0456n@example.org"],
    ["a combining mark", "mike.kelvin\u0307@example.org"],
    ["a look-alike domain", "mike.kelvin@ex\u0430mple.org"],
    ["nothing visible in it", "mike\u200B.kelvin@example.org"],
    ["a list", `${stored},evil@attacker.example`],
    ["another list", `${stored};evil@attacker.example`],
    ["another header", `${stored}\r\nbcc: evil@attacker.example`],
    ["an encoded line break", `${stored}%0Abcc:evil@attacker.example`],
    ["a quoted local part", '"mike.kelvin@example.org x"@attacker.example'],
    ["a name around it", `Mike <${stored}>`],
    ["a comment", `mike.kelvin(evil)@example.org`],
    ["a dotted capital I", "m\u0130ke.kelvin@example.org"],
    ["a pattern", "%@example.org"],
    ["a quotation mark and SQL", "mike' OR '1'='1"],
  ])("%s: no message goes anywhere", async (_name, identifier) => {
    expect(await recipientsOf(victims.id, { identifier })).toEqual([]);
  });

  test.each([
    ["a list", ["mike@example.org", "evil@attacker.example"]],
    ["an object", { $gt: "" }],
    ["a number", 7],
    ["nothing", null],
  ])("%s instead of text is refused", async (_name, identifier) => {
    const answer = await fetch(`${url}/v1/recovery`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ realmId: victims.id, identifier }),
    });
    expect(answer.status).toBe(400);
  });
});

test("an address with a long s: the message goes to the stored address, if anywhere", async () => {
  await rekey.user(victims, { email: { address: "susan@example.org", verified: true } });
  expect(await recipientsOf(victims.id, { identifier: "\u017Fusan@example.org" })).toEqual(["susan@example.org"]);
});

describe("who is found", () => {
  test.each<[string, Partial<UserProfile>, object, readonly string[]]>([
    [
      "an unverified address",
      { email: { address: "u1@example.org", verified: false } },
      { identifier: "u1@example.org" },
      [],
    ],
    [
      "the name of one whose address is not verified",
      { email: { address: "u2@example.org", verified: false } },
      { identifier: "name" },
      [],
    ],
    [
      "an unverified number",
      { phone: { number: "+41446681811", verified: false } },
      { identifier: "+41446681811" },
      [],
    ],
    [
      "a name, where a text message is wanted and the number is not verified",
      { phone: { number: "+41446681812", verified: false } },
      { identifier: "name", notificationType: "NOTIFICATION_TYPE_SMS" },
      [],
    ],
    [
      "a number, where a mail is wanted",
      { phone: { number: "+41446681813", verified: true }, email: { address: "u3@example.org", verified: true } },
      { identifier: "+41446681813", notificationType: "NOTIFICATION_TYPE_EMAIL" },
      ["u3@example.org"],
    ],
    ["one who is not set up", { state: "initial" }, { identifier: "name" }, []],
    [
      "one who is locked",
      { state: "locked", email: { address: "u4@example.org", verified: true } },
      { identifier: "name" },
      ["u4@example.org"],
    ],
  ])("%s", async (name, profile, request, expected) => {
    await rekey.user(mixed, { userName: name, ...profile });
    const wish = "identifier" in request && request.identifier === "name" ? { ...request, identifier: name } : request;
    expect(await recipientsOf(mixed.id, wish)).toEqual(expected);
  });

  test("nobody, where an identifier is two people's", async () => {
    await rekey.user(mixed, { email: { address: "shared@example.org", verified: true } });
    await rekey.user(mixed, { userName: "shared@example.org" });
    expect(await recipientsOf(mixed.id, { identifier: "shared@example.org" })).toEqual([]);
  });

  test("the owner, where somebody else only claims the address", async () => {
    await rekey.user(mixed, { email: { address: "owned@example.org", verified: true } });
    await rekey.user(mixed, { email: { address: "owned@example.org", verified: false } });
    expect(await recipientsOf(mixed.id, { identifier: "owned@example.org" })).toEqual(["owned@example.org"]);
  });
});

test("none of this was a fault", async () => {
  await rekey.recoveries();
  expect(rekey.faults).toEqual([]);
});
