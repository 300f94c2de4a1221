// Does a person get back in by the hosted page? By link, by code, on another device; in a real browser, on the demo.

import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { makeUser } from "../support/make-user.ts";
import { type Party, restClient } from "../support/native-client.ts";
import { openBrowser } from "../support/open-browser.ts";
import { messageTo, press, expectScreen, type Seat, sitDown, visit } from "../support/recovery-page.ts";
import { type StartedService, startService } from "../support/start-service.ts";

/** Chromium may have to be installed the first time. */
const installTimeoutMs = 600_000;

const good = "seven unlikely lamps dance";

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

describe("the way back in", () => {
  test("by the link, after two weak passwords that are refused in plain words", async () => {
    const party = await makeUser(service);
    const seat = await askedFor(party);
    await visit(seat, (await messageTo(party)).link);
    await expectScreen(seat, "Choose a new password");
    expect(await seat.page.locator(".account").innerText()).toMatch(/^Account: \S…@e….com$/);

    const refusal = seat.page.locator("#password-error");
    await typePassword(seat, "short");
    await refusal.filter({ hasText: "It is too short. Please use at least 8 characters." }).waitFor();
    await typePassword(seat, "passwordpassword");
    await refusal.filter({ hasText: "It is one of the most common passwords" }).waitFor();
    expect(await seat.page.locator("#password").evaluate((input) => input.matches(":focus"))).toBe(true);
    expect(await seat.page.locator("#password").getAttribute("aria-invalid")).toBe("true");

    await typePassword(seat, good);
    await expectScreen(seat, "Your password was changed");
    expect(await isPassword(party, good)).toBe(true);
    expectQuiet(seat);
  });

  test("by the code, however it is pasted", async () => {
    const party = await makeUser(service);
    const seat = await askedFor(party);
    const { verificationCode: code } = await messageTo(party);
    await seat.page.getByLabel("Code from the message").fill(` ${code.slice(0, 4)} – ${code.slice(4)} `.toLowerCase());
    await press(seat, "Continue");
    await expectScreen(seat, "Choose a new password");
    await typePassword(seat, good);
    await expectScreen(seat, "Your password was changed");
    expect(await isPassword(party, good)).toBe(true);
    expectQuiet(seat);
  });

  test("by the link in another browser, while the first one waits for a code", async () => {
    const party = await makeUser(service);
    const first = await askedFor(party);
    const { link, verificationCode } = await messageTo(party);
    const second = await sitDown(browser);
    await visit(second, link);
    await expectScreen(second, "Choose a new password");
    await typePassword(second, good);
    await expectScreen(second, "Your password was changed");

    await first.page.getByLabel("Code from the message").fill(verificationCode);
    await press(first, "Continue");
    await expectScreen(first, "This message was used already");
    await press(first, "Ask for a new message");
    await expectScreen(first, "Forgot your password?");
    expectQuiet(first);
    expectQuiet(second);
  });

  test("from right to left, with a message in the same language", async () => {
    const party = await makeUser(service);
    const seat = await askedFor(party, "?lang=ar");
    expect(await seat.page.locator("html").getAttribute("dir")).toBe("rtl");
    const { link, language } = await messageTo(party);
    expect(language).toBe("ar");
    await visit(seat, link.replace("#", "?lang=ar#"));
    await seat.page.locator("#password").fill(good);
    await seat.page.locator("form .button").click();
    await seat.page.locator(".sign-good").waitFor();
    expect(await isPassword(party, good)).toBe(true);
    expectQuiet(seat);
  });

  test("with the keyboard alone", async () => {
    const party = await makeUser(service);
    const seat = await sitDown(browser);
    const { keyboard } = seat.page;
    await visit(seat, `${party.address}/recover`);
    await tabTo(seat, "#identifier");
    await keyboard.type(party.userId);
    await keyboard.press("Enter");
    await expectScreen(seat, "Check your messages");
    const { verificationCode } = await messageTo(party);
    await tabTo(seat, "#code");
    await keyboard.type(verificationCode);
    await keyboard.press("Enter");
    await expectScreen(seat, "Choose a new password");
    await tabTo(seat, "#password");
    await keyboard.type(good);
    await tabTo(seat, ".reveal");
    await keyboard.press("Space");
    expect(await seat.page.locator("#password").getAttribute("type")).toBe("text");
    await tabTo(seat, "form .button");
    await keyboard.press("Space");
    await expectScreen(seat, "Your password was changed");
    expect(await isPassword(party, good)).toBe(true);
  });
});

