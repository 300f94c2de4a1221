// Where nothing goes on, does the page say why, and what to do next? Each end with a real service that has come to it.

import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { afterAll, beforeAll, expect, test } from "vitest";

import { openBrowser } from "../support/open-browser.ts";
import { expectEnd, expectScreen, heading, press, type Seat } from "../support/recovery-page.ts";
import { noLimits, startRecoveryScene } from "../support/recovery-scene.ts";
import { goodPasswords, type Production } from "../support/start-production.ts";

/** Chromium may have to be installed the first time. */
const installTimeoutMs = 600_000;

const newMessage = "Ask for a new message";

let browser: Awaited<ReturnType<typeof openBrowser>>;
beforeAll(async () => {
  browser = await openBrowser();
}, installTimeoutMs);
afterAll(async () => await browser.close());

test("used: the link has set a password before", async () => {
  const scene = await startRecoveryScene(browser);
  const { seat, token } = await scene.asked();
  await scene.open(seat, `token=${token}`);
  await expectScreen(seat, "Choose a new password");
  await seat.page.locator("#password").fill(goodPasswords.second);
  await press(seat, "Set new password");
  await expectScreen(seat, "Your password was changed");
  await scene.open(seat, `token=${token}`);
  await expectEnd(seat, "This message was used already");
  await press(seat, newMessage);
  await expectScreen(seat, "Forgot your password?");
});

test("expired: while the password is being typed, and when the link is opened again", async () => {
  const scene = await startRecoveryScene(browser, { codes: { link: { lifetime: "8s" }, code: { lifetime: "8s" } } });
  const { seat, token } = await scene.asked();
  await scene.open(seat, `token=${token}`);
  await expectEnd(seat, "This message has expired");
  await scene.open(seat, `token=${token}`);
  await expectScreen(seat, "This message has expired");
  await press(seat, newMessage);
  await expectScreen(seat, "Forgot your password?");
});

test("replaced: there is a newer message, and that one works", async () => {
  const scene = await startRecoveryScene(browser);
  const first = await scene.asked();
  const second = await scene.asked(first.user, 1);
  await scene.open(first.seat, `token=${first.token}`);
  await expectEnd(first.seat, "There is a newer message");
  await scene.open(first.seat, `token=${second.token}`);
  await expectScreen(first.seat, "Choose a new password");

  await typeCode(second.seat, first.code);
  await second.seat.page.locator("#code-error", { hasText: "Please use the newest one." }).waitFor();
});

test("too many tries: codes rest, and the link still works", async () => {
  const scene = await startRecoveryScene(browser, {
    limits: { ...noLimits, present_recovery: { identifier: { max: 2, window: "1h" } } },
  });
  const { seat, token } = await scene.asked();
  for (const code of ["AAAA-AAAA", "AAAA-AAAB"]) {
    await typeCode(seat, code);
    await seat.page.locator("#code-error", { hasText: "This code does not work." }).waitFor();
    await seat.page.locator("#code").fill("");
  }
  await typeCode(seat, "AAAA-AAAC");
  await expectEnd(seat, "Too many wrong codes");
  expect(await seat.page.locator(".wait").innerText()).toMatch(/^Please try again in \d+ minutes\.$/);
  await scene.open(seat, `token=${token}`);
  await expectScreen(seat, "Choose a new password");
});

test("invalid: the link is not one of ours, or not whole", async () => {
  const scene = await startRecoveryScene(browser);
  const seat = await scene.sit();
  for (const token of ["x", "x".repeat(60)]) {
    await scene.open(seat, `token=${token}`);
    await expectEnd(seat, "This link does not work");
  }
  await press(seat, newMessage);
  await expectScreen(seat, "Forgot your password?");
});

test("not set up: the account is one that has yet to choose its first password", async () => {
  const scene = await startRecoveryScene(browser);
  const { seat, user, token } = await scene.asked();
  const back = { user: { state: "USER_STATE_INITIAL" }, updateMask: "state" };
  expect((await scene.service.call(`PATCH /v1/users/${user.userId}`, back)).status).toBe(200);
  await scene.open(seat, `token=${token}`);
  await expectEnd(seat, "This account is not set up yet");
});

test("closed: the realm is switched off under a page that is open; what was sent is good for nothing", async () => {
  const { atStart, atCode, atPassword } = await closedUnder(true);
  await expectEnd(atStart, "There is no page here");
  await atCode.page.locator("#code-error", { hasText: "This code does not work." }).waitFor();
  await expectScreen(atPassword, "This link does not work");
});

test("closed: so is the last realm, and with it the service: every screen says so", async () => {
  const { atStart, atCode, atPassword } = await closedUnder(false);
  for (const seat of [atStart, atCode, atPassword]) await expectScreen(seat, "There is no page here");
});

