// Does the page keep what it is given to itself? Address bar, history, storage, requests, referrers; on the demo.
// Incident: C26. Guard: ASVS 5.0 14.2.1, 3.6.1, 3.4.3.

import { afterAll, beforeAll, expect, test } from "vitest";

import { makeUser } from "../support/make-user.ts";
import type { Party } from "../support/native-client.ts";
import { openBrowser } from "../support/open-browser.ts";
import { heading, messageTo, press, expectScreen, type Seat, sitDown, visit } from "../support/recovery-page.ts";
import { type StartedService, startService } from "../support/start-service.ts";

/** Chromium may have to be installed the first time. */
const installTimeoutMs = 600_000;

const password = "seven unlikely lamps dance";

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

test("a token leaves the address at once, and is in no history, no storage, no URL and no header", async () => {
  const party = await makeUser(service);
  const { link } = await asked(party);
  const token = new URL(link).hash.replace("#token=", "");
  const seat = await sitDown(browser);
  await visit(seat, link);
  await expectScreen(seat, "Choose a new password");
  expect(seat.page.url()).toBe(`${service.facts.address}/recover`);
  await seat.page.locator("#password").fill(password);
  await press(seat, "Set new password");
  await expectScreen(seat, "Your password was changed");

  await expectNothingOf(seat, [token, decodeURIComponent(token), password]);
  await seat.page.goBack();
  expect(seat.page.url()).toBe("about:blank");
  await seat.page.goForward();
  expect(seat.page.url()).toBe(`${service.facts.address}/recover`);
  expect(await heading(seat)).toBe("Forgot your password?");
  expect(await seat.page.context().cookies()).toEqual([]);
});

test("a code is not kept; a reload comes back to where codes are entered", async () => {
  const party = await makeUser(service);
  const { seat, verificationCode: code } = await asked(party);
  const number = await seat.page.locator(".number").innerText();
  await seat.page.locator("#code").fill(code);
  await seat.page.reload();
  await seat.page.locator("#code").waitFor();
  expect(await heading(seat)).toBe("Check your messages");
  expect(await seat.page.locator(".number").innerText()).toBe(number);
  expect(await seat.page.locator("#code").inputValue()).toBe("");

  await seat.page.locator("#code").fill(code);
  await press(seat, "Continue");
  await expectScreen(seat, "Choose a new password");
  await expectNothingOf(seat, [code]);
  await seat.page.locator("#password").fill(password);
  await press(seat, "Set new password");
  await expectScreen(seat, "Your password was changed");
  expect(await seat.page.evaluate("JSON.stringify([{ ...sessionStorage }, { ...localStorage }])")).toBe("[{},{}]");
});

test("a link that is pasted into the address bar of the open page is taken, and leaves it, too", async () => {
  const party = await makeUser(service);
  const { seat, link } = await asked(party);
  await seat.page.evaluate(`location.hash = ${JSON.stringify(new URL(link).hash)}`);
  await expectScreen(seat, "Choose a new password");
  expect(seat.page.url()).toBe(`${service.facts.address}/recover`);
});

test("an opened link goes along when another language is chosen, unseen", async () => {
  const party = await makeUser(service);
  const { link } = await asked(party);
  const seat = await sitDown(browser);
  await visit(seat, link);
  await expectScreen(seat, "Choose a new password");
  await seat.page.locator(".language-choice summary").click();
  await press(seat, "Deutsch");
  await seat.page.locator("html[lang=de] #password").waitFor();
  expect(seat.page.url()).toBe(`${service.facts.address}/recover?lang=de`);
  await expectNothingOf(seat, [new URL(link).hash.slice(1)]);
});

/** A seat in front of "check your messages", and the message. */
async function asked(party: Party) {
  const seat = await sitDown(browser);
  await visit(seat, `${party.address}/recover`);
  await seat.page.locator("#identifier").fill(party.userId);
  await press(seat, "Send me a message");
  await expectScreen(seat, "Check your messages");
  return { seat, ...(await messageTo(party)) };
}

async function expectNothingOf({ page, requests, hosts, complaints }: Seat, secrets: readonly string[]): Promise<void> {
  const stored = String(
    await page.evaluate(
      "JSON.stringify([location.href, document.referrer, history.state, sessionStorage, localStorage])",
    ),
  );
  for (const secret of secrets) {
    expect(secret.length).toBeGreaterThan(7);
    expect(stored).not.toContain(secret);
    // A fragment is no part of what is sent; the browser tells it of the navigation alone.
    const sent = requests.map((line) => line.replace(/^(GET \S+)#\S*/, "$1"));
    expect(sent.filter((line) => line.includes(secret))).toEqual([]);
  }
  expect([...hosts]).toEqual([new URL(service.facts.address).host]);
  expect(complaints).toEqual([]);
}
