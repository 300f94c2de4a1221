// What do strangers hear who may be machines? What is wanted, what is wrong with it, and nothing about anybody.

import { create } from "@bufbuild/protobuf";
import { createClient } from "@connectrpc/connect";
import { createGrpcTransport } from "@connectrpc/connect-node";
import { describe, expect, onTestFinished, test } from "vitest";

import {
  CaptchaProvider as ProviderNumber,
  PrepareRecoveryResponseSchema,
  RecoveryService,
} from "../../gen/rekey/v1/recovery_service_pb.ts";
import {
  type BotCheckSettings,
  captchaProviders,
  type CaptchaSettings,
  defaultProofOfWork,
  type ProofOfWorkSettings,
} from "../../src/bot-check/bot-check-settings.ts";
import { hour } from "../../src/units.ts";
import { ask, askJson, newestMessage, prepare, protocols } from "../support/ask-recovery.ts";
import { makeRealm, noLimits, openRekey } from "../support/open-rekey.ts";
import { payloadOf, solveWork } from "../support/solve-work.ts";
import { startCaptchaProvider } from "../support/start-captcha-provider.ts";

const cheap: ProofOfWorkSettings = { ...defaultProofOfWork, mode: "always", basePrice: 2, maxPrice: 8 };
const off: ProofOfWorkSettings = { ...cheap, mode: "off" };
const recovery = { hosts: [], link: "https://app.example.com/recover#token={{.Token}}" };

/** A realm with this check, served. */
async function served(check: BotCheckSettings, realm = makeRealm({ recovery })) {
  const rekey = await openRekey({ realms: [realm], botChecks: new Map([[realm.id, check]]) });
  onTestFinished(async () => {
    expect(rekey.faults.filter(({ cause }) => !(cause instanceof Error && cause.name === "Outage"))).toEqual([]);
    await rekey.close();
  });
  const url = await rekey.listen();
  const start = async (answer: object = {}, identifier = "nobody") =>
    await askJson(url, "start", { realmId: realm.id, identifier, ...answer });
  const wanted = async () => await prepare(url, realm.id);
  const work = async () => ({ proofOfWork: await solveWork((await wanted()).proofOfWork?.challenge ?? "") });
  return { rekey, url, realm, start, wanted, work };
}

const started = { requestNumber: expect.any(String), recoveryId: expect.any(String) };
const required = { reason: "BOT_CHECK_REQUIRED" };
const failed = (problem: string) => ({
  reason: "BOT_CHECK_FAILED",
  details: [expect.objectContaining({ metadata: { problem } })],
});

