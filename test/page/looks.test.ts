// Can everybody use each screen? Checked by axe in both modes and both directions, with every screen's picture kept.
//
// The pictures are in test-artifacts/page, for people to look at.

import { afterAll, beforeAll, expect, test } from "vitest";

import { openBrowser } from "../support/open-browser.ts";
import { barriers, expectAccessible, keepPicture, type Seat } from "../support/recovery-page.ts";
import { type RecoveryScene, startRecoveryScene } from "../support/recovery-scene.ts";
import { goodPasswords } from "../support/start-production.ts";

/** Chromium may have to be installed the first time. */
const installTimeoutMs = 600_000;
/** Some fifteen screens, each in two modes and two sizes. */
const tourTimeoutMs = 240_000;

const sizes = { phone: { width: 390, height: 844 }, desktop: { width: 1280, height: 800 } };
/** Spec: WCAG 2.2, 1.4.10: no scrolling in two directions at this width. */
const narrow = { width: 320, height: 640 };

let browser: Awaited<ReturnType<typeof openBrowser>>;
beforeAll(async () => {
  browser = await openBrowser();
}, installTimeoutMs);
afterAll(async () => await browser.close());

test.each(["en", "ar"])(
  "every screen in %s, light and dark, on a phone and on a desk",
  async (language) => {
    const scene = await startRecoveryScene(browser);
    const seat = await scene.sit({ locale: language });
    let number = 0;
    for await (const name of screens(scene, seat, language)) {
      number += 1;
      await expectReadable(seat, `${String(number).padStart(2, "0")}-${name}-${language}`);
    }
    expect(number).toBe(16);
  },
  tourTimeoutMs,
);

test.each(["#ffe600", "#101010", "#e4007c"])(
  "a realm's colour %s stays readable",
  async (accent) => {
    const brand = { name: "Acme", contact: "help@acme.example", colors: { accent } };
    const scene = await startRecoveryScene(browser, { brand });
    const { seat } = await scene.asked();
    await expectReadable(seat, `brand-${accent.slice(1)}`);
  },
  tourTimeoutMs,
);

test("a field without its label would be found", async () => {
  const seat = await (await startRecoveryScene(browser)).sit();
  await seat.page.evaluate(`document.querySelector("label").remove()`);
  expect(await barriers(seat)).toEqual([expect.stringMatching(/^label: /)]);
});

/** Leads to one screen after the other, and yields the name of each. */
async function* screens(scene: RecoveryScene, seat: Seat, language: string): AsyncGenerator<string> {
  const { page } = seat;
  const submit = page.locator("form .button");
  const shown = async (selector: string) => await page.locator(selector).first().waitFor();
  const user = await scene.service.makeUser({ preferredLanguage: language });

  yield "ask";
  await submit.click();
  await shown("#identifier-error");
  yield "ask-empty";
  await page.context().setOffline(true);
  await page.locator("#identifier").fill(user.email);
  await submit.click();
  await shown(".notice");
  yield "ask-offline";
  await page.context().setOffline(false);
  await page.locator(".language-choice summary").click();
  yield "languages";
  await page.locator(".language-choice summary").click();
  await submit.click();
  await shown("#code");
  yield "code";
  await page.locator("#code").fill("AAAA-AAAA");
  await submit.click();
  await shown("#code-error");
  yield "code-wrong";

  const { token, veto } = await scene.message(user);
  await scene.open(seat, `veto=${veto}`);
  yield "veto";
  await page.context().setOffline(true);
  await page.evaluate(`location.hash = "token=${token}"`);
  await shown(".sign-bad");
  yield "opened-offline";
  await page.context().setOffline(false);
  await page.locator("main .button").click();
  await shown("#password");
  yield "password";
  await page.locator("#password").fill("short");
  await submit.click();
  await shown("#password-error");
  yield "password-refused";
  await page.locator("#password").fill(goodPasswords.second);
  await page.locator(".reveal").click();
  yield "password-shown";
  await submit.click();
  await shown(".sign-good");
  yield "done";
  await scene.open(seat, `token=${token}`);
  await shown(".sign-calm");
  yield "used";
  await scene.open(seat, `token=${"x".repeat(60)}`);
  await shown(".sign-bad");
  yield "invalid";

  await scene.open(seat, `veto=${veto}`);
  await submit.click();
  await shown(".sign-good");
  yield "vetoed";
  await scene.open(seat, `veto=${"x".repeat(60)}`);
  await submit.click();
  await shown(".sign-bad");
  yield "veto-invalid";
}

async function expectReadable(seat: Seat, name: string): Promise<void> {
  const { page } = seat;
  for (const colorScheme of ["light", "dark"] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
    for (const [size, viewport] of Object.entries(sizes)) {
      await page.setViewportSize(viewport);
      await keepPicture(seat, `${name}-${size}-${colorScheme}`);
    }
    await expectAccessible(seat);
  }
  await page.setViewportSize(narrow);
  expect(await page.evaluate("document.documentElement.scrollWidth"), `${name} at 320 px`).toBeLessThanOrEqual(320);
}
