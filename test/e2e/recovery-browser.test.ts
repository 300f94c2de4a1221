// Can a page of another origin recover a password, with Google's client, with Connect's, and with fetch? From an origin
// on the list it can; from any other the browser keeps the answers back. Guard: ASVS 5.0 3.4.2.

import { join } from "node:path";

import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";

import { openBrowser } from "../support/open-browser.ts";
import { startForRecovery } from "../support/recovering-people.ts";
import { servePage, type ServedPage } from "../support/serve-page.ts";
import { goodPasswords } from "../support/start-production.ts";
import type { ClientName, Recover, RecoveryClient, TypedProof } from "./browser/recovery-page.ts";

/** Chromium may have to be installed the first time. */
const installTimeoutMs = 600_000;

const clients: readonly ClientName[] = [
  "fetch",
  "Connect of connect-web",
  "gRPC-Web of connect-web",
  "grpc-web, binary",
  "grpc-web, text",
];

let served: ServedPage;
let browser: Browser;
beforeAll(async () => {
  browser = await openBrowser();
  served = await servePage(join(import.meta.dirname, "browser/recovery-page.ts"));
}, installTimeoutMs);
afterAll(async () => {
  await browser.close();
  await served.close();
});

// One service for all clients: what is asked of it is to answer each of them alike.
test("from an origin on the list: a code sets a password once, and refusals have their reasons", async () => {
  const origin = `http://127.0.0.1:${served.port}`;
  const { service, mail, isPassword } = await startForRecovery({ origins: [origin], link: `${origin}/recover` });
  const page = await openPage(origin);
  for (const name of clients) {
    const client = clientIn(page, name, service.address);
    const user = await service.makeUser();
    const recoveryId = await client.start(user.email);
    const { code } = await mail(user);
    const right = { recoveryId, verificationCode: code };
    const told = {
      wrongCode: await client.check({ recoveryId, verificationCode: "0000-0000" }),
      rightCode: await client.check(right),
      weakPassword: await client.complete(right, "weak"),
      goodPassword: await client.complete(right, goodPasswords.second),
      again: await client.complete(right, "a third password of length"),
    };
    expect([name, told]).toEqual([
      name,
      {
        wrongCode: "CODE_INVALID",
        rightCode: expect.stringContaining("…@p…"),
        weakPassword: "PASSWORD_REJECTED",
        goodPassword: "set",
        again: "CODE_USED",
      },
    ]);
    expect(await isPassword(user, goodPasswords.second)).toBe(true);
  }
});

describe("from any other origin", () => {
  test("the browser keeps the answers back, of every client", async () => {
    const origin = `http://127.0.0.1:${served.port}`;
    const { service } = await startForRecovery({ origins: [origin], link: `${origin}/recover` });
    const page = await openPage(`http://localhost:${served.port}`);
    const user = await service.makeUser();
    for (const name of clients) {
      const [message, outcome] = await Promise.all([
        page.waitForEvent("console", (one) => one.text().includes("blocked by CORS policy")),
        clientIn(page, name, service.address)
          .start(user.email)
          .catch((cause: unknown) => cause),
      ]);
      expect(message.text()).toContain(`from origin 'http://localhost:${served.port}'`);
      expect(outcome).toBeInstanceOf(Error);
    }
    // Every call needs a preflight, so none of them was ever made.
    expect(service.output()).not.toContain("recovery.started");
  });
});

async function openPage(origin: string): Promise<Page> {
  const page = await browser.newPage();
  onTestFinished(async () => await page.close());
  await page.goto(origin);
  await page.waitForFunction(() => "recover" in globalThis);
  return page;
}

/** The client inside of the page, as if it were here. */
function clientIn(page: Page, name: ClientName, address: string): RecoveryClient {
  const call = async (step: keyof RecoveryClient, ...args: unknown[]): Promise<string> =>
    await page.evaluate(
      async (given) => {
        const { recover } = globalThis as unknown as { recover: Recover };
        const client = recover(given.name, given.address) as Record<string, (...args: unknown[]) => Promise<string>>;
        return (await client[given.step]?.(...given.args)) ?? "";
      },
      { name, address, step, args },
    );
  return {
    start: async (identifier) => await call("start", identifier),
    check: async (code: TypedProof) => await call("check", code),
    complete: async (code: TypedProof, password) => await call("complete", code, password),
  };
}