test("too many requests: the page counts down, and keeps what was typed", async () => {
  const limits = { ...noLimits, start_recovery: { address: { max: 1, window: "10m" } } };
  const scene = await startRecoveryScene(browser, { limits });
  const { seat, user } = await scene.asked();
  await press(seat, "Use another address or name");
  await expectScreen(seat, "Forgot your password?");
  await seat.page.clock.install();
  await seat.page.locator("#identifier").fill(user.email);
  await press(seat, "Send me a message");
  await seat.page.getByRole("alert").filter({ hasText: "Too many requests" }).waitFor();
  const wait = seat.page.locator(".wait");
  expect(await wait.innerText()).toMatch(/^Please try again in (10|9) minutes\.$/);
  await seat.page.clock.fastForward("09:00");
  await wait.filter({ hasText: /^Please try again in \d+ seconds\.$/ }).waitFor();
  await seat.page.clock.fastForward("01:00");
  await wait.waitFor({ state: "detached" });
  expect(await seat.page.locator("#identifier").inputValue()).toBe(user.email);
  expect(await seat.page.locator("form .button").getAttribute("aria-disabled")).toBe("false");
  expect(await heading(seat)).toBe("Forgot your password?");
});

test("another message: not before its time, and then the newest one works", async () => {
  const scene = await startRecoveryScene(browser);
  const { seat, user } = await scene.asked();
  await seat.page.clock.install();
  await seat.page.reload();
  await seat.page.locator(".resend .button").focus();
  await seat.page.keyboard.press("Enter");
  expect(await seat.page.locator(".resend .hint").innerText()).toMatch(/another message in \d+ seconds\.$/);
  expect(seat.requests.filter((line) => line.includes("StartRecovery"))).toHaveLength(1);
  await seat.page.clock.fastForward("01:01");
  await seat.page.locator(".resend .button[aria-disabled=false]").click();
  await seat.page.getByRole("status").filter({ hasText: "Another message is on its way." }).waitFor();
  expect(await seat.page.locator(".resend .button").evaluate((button) => button.matches(":focus"))).toBe(true);
  const { code } = await scene.message(user, 1);
  await typeCode(seat, code);
  await expectScreen(seat, "Choose a new password");
});

test("offline and out of service: said so, with nothing lost, and it goes on when they are back", async () => {
  const scene = await startRecoveryScene(browser);
  const { seat, token } = await scene.asked();
  await scene.open(seat, `token=${token}`);
  await expectScreen(seat, "Choose a new password");
  await seat.page.locator("#password").fill(goodPasswords.second);
  const alert = seat.page.getByRole("alert");
  await seat.page.context().setOffline(true);
  await press(seat, "Set new password");
  await alert.filter({ hasText: "You are offline" }).waitFor();
  await seat.page.context().setOffline(false);
  await scene.service.stop();
  await press(seat, "Set new password");
  await alert.filter({ hasText: "This does not work at the moment" }).waitFor();
  expect(await seat.page.locator("#password").inputValue()).toBe(goodPasswords.second);
});

test("a link that is opened offline can be tried again", async () => {
  const scene = await startRecoveryScene(browser);
  const { seat, token } = await scene.asked();
  await seat.page.context().setOffline(true);
  await seat.page.evaluate(`location.hash = "token=${token}"`);
  await expectScreen(seat, "You are offline");
  await seat.page.context().setOffline(false);
  await press(seat, "Try again");
  await expectScreen(seat, "Choose a new password");
});

/** Somebody goes on at each screen after the realm was closed. */
async function closedUnder(isOtherOpen: boolean) {
  const scene = await startRecoveryScene(browser);
  const atStart = await scene.sit();
  const { seat: atCode, token } = await scene.asked();
  const atPassword = await scene.sit();
  await scene.open(atPassword, `token=${token}`);
  await expectScreen(atPassword, "Choose a new password");
  await closeRealm(scene.service, isOtherOpen);
  await atStart.page.locator("#identifier").fill("ann@example.com");
  await press(atStart, "Send me a message");
  await typeCode(atCode, "AAAA-AAAA");
  await atPassword.page.locator("#password").fill(goodPasswords.second);
  await press(atPassword, "Set new password");
  return { atStart, atCode, atPassword };
}

type Realm = Readonly<Record<string, unknown>> & { readonly recovery: object };

/** The service comes back at its address with a changed configuration, where another realm may go on. */
async function closeRealm(service: Production, isOtherOpen: boolean): Promise<void> {
  const file = join(service.dataDir, "rekey.json");
  const settings = JSON.parse(readFileSync(file, "utf8")) as { readonly realms: readonly [Realm] };
  const [acme] = settings.realms;
  const link = "https://other.example/recover#{{.Token}}";
  const recovery = { enabled: true, hosts: ["other.example"], link, page: false };
  const other = { ...acme, id: "other", links: { hosts: ["other.example"] }, api_keys: [], recovery };
  const realms = [{ ...acme, recovery: { ...acme.recovery, enabled: false } }, ...(isOtherOpen ? [other] : [])];
  const listen = { port: Number(new URL(service.address).port) };
  writeFileSync(file, JSON.stringify({ ...settings, listen, realms }));
  await service.restart();
}

async function typeCode(seat: Seat, code: string): Promise<void> {
  await seat.page.locator("#code").fill(code);
  await press(seat, "Continue");
}
