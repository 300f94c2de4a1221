// Where may people be sent in the end? Only to the realm's origins, asked at the start and again at the end.
// Incident: C18; Guard: ASVS 5.0 1.2.2.

import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { makeRecoveryContainers } from "../../src/reset/recovery-containers.ts";
import { makeSeal } from "../../src/delivery/seal.ts";
import { returnUrlProblem } from "../../src/reset/return-url.ts";
import { askJson, newestMessage } from "../support/ask-recovery.ts";
import { makeKeyRing } from "../support/make-key-ring.ts";
import { makeRealm, openRekey, type Rekey } from "../support/open-rekey.ts";
import { goodPassword } from "../support/reset-steps.ts";

const origins = ["https://shop.example.com", "https://shop.example.com:8443", "http://localhost:3000"];

const refused = [
  "javascript:alert(1)",
  "JavaScript:alert(1)//https://shop.example.com/",
  "data:text/html,<script>alert(1)</script>",
  "vbscript:msgbox(1)",
  "blob:https://shop.example.com/1",
  "//shop.example.com/basket",
  "///shop.example.com",
  "/basket",
  "basket",
  "?next=/",
  "https:shop.example.com/",
  "https:///shop.example.com/",
  "https:\\\\shop.example.com\\basket",
  "https://shop.example.com\\@evil.example/",
  "https://evil.example\\shop.example.com/",
  "https://ann@shop.example.com/",
  "https://shop.example.com@evil.example/",
  "https://shop.example.com:secret@evil.example/",
  "https://shop.example.com.evil.example/",
  "https://evil.example/https://shop.example.com/",
  "https://evil.example#https://shop.example.com/",
  "https://shop.example.com:444/",
  "http://shop.example.com/",
  "https://shop.example.com/\n",
  "https://shop.example.com/\tbasket",
  " https://shop.example.com/",
  "https://shop.example.com/ basket",
  "\u0000https://shop.example.com/",
  "https://shop\u3002example\u3002com/",
  "https://shop.example.com/\u202Etxt.exe",
  "https://[shop.example.com/",
  "https://",
];

test.each([
  "https://shop.example.com",
  "https://shop.example.com/basket?id=7&x=%2F#top",
  "https://SHOP.example.com/",
  "https://shop.example.com:443/",
  "https://shop.example.com:8443/",
  "http://localhost:3000/done",
  "",
])("%j may be", (url) => {
  expect(returnUrlProblem(url, origins)).toBeUndefined();
});

test.each(refused)("%j may not", (url) => {
  expect(returnUrlProblem(url, origins)).toBeTypeOf("string");
  expect(returnUrlProblem(url, [])).toBeTypeOf("string");
});

describe("over the wire", () => {
  const recovery = { hosts: [], link: "https://app.example.com/recover#token={{.Token}}" };
  const realm = makeRealm({ recovery: { ...recovery, returnOrigins: origins } });
  let rekey: Rekey;
  let url: string;
  beforeAll(async () => {
    rekey = await openRekey({ realms: [realm] });
    url = await rekey.listen();
  });
  afterAll(async () => await rekey.close());

  const start = async (identifier: string, returnUrl: string) =>
    await askJson(url, "start", { realmId: realm.id, identifier, returnUrl });
  const complete = async (proof: object) =>
    await askJson(url, "complete", { proof, newPassword: { password: goodPassword } });

  test("what may not be is told with its field, to everybody alike, and nothing is queued", async () => {
    const before = (await rekey.recoveries()).length;
    const { userName } = await rekey.user(realm);
    for (const bad of refused) {
      const answer = await start(userName, bad);
      expect(answer).toMatchObject({ reason: "FIELD_INVALID" });
      expect(JSON.stringify(answer)).toContain('"field":"return_url"');
      expect(await start("nobody", bad)).toEqual(answer);
    }
    expect(await rekey.recoveries()).toHaveLength(before);
  });

  test("what may be comes back, by link and by code", async () => {
    const returnUrl = "https://shop.example.com/basket?id=7";
    for (const by of ["token", "code"] as const) {
      const user = await rekey.user(realm);
      const { recoveryId } = await start(user.userName, returnUrl);
      const { token, code: verificationCode } = await newestMessage(rekey, user);
      const proof = by === "token" ? { token } : { code: { recoveryId, verificationCode } };
      expect(await complete(proof)).toMatchObject({ returnUrl });
    }
  });

  test("what is no longer on the list, or was never let in, does not", async () => {
    const containers = makeRecoveryContainers({
      id: makeSeal(makeKeyRing(1).codes, "recovery id"),
      token: makeSeal(makeKeyRing(1).codes, "recovery token"),
      veto: makeSeal(makeKeyRing(1).codes, "recovery veto"),
    });
    for (const returnUrl of ["https://was-listed.example.com/", "javascript:alert(1)"]) {
      const user = await rekey.user(realm);
      await start(user.userName, "");
      const { token } = await newestMessage(rekey, user);
      const link = containers.openLink(token);
      if (link === undefined) throw new Error("the link has another key");
      expect(await complete({ token: containers.sealLink({ ...link, returnUrl }) })).toEqual({ sessionsEnded: true });
    }
  });
});