describe("proof of work", () => {
  test("is asked for in ALTCHA's form, with its end, and nobody starts without", async () => {
    const { wanted, start, rekey } = await served({ proofOfWork: cheap });
    const { proofOfWork, captcha } = await wanted();
    expect(captcha).toBeUndefined();
    const { parameters, signature } = JSON.parse(proofOfWork?.challenge ?? "") as Record<string, unknown>;
    expect(parameters).toMatchObject({ algorithm: "PBKDF2/SHA-256", cost: 1000 });
    expect(signature).toMatch(/^[0-9a-f]{64}$/);
    const { expiresAt } = parameters as { expiresAt: number };
    expect(new Date(proofOfWork?.expirationDate ?? "")).toEqual(new Date(expiresAt * 1000));
    expect(await start()).toMatchObject(required);
    expect(await rekey.recoveries()).toEqual([]);
  });

  test("lets whoever has worked start, once, and the message goes out", async () => {
    const { rekey, realm, start, work } = await served({ proofOfWork: cheap });
    const user = await rekey.user(realm);
    const answer = await work();
    expect(await start(answer, user.userName)).toMatchObject(started);
    expect((await newestMessage(rekey, user)).token).not.toBe("");
    expect(await start(answer, user.userName)).toMatchObject(failed("REPLAYED"));
    expect(await rekey.recoveries()).toHaveLength(1);
  });

  // Guard: ASVS 5.0 2.4.1. What a sum costs us nobody can have without end: it is counted before it is made.
  test("is made for an address, and for a realm, as often as their limits let it", async () => {
    const limits = { address: { max: 2, windowMs: hour }, realm: { max: 3, windowMs: hour } };
    const realm = makeRealm({ recovery, limits: { ...noLimits, prepare_recovery: limits } });
    const { rekey, url, work, start } = await served({ proofOfWork: cheap }, realm);
    const ask = async () => await fetch(`${url}/v1/recovery/prepare?realm_id=${realm.id}`);
    const answer = await work();
    expect((await ask()).status).toBe(200);
    const limited = await ask();
    expect([limited.status, limited.headers.get("retry-after")]).toEqual([429, "3600"]);
    expect(rekey.ended.at(-1)).toMatchObject({ outcome: "refused", reason: expect.stringContaining("rate_limited") });
    // What was made is still good.
    expect(await start(answer)).toMatchObject(started);

    const from = async (address: string) => await rekey.acts.recovery?.prepare({ ...rekey.call(realm), address });
    expect((await from("203.0.113.9"))?.proofOfWork).toBeDefined();
    await expect(from("203.0.113.10")).rejects.toMatchObject({ details: { limit: "prepare_recovery.realm" } });
    rekey.clock.pass(hour);
    expect((await ask()).status).toBe(200);
  });

  test("is told what is wrong with it, and on record why", async () => {
    const { rekey, start, work } = await served({ proofOfWork: cheap });
    const old = await work();
    rekey.clock.pass(hour);
    expect(await start(old)).toMatchObject(failed("STALE"));
    expect(await start({ proofOfWork: payloadOf({}, {}) })).toMatchObject(failed("FOREIGN"));
    await start();
    expect(rekey.ended.filter(({ event }) => event === "recovery.started").map(({ reason }) => reason)).toEqual([
      "bot_check_failed: stale",
      "bot_check_failed: foreign",
      "bot_check_required",
    ]);
  });

  test("is judged before anything is counted against anybody", async () => {
    const limits = { ...noLimits, start_recovery: { identifier: { max: 1, windowMs: hour } } };
    const { start, work } = await served({ proofOfWork: cheap }, makeRealm({ recovery, limits }));
    for (let i = 0; i < 5; i += 1) expect(await start()).toMatchObject(required);
    expect(await start(await work())).toMatchObject(started);
    expect(await start(await work())).toMatchObject({ reason: "RATE_LIMITED" });
  });

  test("a captcha answer is not what was wanted", async () => {
    const { start } = await served({ proofOfWork: cheap });
    expect(await start({ captcha: { response: "anything" } })).toMatchObject(required);
  });

  // Guard: ASVS 5.0 6.3.8; Incident: C30.
  test.each(protocols)("over %s, known and unknown hear the same, byte for byte", async (protocol) => {
    const { rekey, realm, url, work } = await served({ proofOfWork: cheap });
    await rekey.user(realm, { userName: "known" });
    const used = (await work()).proofOfWork;
    await askJson(url, "start", { realmId: realm.id, identifier: "third", proofOfWork: used });
    for (const payload of [undefined, used, payloadOf({}, {})]) {
      const botAnswer =
        payload &&
        (protocol === "gRPC-Web" ? { botAnswer: { case: "proofOfWork", value: payload } } : { proofOfWork: payload });
      const [known, unknown] = await Promise.all(
        ["known", "nobody"].map(
          async (identifier) => await ask(url, protocol, "start", { realmId: realm.id, identifier, ...botAnswer }),
        ),
      );
      expect(known).toEqual(unknown);
      expect(known?.bytes.toString()).toMatch(/BOT_CHECK_(REQUIRED|FAILED)|bot|proof|PrepareRecovery/);
    }
  });
});

