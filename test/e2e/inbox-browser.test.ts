// Does a developer see the mail that would have gone out, and can its link be followed? In a real browser, on the demo.
// Guard: ASVS 5.0 3.4.3, 15.2.3.

import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";

import { makeUser } from "../support/make-user.ts";
import type { Party } from "../support/native-client.ts";
import { openBrowser } from "../support/open-browser.ts";
import { type StartedService, startService } from "../support/start-service.ts";

/** Chromium may have to be installed the first time. */
const installTimeoutMs = 600_000;

let browser: Awaited<ReturnType<typeof openBrowser>>;
let service: StartedService;
beforeAll(async () => {
  browser = await openBrowser();
  service = await startService();
}, installTimeoutMs);
afterAll(async () => {
  await browser.close();
  await service.close();
});

test("the newest mail lies open, and its link leads to the application's page", async () => {
  const target = await serveTarget();
  const party = await makeUser(service);
  await sendLink(party, { urlTemplate: `${target}/password?user={{.UserID}}&code={{.Code}}` });
  const { page, hosts, complaints } = await openPage();
  await page.goto(`${service.facts.address}/dev/inbox`);
  const opened = page.locator("details[open]");
  expect(await opened.locator("summary").innerText()).toContain("Set a new password for Rekey Demo");
  expect(await opened.locator("summary").innerText()).toContain(`${party.userId}@example.com`);
  const mail = opened.frameLocator("iframe");
  expect(await mail.locator("body").innerText()).toContain("If you did not ask for this");
  expect(hosts()).toEqual([new URL(service.facts.address).host]);

  const link = mail.getByRole("link", { name: "Set a new password" });
  const href = (await link.getAttribute("href")) ?? "";
  const [landed] = await Promise.all([page.waitForEvent("popup"), link.click()]);
  await landed.waitForLoadState();
  expect(landed.url()).toBe(href);
  expect(await landed.locator("h1").innerText()).toBe("Choose a password");
  expect(complaints()).toEqual([]);
  const code = new URL(href).searchParams.get("code") ?? "";
  const newPassword = { password: "a password from the inbox" };
  expect((await post(party, "password", { newPassword, verificationCode: code })).status).toBe(200);
});

test("texts are shown too, and what a user is called is never more than text", async () => {
  const party = await makeUser(service);
  const name = "<img src=https://evil.example/x onerror=alert(1)>";
  const phone = { number: "+14155550199", verified: true };
  await patch(party, { user: { displayName: name, phone }, updateMask: "displayName,phone" });
  await sendLink(party, {});
  await sendLink(party, { notificationType: "NOTIFICATION_TYPE_SMS" });
  const { page, hosts } = await openPage();
  await page.goto(`${service.facts.address}/dev/inbox`);
  const [text, mail] = [page.locator("details").nth(0), page.locator("details").nth(1)];
  expect(await text.frameLocator("iframe").locator("pre").innerText()).toContain(
    "http://localhost:3000/password?user=",
  );
  await mail.locator("summary").click();
  expect(await mail.frameLocator("iframe").locator("body").innerText()).toContain(name);
  expect(hosts()).toEqual([new URL(service.facts.address).host]);
});

test("list and mail allow no script, no other host and no frame elsewhere", async () => {
  const list = await fetch(`${service.facts.address}/dev/inbox`);
  expect(list.headers.get("content-security-policy")).toMatch(
    /^default-src 'none'; style-src 'self'; frame-src 'self';/,
  );
  const frame = /src="([^"]+)"/.exec(await list.text())?.[1] ?? "";
  const mail = await fetch(service.facts.address + frame);
  const policy = mail.headers.get("content-security-policy") ?? "";
  expect(policy).toMatch(/default-src 'none'.*frame-ancestors 'self'.*sandbox/);
  expect(policy).not.toMatch(/allow-scripts|allow-same-origin|script-src/);
  for (const { headers } of [list, mail]) {
    expect(headers.get("x-content-type-options")).toBe("nosniff");
    expect(headers.get("referrer-policy")).toBe("no-referrer");
    expect(headers.get("cache-control")).toContain("no-store");
  }
});

/** The application's page, on a port of its own. */
async function serveTarget(): Promise<string> {
  const server = createServer((_, response) => {
    response.writeHead(200, { "content-type": "text/html" }).end("<!doctype html><h1>Choose a password</h1>");
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** A page of its own, with the hosts that it asked and what the browser complained of. */
async function openPage() {
  const context = await browser.newContext();
  onTestFinished(async () => await context.close());
  const hosts = new Set<string>();
  const complaints: string[] = [];
  context.on("request", (request) => hosts.add(new URL(request.url()).host));
  const page = await context.newPage();
  page.on("console", (message) => complaints.push(message.text()));
  return { page, hosts: () => [...hosts], complaints: () => complaints };
}

async function sendLink(party: Party, how: object): Promise<void> {
  expect((await post(party, "password_reset", { sendLink: how })).status).toBe(200);
}

async function post(party: Party, path: string, body: object): Promise<Response> {
  return await call(party, "POST", `/${path}`, body);
}

async function patch(party: Party, body: object): Promise<void> {
  expect((await call(party, "PATCH", "", body)).status).toBe(200);
}

async function call({ address, apiKey, userId }: Party, method: string, path: string, body: object): Promise<Response> {
  const headers = { authorization: `Bearer ${apiKey}`, "content-type": "application/json" };
  return await fetch(`${address}/v1/users/${userId}${path}`, { method, headers, body: JSON.stringify(body) });
}
