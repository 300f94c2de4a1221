// What does a stranger reach with values of the wrong shape? Nothing: they are refused, or say one thing to one person.
// Guard: ASVS 5.0 2.2.1, 15.3.6, 15.3.7; Incident: C5, C21, C22.

import { create, toBinary } from "@bufbuild/protobuf";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { StartRecoveryRequestSchema } from "../../gen/rekey/v1/recovery_service_pb.ts";
import { askJson, newestMessage } from "../support/ask-recovery.ts";
import { makeRealm, openRekey, type Rekey } from "../support/open-rekey.ts";

const realm = makeRealm({ recovery: { hosts: [], link: "https://app.example.com/recover#token={{.Token}}" } });
const newPassword = { password: "correct horse battery staple" };
const [victim, attacker] = ["victim@example.org", "mallory@attacker.example"];

let rekey: Rekey;
let url: string;
beforeAll(async () => {
  rekey = await openRekey({ realms: [realm] });
  url = await rekey.listen();
  for (const address of [victim, attacker]) await rekey.user(realm, { email: { address, verified: true } });
});
afterAll(async () => await rekey.close());

const ways = {
  REST: { start: "/v1/recovery", check: "/v1/recovery/check", complete: "/v1/recovery/complete" },
  Connect: {
    start: "/rekey.v1.RecoveryService/StartRecovery",
    check: "/rekey.v1.RecoveryService/CheckRecovery",
    complete: "/rekey.v1.RecoveryService/CompleteRecovery",
  },
};

async function send(path: string, body: string | Uint8Array<ArrayBuffer>, type = "application/json"): Promise<number> {
  const answer = await fetch(url + path, { method: "POST", headers: { "content-type": type }, body });
  await answer.arrayBuffer();
  return answer.status;
}

/** Who got messages since the last look. */
async function newRecipients(): Promise<readonly string[]> {
  await rekey.recoveries();
  const sent = (await rekey.courier?.list({ realmId: realm.id, size: 1000 })) ?? [];
  const fresh = sent.slice(0, sent.length - seen);
  seen = sent.length;
  return fresh.map(({ recipient }) => recipient);
}
let seen = 0;

describe.each(Object.entries(ways))("over %s", (_way, paths) => {
  // Incident: C5.
  test.each([
    ["a list of two", `["${victim}","${attacker}"]`],
    ["two with a comma", `"${victim},${attacker}"`],
    ["two with a semicolon", `"${victim};${attacker}"`],
    ["a line break and a header", `"${victim}\\r\\ncc: ${attacker}"`],
    ["an encoded line break", `"${victim}%0Acc:${attacker}"`],
    ["an object", `{"0":"${victim}","1":"${attacker}"}`],
  ])("%s as an identifier: no message to anybody", async (_name, identifier) => {
    await newRecipients();
    await send(paths.start, `{"realmId":"${realm.id}","identifier":${identifier}}`);
    expect(await newRecipients()).toEqual([]);
  });

  // Incident: C5.
  test("a field that is there twice, by one name or by both of its names: one message at most", async () => {
    await newRecipients();
    await send(paths.start, `{"realmId":"${realm.id}","identifier":"${victim}","identifier":"${attacker}"}`);
    expect((await newRecipients()).length).toBeLessThanOrEqual(1);
    await send(paths.start, `{"realmId":"${realm.id}","realm_id":"other","identifier":"${victim}"}`);
    expect((await newRecipients()).length).toBeLessThanOrEqual(1);
  });

  // Incident: C5.
  test.each([`identifier=${victim}`, `identifier=${victim}&identifier=${attacker}`])(
    "a query besides the body, %s: it names nobody",
    async (query) => {
      await newRecipients();
      await send(`${paths.start}?${query}`, `{"realmId":"${realm.id}","identifier":"${attacker}"}`);
      expect(await newRecipients()).not.toContain(victim);
    },
  );

  // Incident: C21.
  describe.each(["7", "true", "{}", "[]", '["X"]', '{"$gt":""}', '{"toString":"X"}', "1e9"])("%s", (value) => {
    test.each([
      ["an identifier", paths.start, `{"realmId":"${realm.id}","identifier":${value}}`],
      ["a realm", paths.start, `{"realmId":${value},"identifier":"${victim}"}`],
      ["a token", paths.check, `{"proof":{"token":${value}}}`],
      ["a code", paths.check, `{"proof":{"code":{"recoveryId":"x","verificationCode":${value}}}}`],
      ["a recovery id", paths.check, `{"proof":{"code":{"recoveryId":${value},"verificationCode":"00000000"}}}`],
      [
        "a token that completes",
        paths.complete,
        `{"proof":{"token":${value}},"newPassword":${JSON.stringify(newPassword)}}`,
      ],
      ["a password", paths.complete, `{"proof":{"token":"${"x".repeat(30)}"},"newPassword":{"password":${value}}}`],
    ])("is refused as %s", async (_name, path, body) => {
      await newRecipients();
      expect(await send(path, body)).toBe(400);
      expect(await newRecipients()).toEqual([]);
    });
  });
});

// Incident: C5.
test("a field that is there twice in a binary message: one message at most", async () => {
  await newRecipients();
  const [one, other] = [victim, attacker].map((identifier) =>
    toBinary(StartRecoveryRequestSchema, create(StartRecoveryRequestSchema, { realmId: realm.id, identifier })),
  );
  const both = new Uint8Array([...(one ?? []), ...(other ?? [])]);
  await send(ways.Connect.start, both, "application/proto");
  expect((await newRecipients()).length).toBeLessThanOrEqual(1);
});

// Incident: C22.
describe("a code that says nothing", () => {
  const nothings = ["", " ", "\t", "-", " - ", "\u0000", "\u3000", "----", "\u00A0"];

  test.each(nothings)("%j matches no live code, and no absent one", async (verificationCode) => {
    const withCode = await rekey.user(realm);
    const without = await rekey.user(realm, { email: { address: `${withCode.id}@example.net`, verified: false } });
    for (const { userName } of [withCode, without]) {
      const { recoveryId } = await askJson(url, "start", { realmId: realm.id, identifier: userName });
      const proof = { code: { recoveryId, verificationCode } };
      expect((await askJson(url, "check", { proof })).reason).toMatch(/^(CODE_INVALID|FIELD_INVALID)$/);
      expect((await askJson(url, "complete", { proof, newPassword })).reason).toMatch(/^(CODE_INVALID|FIELD_INVALID)$/);
    }
    const { token } = await newestMessage(rekey, withCode);
    expect(await askJson(url, "check", { proof: { token } })).toMatchObject({ hint: "u…@e….org" });
  });

  test.each([
    {},
    { proof: {} },
    { proof: null },
    { proof: { token: "" } },
    { proof: { token: " ".repeat(30) } },
    { proof: { code: {} } },
    { proof: { code: { recoveryId: "x" } } },
    { proof: { code: { recoveryId: "", verificationCode: "00000000" } } },
  ])("nor does a proof like %j", async (proof) => {
    for (const step of ["check", "complete"] as const) {
      expect((await askJson(url, step, { ...proof, newPassword })).reason).toMatch(/^(CODE_INVALID|FIELD_INVALID)$/);
    }
  });
});

test("none of this was a fault", async () => {
  await rekey.recoveries();
  expect(rekey.faults).toEqual([]);
});