describe("a captcha", () => {
  async function guarded(changes: Partial<CaptchaSettings> = {}, proofOfWork = off) {
    const provider = await startCaptchaProvider("turnstile");
    return { provider, ...(await served({ proofOfWork, captcha: provider.settings(changes) })) };
  }

  test("is asked for, and lets in whom the provider vouches for", async () => {
    const { provider, wanted, start, rekey } = await guarded();
    expect(await wanted()).toEqual({ captcha: { provider: "CAPTCHA_PROVIDER_TURNSTILE", siteKey: "the-site-key" } });
    expect(await start()).toMatchObject(required);
    expect(await start({ captcha: provider.solve() })).toMatchObject(started);
    expect(await start({ captcha: { response: "made-up" } })).toMatchObject(failed("CAPTCHA_REFUSED"));
    expect(rekey.ended.at(-1)).toMatchObject({ outcome: "refused", reason: "bot_check_failed: captcha_refused" });
  });

  test("and a proof of work are each enough, where both are configured", async () => {
    const { provider, wanted, start, work } = await guarded({}, { ...cheap, mode: "adaptive" });
    expect(Object.keys(await wanted()).toSorted()).toEqual(["captcha", "proofOfWork"]);
    expect(await start()).toMatchObject(required);
    expect(await start(await work())).toMatchObject(started);
    expect(await start({ captcha: provider.solve() })).toMatchObject(started);
  });

  test("alone does not take a proof of work", async () => {
    const { start } = await guarded();
    const other = await served({ proofOfWork: cheap });
    expect(await start(await other.work())).toMatchObject(required);
  });

  test.each(captchaProviders)("of %s has its name over gRPC", async (name) => {
    const provider = await startCaptchaProvider(name);
    const { url, realm } = await served({ proofOfWork: off, captcha: provider.settings() });
    const client = createClient(RecoveryService, createGrpcTransport({ baseUrl: url }));
    const number = ProviderNumber[name.toUpperCase() as keyof typeof ProviderNumber];
    expect(await client.prepareRecovery({ realmId: realm.id })).toEqual(
      create(PrepareRecoveryResponseSchema, { captcha: { provider: number, siteKey: "the-site-key" } }),
    );
    const captcha = provider.solve();
    const answer = await client.startRecovery({
      realmId: realm.id,
      identifier: "nobody",
      botAnswer: { case: "captcha", value: captcha },
    });
    expect(answer.recoveryId).not.toBe("");
  });

  describe.each([
    ["hangs", "hang"],
    ["answers 500", { status: 500 }],
    ["answers garbage", { status: 200, body: "<html>" }],
  ] as const)("whose provider %s", (_name, trouble) => {
    test("nobody starts, where that is what the realm wants", async () => {
      const { provider, start, rekey } = await guarded({ whenUnavailable: "refuse", timeoutMs: 200 });
      provider.inTrouble(trouble);
      expect(await start({ captcha: provider.solve() })).toMatchObject({ reason: "DEPENDENCY_UNAVAILABLE" });
      expect(rekey.ended.at(-1)).toMatchObject({ outcome: "failed", reason: "captcha" });
      provider.inTrouble(undefined);
      expect(await start({ captcha: provider.solve() })).toMatchObject(started);
    });

    test("everybody with an answer starts, where that is what the realm wants", async () => {
      const { provider, start } = await guarded({ whenUnavailable: "allow", timeoutMs: 200 });
      provider.inTrouble(trouble);
      expect(await start()).toMatchObject(required);
      expect(await start({ captcha: provider.solve() })).toMatchObject(started);
    });

    test("who works instead starts, where that is what the realm wants, until the provider is back", async () => {
      const { provider, start, wanted, work } = await guarded({ whenUnavailable: "proof_of_work", timeoutMs: 200 });
      expect(await wanted()).not.toHaveProperty("proofOfWork");
      provider.inTrouble(trouble);
      expect(await start({ captcha: provider.solve() })).toMatchObject(failed("CAPTCHA_UNAVAILABLE"));
      expect(Object.keys(await wanted()).toSorted()).toEqual(["captcha", "proofOfWork"]);
      expect(await start(await work())).toMatchObject(started);
      provider.inTrouble(undefined);
      expect(await start({ captcha: provider.solve() })).toMatchObject(started);
      expect(await wanted()).not.toHaveProperty("proofOfWork");
    });
  });
});

test("a realm that is closed prepares nothing", async () => {
  const { url } = await served({ proofOfWork: cheap });
  const answer = await fetch(`${url}/v1/recovery/prepare?realm_id=elsewhere`);
  expect(answer.status).toBe(404);
  expect(await answer.text()).toContain("REALM_NOT_FOUND");
});
