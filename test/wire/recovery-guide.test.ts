// Does what docs/recovery.md tells front-end developers to paste work as it says?

import { readFileSync } from "node:fs";

import { afterAll, beforeAll, expect, test, vi } from "vitest";

import { type BotCheckSettings, defaultProofOfWork } from "../../src/bot-check/bot-check-settings.ts";
import { hour } from "../../src/units.ts";
import { newestMessage } from "../support/ask-recovery.ts";
import { makeRealm, openRekey, type Rekey } from "../support/open-rekey.ts";

type Guide = {
  start(identifier: string, state: string): Promise<{ recoveryId: string; requestNumber: string }>;
  startWithWork: Guide["start"];
  work(): Promise<object>;
  tokenFromAddress(): object;
  typedCode(recoveryId: string, code: string): object;
  check(proof: object): Promise<{ hint: string; rules: { minLength: number } }>;
  complete(proof: object, password: string): Promise<string>;
  veto(token: string): Promise<Date>;
};

const recovery = {
  hosts: [],
  link: "https://app.example.com/recover#token={{.Token}}",
  veto: { link: "https://app.example.com/recover#veto={{.Token}}", blockMs: hour },
};
const realm = makeRealm({ id: "demo", recovery });
const dear = makeRealm({ id: "dear", recovery });
const botChecks = new Map<string, BotCheckSettings>([
  ["dear", { proofOfWork: { ...defaultProofOfWork, mode: "always", basePrice: 5 } }],
]);
const password = "correct horse battery staple";

let rekey: Rekey;
let guide: Guide;
let guideOf: (realmId: string) => Promise<Guide>;
beforeAll(async () => {
  rekey = await openRekey({ realms: [realm, dear], botChecks });
  const blocks = readFileSync("docs/recovery.md", "utf8").matchAll(/```js\n(.*?)```/gs);
  const code = [...blocks].map(([, block]) => block).join("\n");
  // A module without a place of its own finds no package by its name.
  const found = code.replaceAll(/(?<=from ")altcha-lib[^"]*/g, (name) => import.meta.resolve(name));
  const here = found.replace("http://127.0.0.1:8080", await rekey.listen());
  guideOf = async (realmId) =>
    (await import(`data:text/javascript,${encodeURIComponent(here.replace('"demo"', `"${realmId}"`))}`)) as Guide;
  guide = await guideOf("demo");
});
afterAll(async () => await rekey.close());

test("the link's way", async () => {
  const user = await rekey.user(realm);
  const { requestNumber } = await guide.start(user.userName, "/basket");
  const { link, message } = await newestMessage(rekey, user);
  expect(message.requestNumber).toBe(requestNumber);
  const replaced: unknown[] = [];
  vi.stubGlobal("location", new URL(link));
  vi.stubGlobal("history", { replaceState: (...what: unknown[]) => void replaced.push(what) });
  const proof = guide.tokenFromAddress();
  vi.unstubAllGlobals();
  expect(replaced).toEqual([[null, "", "/recover"]]);
  expect(await guide.check(proof)).toMatchObject({ hint: "u…@e….org", rules: { minLength: 15 } });
  expect(await guide.complete(proof, password)).toBe("/basket");
  expect(await rekey.isPassword(user, password)).toBe(true);
});

test("the way of whoever did not ask", async () => {
  const user = await rekey.user(realm);
  await guide.start(user.userName, "");
  const { token, message } = await newestMessage(rekey, user);
  const until = await guide.veto(new URL(message.values.vetoLink).hash.replace("#veto=", ""));
  expect(until.getTime()).toBe(rekey.clock.now() + hour);
  await expect(guide.check({ token })).rejects.toMatchObject({ reason: "RECOVERY_BLOCKED" });
});

test("the code's way, and what goes wrong on it", async () => {
  const user = await rekey.user(realm);
  const { recoveryId } = await guide.start(user.userName, "");
  const { code } = await newestMessage(rekey, user);
  await expect(guide.check(guide.typedCode(recoveryId, "0000-0000"))).rejects.toMatchObject({ reason: "CODE_INVALID" });
  const proof = guide.typedCode(recoveryId, `${code.slice(0, 4)} - ${code.slice(4).toLowerCase()}`);
  await expect(guide.complete(proof, "weak")).rejects.toMatchObject({ reason: "PASSWORD_REJECTED" });
  await guide.complete(proof, password);
  expect(await rekey.isPassword(user, password)).toBe(true);
});

test("the way when many are asking", async () => {
  expect(await guide.work()).toEqual({});
  const { start, startWithWork } = await guideOf("dear");
  await expect(start("nobody", "")).rejects.toMatchObject({ reason: "BOT_CHECK_REQUIRED" });
  expect(await startWithWork("nobody", "")).toMatchObject({ requestNumber: expect.any(String) });
});
