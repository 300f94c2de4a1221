// How does a test sit in front of the recovery page? In a real browser, which tells what it asked for and complained of.

import { mkdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";

import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { expect, onTestFinished } from "vitest";

import { eventually } from "./eventually.ts";
import type { Party } from "./native-client.ts";

export type Seat = {
  readonly page: Page;
  /** Every host that anything was asked of. */
  readonly hosts: ReadonlySet<string>;
  /** What the console said, breaches of the content security policy among it. */
  readonly complaints: readonly string[];
  /** Everything that was asked for, with what was sent along in the open: method, URL and headers. */
  readonly requests: readonly string[];
};

/** Forgets everything when the test is over: a browser context is a browser that nobody has used. */
export async function sitDown(browser: Browser, options: BrowserContextOptions = {}): Promise<Seat> {
  const context = await browser.newContext({ locale: "en", ...options });
  onTestFinished(async () => await context.close());
  const [hosts, complaints, requests] = [new Set<string>(), [] as string[], [] as string[]];
  context.on("request", (request) => {
    hosts.add(new URL(request.url()).host);
    requests.push([request.method(), request.url(), JSON.stringify(request.headers())].join(" "));
  });
  context.on("console", (message) => complaints.push(message.text()));
  context.on("weberror", ({ error }) => complaints.push(error().message));
  await context.addInitScript(`document.addEventListener("securitypolicyviolation", (event) =>
    console.error("policy: " + event.violatedDirective + " " + event.blockedURI))`);
  return { page: await context.newPage(), hosts, complaints, requests };
}

/** Goes there as if for the first time: a changed fragment alone would load nothing. */
export async function visit({ page }: Pick<Seat, "page">, address: string): Promise<void> {
  await page.goto("about:blank");
  await page.goto(address);
  await page.locator(".sign").waitFor();
}

export async function heading({ page }: Pick<Seat, "page">): Promise<string> {
  return await page.locator("h1").innerText();
}

/** Waits for the screen of this heading, and for the focus on it: so it is read out. */
export async function expectScreen({ page }: Pick<Seat, "page">, title: string): Promise<void> {
  await page.locator("h1:focus", { hasText: title }).waitFor();
  expect(await page.locator("h1").count()).toBe(1);
}

/** The same, for a screen where nothing goes on: everybody can read it, and its picture is kept. */
export async function expectEnd(seat: Pick<Seat, "page">, title: string): Promise<void> {
  await expectScreen(seat, title);
  await expectAccessible(seat);
  await keepPicture(seat, `end-${title.toLowerCase().replaceAll(" ", "-")}`);
}

export async function press({ page }: Pick<Seat, "page">, button: string): Promise<void> {
  await page.getByRole("button", { name: button, exact: true }).click();
}

export type Message = { readonly link: string; readonly verificationCode: string; readonly language: string };

/** The message number `index` to this user, the oldest first, out of the demo's inbox. */
export async function messageTo({ address, apiKey, userId }: Party, index = 0): Promise<Message> {
  return await eventually(async () => {
    const url = `${address}/v1/dev/messages?user_id=${userId}`;
    const response = await fetch(url, { headers: { authorization: `Bearer ${apiKey}` } });
    const { messages = [] } = (await response.json()) as { messages?: readonly (Message & { userId: string })[] };
    return messages.filter(({ userId: to, link }) => to === userId && link !== "").toReversed()[index];
  });
}

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** What axe finds, each by its rule. Spec: WCAG 2.2 A and AA, and axe's best practices. */
export async function barriers({ page }: Pick<Seat, "page">): Promise<readonly string[]> {
  await page.evaluate(axe);
  return await page.evaluate(`axe.run(document, { resultTypes: ["violations"] }).then(({ violations }) =>
    violations.map(({ id, nodes }) => id + ": " + nodes.map(({ html, failureSummary }) => html + failureSummary).join()))`);
}

export async function expectAccessible(seat: Pick<Seat, "page">): Promise<void> {
  expect(await barriers(seat)).toEqual([]);
}

/** Kept for people to look at; nothing is compared. */
export async function keepPicture({ page }: Pick<Seat, "page">, name: string): Promise<void> {
  const directory = join(import.meta.dirname, "../../test-artifacts/page");
  mkdirSync(directory, { recursive: true });
  await page.screenshot({ path: join(directory, `${name}.png`), fullPage: true });
}
