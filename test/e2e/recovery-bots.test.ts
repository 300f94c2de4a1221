// Does the bot check hold for the whole service, over all its processes? As an operator runs it.
// Guard: ASVS 5.0 2.4.2.

import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterAll, beforeAll, expect, test } from "vitest";

import { askJson, prepare } from "../support/ask-recovery.ts";
import { startCaptchaProvider } from "../support/start-captcha-provider.ts";
import { solveWork } from "../support/solve-work.ts";
import { startProduction } from "../support/start-production.ts";
import { startProcess, type StartedProcess } from "../support/start-process.ts";
import { type RedisServer, startRedis } from "../support/start-redis.ts";

const directory = mkdtempSync(join(tmpdir(), "rekey-bots-"));
const closing: (() => unknown)[] = [() => rmSync(directory, { recursive: true })];
let here: StartedProcess;
let there: StartedProcess;
beforeAll(async () => {
  const redis = await startRedis();
  closing.push(async () => await redis.stop());
  [here, there] = [await startOn(redis, "here"), await startOn(redis, "there")];
}, 60_000);
afterAll(async () => {
  for (const close of closing.toReversed()) await close();
});

type Service = Pick<StartedProcess, "address">;

const secret = () => randomBytes(32).toString("base64");
const keys = { names: secret(), codes: [{ id: 1, secret: secret() }] };
const link = "https://app.example.com/recover#token={{.Token}}";
const limits = { start_recovery: { identifier: "off", address: "off", realm: "off" } };

/** Nobody is sent anything here. */
const sender = { from_address: "no-reply@acme.example" };
const delivery = { smtp: [{ name: "mail", host: "127.0.0.1", port: 9, security: "none" }] };

function realm(id: string, proof_of_work: object) {
  const bot_check = { proof_of_work: { base_price: 20, ...proof_of_work } };
  const links = { hosts: ["app.example.com"] };
  return { id, limits, links, mail: sender, recovery: { enabled: true, link, bot_check } };
}

async function startOn({ url }: RedisServer, name: string): Promise<StartedProcess> {
  const realms = [
    realm("guarded", { mode: "always" }),
    realm("other", { mode: "always" }),
    realm("warm", { mode: "adaptive", calm: { address: 3 } }),
    { ...realm("plain", {}), recovery: { enabled: true, link } },
  ];
  const file = join(directory, `${name}.json`);
  const data_dir = join(directory, name);
  writeFileSync(
    file,
    JSON.stringify({ mode: "production", data_dir, listen: { port: 0 }, redis: { url }, keys, delivery, realms }),
  );
  const started = await startProcess({ REKEY_CONFIG_FILE: file });
  closing.push(async () => await started.stop());
  return started;
}

async function work(from: Service, realmId: string): Promise<object> {
  return { proofOfWork: await solveWork((await prepare(from.address, realmId)).proofOfWork?.challenge ?? "") };
}

async function start(at: Service, realmId: string, answer: object = {}): Promise<string> {
  const { reason, details } = await askJson(at.address, "start", { realmId, identifier: "nobody", ...answer });
  const [info] = (details ?? []) as readonly { metadata?: { problem?: string } }[];
  return [reason ?? "started", info?.metadata?.problem].filter((part) => part !== undefined).join(" ");
}

test("as it comes, nobody is asked for anything while it is calm", async () => {
  expect(await prepare(here.address, "plain")).toEqual({});
  expect(await start(here, "plain")).toBe("started");
});

test("a sum that one process made is taken by another, once", async () => {
  const answer = await work(here, "guarded");
  expect(await start(there, "guarded")).toBe("BOT_CHECK_REQUIRED");
  expect(await start(there, "guarded", answer)).toBe("started");
  expect(await start(here, "guarded", answer)).toBe("BOT_CHECK_FAILED REPLAYED");
});

test("fifty who send the same solution at once, to two processes: exactly one of them starts", async () => {
  const answer = await work(here, "guarded");
  const all = Array.from({ length: 50 }, async (_, i) => await start(i % 2 === 0 ? here : there, "guarded", answer));
  const heard = await Promise.all(all);
  expect(heard.filter((each) => each === "started")).toHaveLength(1);
  expect(heard.filter((each) => each === "BOT_CHECK_FAILED REPLAYED")).toHaveLength(49);
});

