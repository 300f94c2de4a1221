// Can a page reset a password from another origin, with Google's client, with Connect's, and with fetch?

import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";

import { makeUser } from "../support/make-user.ts";
import { restClient, type Party } from "../support/native-client.ts";
import { openBrowser } from "../support/open-browser.ts";
import { nativeStory, passwords, type Story } from "../support/reset-story.ts";
import { servePage, type ServedPage } from "../support/serve-page.ts";
import { startService, type StartedService } from "../support/start-service.ts";
import type { ClientName, LiveThrough } from "./browser/page.ts";

/** Chromium may have to be installed the first time. */
const installTimeoutMs = 600_000;

const clients: readonly ClientName[] = [
  "fetch",
  "Connect of connect-web",
  "gRPC-Web of connect-web",
  "grpc-web, binary",
  "grpc-web, text",
];

let directory: string;
let served: ServedPage;
let service: StartedService;
let browser: Browser;
beforeAll(async () => {
  browser = await openBrowser();
  served = await servePage(join(import.meta.dirname, "browser/page.ts"));
  directory = mkdtempSync(join(tmpdir(), "rekey-cors-"));
  const file = join(directory, "rekey.yaml");
  writeFileSync(file, `mode: demo\ncors:\n  allowed_origins: ["http://127.0.0.1:${served.port}"]\n`);
  service = await startService({ environment: { REKEY_CONFIG_FILE: file } });
}, installTimeoutMs);
afterAll(async () => {
  await browser.close();
  await served.close();
  await service.close();
  rmSync(directory, { recursive: true });
});

describe("from an origin on the list", () => {
  test.each(clients)("%s: a code sets a password once, and the old one is dead", async (client) => {
    const page = await openPage(`http://127.0.0.1:${served.port}`);
    expect(await storyIn(page, client, await makeUser(service))).toEqual(nativeStory);
  });
});

describe("from any other origin", () => {
  test.each(clients)("%s: the browser keeps the call back", async (client) => {
    const party = await makeUser(service);
    const page = await openPage(`http://localhost:${served.port}`);
    const [message, outcome] = await Promise.all([
      page.waitForEvent("console", (one) => one.text().includes("blocked by CORS policy")),
      storyIn(page, client, party).catch((cause: unknown) => cause),
    ]);
    expect(message.text()).toContain(`from origin 'http://localhost:${served.port}'`);
    expect(outcome).toBeInstanceOf(Error);
    expect(await restClient(party).setPassword(passwords.second, { currentPassword: passwords.first })).toBe("set");
  });
});

async function openPage(origin: string): Promise<Page> {
  const page = await browser.newPage();
  onTestFinished(async () => await page.close());
  await page.goto(origin);
  await page.waitForFunction(() => "tell" in globalThis);
  return page;
}

async function storyIn(page: Page, client: ClientName, party: Party): Promise<Story> {
  return await page.evaluate(
    async (given) => await (globalThis as unknown as { tell: LiveThrough }).tell(given.client, given.party),
    { client, party },
  );
}
