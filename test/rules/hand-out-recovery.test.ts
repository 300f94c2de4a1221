// Does a recovery that is handed out stay with those who may have it, and open only where it belongs?

import { afterAll, beforeAll, describe, expect, test } from "vitest";

import type { RecoveryWish } from "../../src/reset/recovery-work.ts";
import { hour } from "../../src/units.ts";
import { makeRealm, noLimits, openRekey, type Rekey } from "../support/open-rekey.ts";
import { refusalFrom } from "../support/refusal-from.ts";

const [acme, other] = [makeRealm(), makeRealm()];
const sparing = makeRealm({ limits: { ...noLimits, return_code: { account: { max: 1, windowMs: hour } } } });
const wish: RecoveryWish = { tokenShape: "link" };
const linked: RecoveryWish = { ...wish, link: "https://app.example.com/reset#{{.Token}}" };

let rekey: Rekey;
beforeAll(async () => {
  rekey = await openRekey({ realms: [acme, other, sparing] });
});
afterAll(async () => await rekey.close());

function recovery() {
  const { recovery: acts } = rekey.acts;
  if (acts === undefined) throw new Error("the service has no recovery");
  return acts;
}

// Guard: ASVS 5.0 8.2.1
describe("who may have one", () => {
  test("needs the permission to have codes returned, and to send if it is mailed besides", async () => {
    const { userName: identifier } = await rekey.user(acme);
    const sender = rekey.call(acme, { permissions: ["password.send_link"] });
    expect(await refusalFrom(recovery().handOut(sender, { identifier, isMailed: false, wish }))).toMatchObject({
      reason: "permission_missing",
      permission: "password.return_code",
    });
    const holder = rekey.call(acme, { permissions: ["password.return_code"] });
    expect(await refusalFrom(recovery().handOut(holder, { identifier, isMailed: true, wish: linked }))).toMatchObject({
      reason: "permission_missing",
      permission: "password.send_link",
    });
    expect((await recovery().handOut(holder, { identifier, isMailed: false, wish })).token).not.toBe("");
  });

  test("hears of a page that is missing or not the realm's before anybody is looked up", async () => {
    const call = rekey.call(acme);
    const asked = { identifier: "nobody-at-all", isMailed: true };
    expect(await refusalFrom(recovery().handOut(call, { ...asked, wish }))).toMatchObject({
      reason: "url_template_missing",
    });
    const foreign = { ...wish, link: "https://evil.example/reset#{{.Token}}" };
    expect(await refusalFrom(recovery().handOut(call, { ...asked, wish: foreign }))).toMatchObject({
      reason: "url_template_invalid",
    });
  });

  test("has as many as the account's limit says", async () => {
    const { userName: identifier } = await rekey.user(sparing);
    const ask = async () => await recovery().handOut(rekey.call(sparing), { identifier, isMailed: false, wish });
    await ask();
    expect(await refusalFrom(ask())).toMatchObject({ reason: "rate_limited", limit: "return_code.account" });
  });
});

describe("what was handed out", () => {
  const password = "correct horse battery staple";

  test("opens in its own realm alone", async () => {
    const user = await rekey.user(acme);
    const { token } = await recovery().handOut(rekey.call(acme), { identifier: user.userName, isMailed: false, wish });
    const from = { host: "", address: "192.0.2.1", requestId: "test" };
    const request = { proof: { kind: "token", token }, password, dialect: rekey.dialect } as const;
    const stranger = (realmId: string) => {
      const caller = recovery().callers.stranger(realmId);
      if (caller === undefined) throw new Error("the realm has no strangers");
      return { ...from, caller };
    };
    // Nothing says whose it could be, and no realm is public.
    expect(await refusalFrom(recovery().present.complete(from, request))).toMatchObject({ reason: "code_absent" });
    const elsewhere = recovery().present.complete(stranger(other.id), request);
    expect(await refusalFrom(elsewhere)).toMatchObject({ reason: "code_absent" });
    await recovery().present.complete(stranger(acme.id), request);
    expect(await rekey.isPassword(user, password)).toBe(true);
  });

  test("is a code of the user who is named with it, in the realm that was found", async () => {
    const user = await rekey.user(acme);
    const codeWish: RecoveryWish = { codeShape: "code" };
    const asked = { identifier: user.userName, isMailed: false, wish: codeWish };
    const { code, token } = await recovery().handOut(rekey.call(acme), asked);
    expect(token).toBe("");
    const proof = { kind: "identified_code", identifier: user.email?.address ?? "", code } as const;
    const from = { host: "", address: "192.0.2.1", requestId: "test" };
    const request = { proof, password, dialect: rekey.dialect };
    expect(await refusalFrom(recovery().present.complete(from, request))).toMatchObject({ reason: "code_absent" });
    const caller = recovery().callers.stranger(acme.id);
    await recovery().present.complete({ ...from, ...(caller && { caller }) }, request);
    expect(await rekey.isPassword(user, password)).toBe(true);
  });
});
