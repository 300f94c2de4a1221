// Does somebody get back in with a browser that runs no script? Chromium with scripts off, over the demo's inbox.

import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import type { Browser } from "playwright-core";

import { minute } from "../../src/units.ts";
import { newestMessage } from "../support/ask-recovery.ts";
import { makeUser } from "../support/make-user.ts";
import { restClient } from "../support/native-client.ts";
import { openBrowser } from "../support/open-browser.ts";
import { makeRealm, openRekey } from "../support/open-rekey.ts";
import {
  barriers,
  expectAccessible,
  heading,
  keepPicture,
  messageTo,
  type Seat,
  sitDown,
} from "../support/recovery-page.ts";
import { startService, type StartedService } from "../support/start-service.ts";

/** Chromium may have to be installed the first time. */
const installTimeoutMs = 600_000;

const good = "correct horse battery staple";
const phone = { width: 390, height: 844 };

let browser: Browser;
let service: StartedService;
beforeAll(async () => {
  browser = await openBrowser();
  service = await startService();
}, installTimeoutMs);
afterAll(async () => {
  await browser.close();
  await service.close();
});

/** What everybody who is there sees: a page that can be read and used, and nothing of another host. */
async function look(seat: Seat, name: string, title: string): Promise<void> {
  expect(await heading(seat)).toBe(title);
  await expectAccessible(await twinOf(seat));
  await keepPicture(seat, `no-script-${name}`);
  expect([...seat.hosts]).toEqual([new URL(service.facts.address).host]);
  // Chromium tells of every 4xx, and wishes for a user name beside a password: nobody has said one here.
  const serious = seat.complaints.filter((complaint) => !/status of 422|^\[DOM\] Password forms/.test(complaint));
  expect(serious).toEqual([]);
  expect(await seat.page.context().cookies()).toEqual([]);
}

/** The same document in a browser where axe can run; the page's own script stays away. */
async function twinOf({ page }: Seat): Promise<Seat> {
  const body = (await page.content()).replace(/<script type="module".*?<\/script>/, "");
  const colorScheme = await page.evaluate(`matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light"`);
  const twin = await sitDown(browser, { viewport: page.viewportSize(), colorScheme: colorScheme as "dark" | "light" });
  const url = `${service.facts.address}/recover`;
  await twin.page.route(url, async (route) => await route.fulfill({ contentType: "text/html; charset=utf-8", body }));
  await twin.page.goto(url);
  return twin;
}

const fill = async ({ page }: Seat, field: string, text: string) => await page.locator(`#${field}`).fill(text);
const send = async ({ page }: Seat, button: string, form = "form") =>
  await page.locator(form).getByRole("button", { name: button, exact: true }).click();

test("asked, code typed, refused twice for weak passwords, set: in light mode on a phone", async () => {
  const party = await makeUser(service);
  const seat = await sitDown(browser, { javaScriptEnabled: false, viewport: phone, locale: "en" });
  const { page } = seat;
  await page.goto(`${service.facts.address}/recover`);
  await look(seat, "1-identify", "Forgot your password?");

  await fill(seat, "identifier", `${party.userId}@example.com`);
  await send(seat, "Send me a message");
  await look(seat, "2-sent", "Check your messages");
  await page.reload();
  expect(await heading(seat)).toBe("Check your messages");
  const { verificationCode } = await messageTo(party);

  await fill(seat, "code", "0000-0000");
  await send(seat, "Continue", "form:has(#code)");
  await look(seat, "3-wrong-code", "Check your messages");
  expect(await page.locator("#code-error").innerText()).toContain("This code does not work.");
  await fill(seat, "code", verificationCode);
  await send(seat, "Continue", "form:has(#code)");
  await look(seat, "4-password", "Choose a new password");

  for (const [weak, words] of [
    ["short", "It is too short. Please use at least 8 characters."],
    ["password123", "It is one of the most common passwords"],
  ] as const) {
    await fill(seat, "password", weak);
    await send(seat, "Set new password");
    expect(await page.locator("#password-error").innerText()).toContain(words);
    expect(await page.locator("#password").inputValue()).toBe("");
  }
  await look(seat, "5-weak-password", "Choose a new password");

  await fill(seat, "password", good);
  await send(seat, "Set new password");
  await look(seat, "6-done", "Your password was changed");
  await page.reload();
  expect(await heading(seat)).toBe("Your password was changed");
  const addresses = seat.requests.filter((request) => request.includes(verificationCode));
  expect(addresses).toEqual([]);
  expect(await restClient(party).setPassword("another horse battery", { currentPassword: good })).toBe("set");
});

