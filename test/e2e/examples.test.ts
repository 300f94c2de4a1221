// Do the front ends in examples/ work as somebody would use them: on an origin of their own, in a real browser, for real
// mail?

import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";

import type { Browser, Page } from "playwright-core";
import { build } from "vite";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";

import { openBrowser } from "../support/open-browser.ts";
import { startForRecovery } from "../support/recovering-people.ts";
import { serveFolder } from "../support/serve-folder.ts";
import { goodPasswords } from "../support/start-production.ts";

/** Chromium may have to be installed the first time. */
const installTimeoutMs = 600_000;

const examples = join(import.meta.dirname, "../../examples");
const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

let browser: Browser;
let built: string;
beforeAll(async () => {
  browser = await openBrowser();
  built = mkdtempSync(join(tmpdir(), "rekey-example-"));
  const root = join(examples, "connect-web");
  await build({ root, configFile: false, logLevel: "warn", build: { outDir: built, emptyOutDir: false } });
}, installTimeoutMs);
afterAll(async () => {
  await browser.close();
  rmSync(built, { recursive: true });
});

/** Scripts of its own, and nothing that makes code of text: enough, also for a proof of work. Guard: ASVS 5.0 3.4.3. */
const contentSecurityPolicy = "script-src 'self'; object-src 'none'; base-uri 'none'";

describe.each([
  ["connect-web", () => built],
  ["fetch", () => join(examples, "fetch")],
])("examples/%s", (_name, folder) => {
  /** The front end, and the service that it is for. */
  async function startAll({ origins, recovery = {} }: { origins?: readonly string[]; recovery?: object } = {}) {
    let address = "";
    const port = await serveFolder(folder(), (page) =>
      page
        .replace("<head>", `<head><meta http-equiv="content-security-policy" content="${contentSecurityPolicy}">`)
        .replace("http://127.0.0.1:8080", address)
        .replace('content="demo"', 'content="acme"'),
    );
    const origin = `http://localhost:${port}`;
    const people = await startForRecovery({ origins: origins ?? [origin], link: `${origin}/recover`, recovery });
    ({ address } = people.service);
    return { ...people, origin };
  }

  test("the link's way, opened in another browser; a weak password is explained", async () => {
    const { service, origin, mail, isPassword } = await startAll();
    const user = await service.makeUser();
    const asking = await openPage(`${origin}/recover?from=/basket`);
    await ask(asking, user.email);
    expect(await asking.getByRole("button", { name: "Send another message" }).isDisabled()).toBe(true);

    const page = await openPage((await mail(user)).link);
    await page.getByRole("heading", { name: "Choose a new password" }).waitFor();
    expect(page.url()).toBe(`${origin}/recover`);
    await expectAccessible(page);
    await choose(page, "weak");
    expect(await problemOn(page)).toContain("Choose another password:");
    await choose(page, goodPasswords.second);
    await page.getByRole("heading", { name: "Your password is set" }).waitFor();
    await expectAccessible(page);
    expect(await page.getByRole("link").getAttribute("href")).toBe("/basket");
    expect(await isPassword(user, goodPasswords.second)).toBe(true);
  });

  test("the code's way, and what goes wrong on it", async () => {
    const { service, origin, mail, isPassword } = await startAll();
    const user = await service.makeUser();
    const page = await openPage(`${origin}/recover?from=https://evil.example/`);
    await expectAccessible(page);
    await ask(page, user.email);
    await expectAccessible(page);
    const { code } = await mail(user);
    await typeCode(page, "0000-0000");
    expect(await problemOn(page)).toContain("not right");
    await typeCode(page, code.toLowerCase());
    await choose(page, goodPasswords.second);
    await page.getByRole("heading", { name: "Your password is set" }).waitFor();
    // Only a page of its own.
    expect(await page.getByRole("link").getAttribute("href")).toBe("/");
    expect(await isPassword(user, goodPasswords.second)).toBe(true);
  });

  test("asking too often: the page says when to come again", async () => {
    const { origin } = await startAll();
    const page = await openPage(`${origin}/recover`);
    for (let times = 0; times < 5; times += 1) {
      await ask(page, "nobody@people.example");
      await page.reload();
    }
    await page.getByLabel(/user name/).fill("nobody@people.example");
    await page.getByRole("button", { name: "Send me a message" }).click();
    expect(await problemOn(page)).toMatch(/^Too many tries\. Try again in \d+ minutes\.$/);
  });

  test("where a proof of work is wanted, the page does it", async () => {
    const proofOfWork = { mode: "always", base_price: 100, max_price: 100 };
    const { service, origin, mail } = await startAll({ recovery: { bot_check: { proof_of_work: proofOfWork } } });
    const user = await service.makeUser();
    await ask(await openPage(`${origin}/recover`), user.email);
    expect((await mail(user)).link).toContain(origin);
    expect(service.output()).toContain("bot_check_required");
  });

  test("from an origin that is not on the list: nothing works, and the page says so", async () => {
    const { origin } = await startAll({ origins: ["https://login.example.com"] });
    const page = await openPage(`${origin}/recover`);
    await page.getByLabel(/user name/).fill("nobody@people.example");
    await page.getByRole("button", { name: "Send me a message" }).click();
    expect(await problemOn(page)).toContain("cannot be reached");
  });
});

async function openPage(url: string): Promise<Page> {
  const context = await browser.newContext();
  onTestFinished(async () => await context.close());
  const page = await context.newPage();
  await page.goto(url);
  return page;
}

async function ask(page: Page, identifier: string): Promise<void> {
  await page.getByLabel(/user name/).fill(identifier);
  await page.getByRole("button", { name: "Send me a message" }).click();
  await page.getByRole("heading", { name: "Check your messages" }).waitFor();
}

async function typeCode(page: Page, code: string): Promise<void> {
  await page.getByLabel("Code").fill(code);
  await page.getByRole("button", { name: "Go on" }).click();
}

async function choose(page: Page, password: string): Promise<void> {
  await page.getByLabel(/New password/).fill(password);
  await page.getByRole("button", { name: "Set the password" }).click();
}

/** What the page says, as soon as it says something. */
async function problemOn(page: Page): Promise<string> {
  const problem = page.getByRole("alert").filter({ hasText: /\S/ });
  await problem.waitFor();
  return await problem.innerText();
}

async function expectAccessible(page: Page): Promise<void> {
  await page.evaluate(axe);
  const violations = await page.evaluate(async () => {
    const { axe } = globalThis as unknown as { axe: { run(): Promise<{ violations: { id: string }[] }> } };
    return (await axe.run()).violations.map(({ id }) => id);
  });
  expect(violations).toEqual([]);
}