test("what was worked for one realm is nothing in another", async () => {
  expect(await start(here, "other", await work(here, "guarded"))).toBe("BOT_CHECK_FAILED FOREIGN");
});

test("heat is felt by every process: a price, then a higher one, and what is much too cheap is refused", async () => {
  const price = async (at: StartedProcess) => {
    const { proofOfWork } = await prepare(at.address, "warm");
    if (proofOfWork === undefined) return 0;
    return (JSON.parse(proofOfWork.challenge) as { parameters: { data: { price: number } } }).parameters.data.price;
  };
  for (const at of [here, there, here]) {
    expect(await price(there)).toBe(0);
    expect(await start(at, "warm")).toBe("started");
  }
  expect(await start(there, "warm")).toBe("BOT_CHECK_REQUIRED");
  expect(await price(there)).toBe(20);
  const saved = await work(there, "warm");
  for (let i = 0; i < 6; i += 1)
    expect(await start(i % 2 === 0 ? here : there, "warm", await work(here, "warm"))).toBe("started");
  expect(await price(here)).toBe(60);
  expect(await start(there, "warm", saved)).toBe("BOT_CHECK_FAILED CHEAP");
});

test("neither a challenge nor a solution is in the log, and each refusal says why", async () => {
  const answer = await work(here, "guarded");
  await start(here, "guarded", answer);
  await start(here, "guarded", answer);
  await here.printed("bot_check_failed: replayed");
  const { challenge } = JSON.parse(
    Buffer.from((answer as { proofOfWork: string }).proofOfWork, "base64").toString(),
  ) as { challenge: { signature: string; parameters: { nonce: string } } };
  for (const secretText of [
    challenge.signature,
    challenge.parameters.nonce,
    (answer as { proofOfWork: string }).proofOfWork,
  ]) {
    expect(here.output()).not.toContain(secretText);
  }
});

test("a CAPTCHA as it is configured, its secret in a file: vouched for, turned away, and worked for instead", async () => {
  const provider = await startCaptchaProvider("hcaptcha");
  const { siteKey, secret: captchaSecret, verifyUrl } = provider.settings();
  const secretFile = join(directory, "captcha-secret");
  writeFileSync(secretFile, `${captchaSecret}\n`);
  const captcha = {
    provider: "hcaptcha",
    site_key: siteKey,
    secret_file: secretFile,
    verify_url: verifyUrl,
    hostnames: ["app.example.com"],
    timeout: "1s",
    when_unavailable: "proof_of_work",
  };
  const bot_check = { proof_of_work: { mode: "off", base_price: 20 }, captcha };
  const acme = { links: { hosts: ["app.example.com"] }, recovery: { enabled: true, page: false, link, bot_check } };
  const service = await startProduction({ acme, delivery });
  expect(await prepare(service.address, "acme")).toEqual({
    captcha: { provider: "CAPTCHA_PROVIDER_HCAPTCHA", siteKey },
  });
  const solved = provider.solve();
  expect(await start(service, "acme", { captcha: solved })).toBe("started");
  expect(await start(service, "acme", { captcha: solved })).toBe("BOT_CHECK_FAILED CAPTCHA_REFUSED");
  const elsewhere = provider.solve({ hostname: "evil.example" });
  expect(await start(service, "acme", { captcha: elsewhere })).toBe("BOT_CHECK_FAILED CAPTCHA_REFUSED");
  provider.inTrouble("hang");
  expect(await start(service, "acme", { captcha: provider.solve() })).toBe("BOT_CHECK_FAILED CAPTCHA_UNAVAILABLE");
  expect(await start(service, "acme", await work(service, "acme"))).toBe("started");
  await service.printed("it was solved on a page of another host");
  await service.printed("the provider of a CAPTCHA is not available");
  expect(service.output()).not.toContain(captchaSecret);
  expect(service.output()).not.toContain(solved.response);
});
