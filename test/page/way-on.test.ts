// Where does the page lead in the end? Back to the application that sent the person, and to nobody else.

import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { openBrowser } from "../support/open-browser.ts";
import { expectScreen, press, type Seat, sitDown, visit } from "../support/recovery-page.ts";
import { startRecoveryScene } from "../support/recovery-scene.ts";

/** Chromium may have to be installed the first time. */
const installTimeoutMs = 600_000;

const good = "seven unlikely lamps dance";

let browser: Awaited<ReturnType<typeof openBrowser>>;
beforeAll(async () => {
  browser = await openBrowser();
}, installTimeoutMs);
afterAll(async () => await browser.close());

describe("the way on", () => {
  const recovery = { return_origins: ["https://shop.example"] };

  test("leads to where the person came from, with its state, on whatever device the link is opened", async () => {
    const scene = await startRecoveryScene(browser, { recovery });
    const user = await scene.service.makeUser();
    const seat = await sitDown(browser);
    const query = new URLSearchParams({ state: "basket 7", return_url: "https://shop.example/login?from=reset" });
    await visit(seat, `${scene.service.address}/recover?${query.toString()}`);
    await seat.page.locator("#identifier").fill(user.email);
    await press(seat, "Send me a message");
    await expectScreen(seat, "Check your messages");
    const other = await sitDown(browser);
    await visit(other, `${scene.service.address}/recover#token=${(await scene.message(user)).token}`);
    await typePassword(other, good);
    await expectScreen(other, "Your password was changed");
    const on = other.page.getByRole("link", { name: "Continue" });
    expect(await on.getAttribute("href")).toBe("https://shop.example/login?from=reset&state=basket+7");
  });

  // Incident: C18. Guard: ASVS 5.0 3.7.2.
  test("does not lead to another host or to a script, and the person gets in all the same", async () => {
    const scene = await startRecoveryScene(browser, { recovery });
    const tooLong = `https://shop.example/${"x".repeat(1000)}`;
    for (const returnUrl of ["https://evil.example/", "javascript:alert(1)", "//evil.example", tooLong]) {
      const user = await scene.service.makeUser();
      const seat = await sitDown(browser);
      await visit(
        seat,
        `${scene.service.address}/recover?${new URLSearchParams({ return_url: returnUrl }).toString()}`,
      );
      await seat.page.locator("#identifier").fill(user.email);
      await press(seat, "Send me a message");
      await expectScreen(seat, "Check your messages");
      await scene.open(seat, `token=${(await scene.message(user)).token}`);
      await typePassword(seat, good);
      await expectScreen(seat, "Your password was changed");
      expect(await seat.page.locator("main a").count()).toBe(0);
    }
  });
});

async function typePassword({ page }: Seat, password: string): Promise<void> {
  await page.locator("#password").fill(password);
  await page.getByRole("button", { name: "Set new password" }).click();
}