test("by the link of the message, from right to left, in dark mode: it is pasted, as no server gets to see it", async () => {
  const party = await makeUser(service);
  const seat = await sitDown(browser, { javaScriptEnabled: false, colorScheme: "dark", locale: "ar" });
  const { page } = seat;
  await page.goto(`${service.facts.address}/recover`);
  expect(await page.locator("html").getAttribute("dir")).toBe("rtl");
  await look(seat, "7-identify-ar-dark", "هل نسيت كلمة المرور؟");
  await fill(seat, "identifier", party.userId);
  await send(seat, "إرسال الرسالة");
  const { link } = await messageTo(party);

  // Opened as it is, the link shows the first page: what is behind the # stays in the browser.
  await page.goto("about:blank");
  await page.goto(link);
  expect(await heading(seat)).toBe("هل نسيت كلمة المرور؟");
  await fill(seat, "link", link);
  await send(seat, "متابعة", "form:has(#link)");
  await look(seat, "8-password-ar-dark", "اختر كلمة مرور جديدة");
  await fill(seat, "password", `${good} again`);
  await send(seat, "تعيين كلمة المرور الجديدة");
  await look(seat, "9-done-ar-dark", "تم تغيير كلمة مرورك");
  const token = new URL(link).hash.replace("#token=", "");
  expect(seat.requests.filter((request) => request.includes(token))).toEqual([]);
});

test("another message: not before its time, and then the newest one works", async () => {
  const page = { realmId: "acme", name: "", contact: "", colours: {}, texts: {}, defaultLanguage: "en" };
  const recovery = { hosts: ["127.0.0.1"], link: "http://127.0.0.1/recover#token={{.Token}}" };
  const realm = makeRealm({ id: "acme", recovery, links: { hosts: ["127.0.0.1"] } });
  const rekey = await openRekey({ realms: [realm], pages: [page] });
  onTestFinished(async () => await rekey.close());
  const user = await rekey.user(realm);
  const seat = await sitDown(browser, { javaScriptEnabled: false, viewport: phone, locale: "en" });
  await seat.page.goto(`${await rekey.listen()}/recover`);
  await fill(seat, "identifier", user.userName);
  await send(seat, "Send me a message");
  await newestMessage(rekey, user);

  await send(seat, "Send another message", ".resend form");
  expect(await seat.page.getByRole("alert").innerText()).toBe("You can ask for another message in 60 seconds.");
  expect(await barriers(await twinOf(seat))).toEqual([]);
  rekey.clock.pass(minute);
  await send(seat, "Send another message", ".resend form");
  expect(await seat.page.getByRole("status").innerText()).toContain("Only the newest one works.");
  expect(await barriers(await twinOf(seat))).toEqual([]);
  await keepPicture(seat, "no-script-10-resent");
  const { code } = await newestMessage(rekey, user);
  await fill(seat, "code", code);
  await send(seat, "Continue", "form:has(#code)");
  expect(await heading(seat)).toBe("Choose a new password");
});

test("another language is chosen where one is", async () => {
  const seat = await sitDown(browser, { javaScriptEnabled: false, locale: "en" });
  const { page } = seat;
  await page.goto(`${service.facts.address}/recover`);
  await page.locator("summary").click();
  await page.getByRole("button", { name: "Français" }).click();
  expect(await heading(seat)).toBe("Mot de passe oublié\u00A0?");
  expect(new URL(page.url()).search).toBe("?lang=fr");
});