describe("what the page does for those who type", () => {
  // Guard: ASVS 5.0 6.2.6, 6.2.7.
  test("fields are known to password managers, and a password can be pasted and shown", async () => {
    const party = await makeUser(service);
    const seat = await askedFor(party);
    const { verificationCode } = await messageTo(party);
    expect(await seat.page.locator("#code").getAttribute("autocomplete")).toBe("one-time-code");
    await seat.page.locator("#code").fill(verificationCode);
    await press(seat, "Continue");
    await expectScreen(seat, "Choose a new password");
    const field = seat.page.locator("#password");
    expect(await field.getAttribute("autocomplete")).toBe("new-password");
    expect(await field.getAttribute("type")).toBe("password");
    expect(await seat.page.locator("[autocomplete=username]").inputValue()).toBe(party.userId);

    await seat.page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
    await seat.page.evaluate(`navigator.clipboard.writeText("${good}")`);
    await field.press("ControlOrMeta+V");
    expect(await field.inputValue()).toBe(good);
    await press(seat, "Show password");
    expect(await field.getAttribute("type")).toBe("text");
    await press(seat, "Hide password");
    expect(await field.getAttribute("type")).toBe("password");
  });

  test("rules are seen to be met, and strength grows, while typing", async () => {
    const party = await makeUser(service);
    const seat = await askedFor(party);
    await visit(seat, (await messageTo(party)).link);
    const rule = seat.page.locator(".rules li");
    expect(await rule.innerText()).toContain("still missing");
    await seat.page.locator("#password").fill("a longer one");
    await rule.filter({ hasText: "done" }).waitFor();
    const strength = seat.page.locator(".strength p");
    const words = [];
    for (const typed of ["aaaaaaaaaaaa", "lampdance", "lamp dance sea", good, `${good} at 7!`]) {
      await seat.page.locator("#password").fill(typed);
      words.push((await strength.innerText()).replace("Strength: ", ""));
    }
    expect(words).toEqual(["Weak", "Weak", "Fair", "Good", "Strong"]);
  });

  test("nothing typed is said beside the field, and asks nothing of the service", async () => {
    const seat = await sitDown(browser);
    await visit(seat, `${service.facts.address}/recover`);
    await press(seat, "Send me a message");
    await seat.page.locator("#identifier-error").waitFor();
    expect(await seat.page.locator("#identifier").getAttribute("aria-describedby")).toContain("identifier-error");
    expect(await seat.page.locator("#identifier").evaluate((input) => input.matches(":focus"))).toBe(true);
    expect(seat.requests.filter((line) => line.includes("StartRecovery"))).toEqual([]);
  });
});

/** A seat in front of "check your messages", for this user. */
async function askedFor(party: Party, query = ""): Promise<Seat> {
  const seat = await sitDown(browser);
  await visit(seat, `${party.address}/recover${query}`);
  await seat.page.locator("#identifier").fill(party.userId);
  await seat.page.locator("form .button").click();
  await seat.page.locator("#code").waitFor();
  return seat;
}

async function typePassword({ page }: Seat, password: string): Promise<void> {
  await page.locator("#password").fill(password);
  await page.getByRole("button", { name: "Set new password" }).click();
}

async function tabTo({ page }: Seat, selector: string): Promise<void> {
  const target = page.locator(selector);
  for (let steps = 0; steps < 20; steps += 1) {
    await page.keyboard.press("Tab");
    if (await target.evaluate((element) => element.matches(":focus"))) return;
  }
  throw new Error(`the keyboard does not reach ${selector}`);
}

async function isPassword(party: Party, password: string): Promise<boolean> {
  const outcome = await restClient(party).setPassword("a further password", { currentPassword: password });
  return outcome === "set";
}

function expectQuiet({ hosts, complaints }: Seat): void {
  expect([...hosts]).toEqual([new URL(service.facts.address).host]);
  expect(complaints).toEqual([]);
}
