// "It was not me": does the link do nothing by itself, and everything when it is confirmed?

import { afterAll, beforeAll, expect, test } from "vitest";

import { openBrowser } from "../support/open-browser.ts";
import { heading, press, expectScreen } from "../support/recovery-page.ts";
import { startRecoveryScene } from "../support/recovery-scene.ts";

/** Chromium may have to be installed the first time. */
const installTimeoutMs = 600_000;

let browser: Awaited<ReturnType<typeof openBrowser>>;
beforeAll(async () => {
  browser = await openBrowser();
}, installTimeoutMs);
afterAll(async () => await browser.close());

test("opening it changes nothing, confirming it stops the recovery and blocks the next", async () => {
  const scene = await startRecoveryScene(browser);
  const { seat, token, veto } = await scene.asked();
  await scene.open(seat, `veto=${veto}`);
  expect(await heading(seat)).toBe("This was not you?");
  expect(seat.page.url()).toBe(`${scene.service.address}/recover`);
  await scene.open(seat, `token=${token}`);
  await expectScreen(seat, "Choose a new password");

  await scene.open(seat, `veto=${veto}`);
  await press(seat, "This was not me");
  await expectScreen(seat, "Your account is protected");
  expect(await seat.page.locator("main p").first().innerText()).toMatch(
    /^Until .*\d{4}.*, nobody can set a new password/,
  );
  await scene.open(seat, `token=${token}`);
  await expectScreen(seat, "This account is protected at the moment");
  expect(seat.complaints).toEqual([]);
});

test("it was me: nothing happens", async () => {
  const scene = await startRecoveryScene(browser);
  const { seat, token, veto } = await scene.asked();
  await scene.open(seat, `veto=${veto}`);
  await press(seat, "It was me");
  await seat.page.getByRole("status").filter({ hasText: "You can close this window." }).waitFor();
  expect(seat.requests.filter((line) => line.includes("VetoRecovery"))).toEqual([]);
  await scene.open(seat, `token=${token}`);
  await expectScreen(seat, "Choose a new password");
});

test("a link that is not one of ours is told so, and leads nowhere", async () => {
  const scene = await startRecoveryScene(browser);
  const seat = await scene.sit();
  await scene.open(seat, `veto=${"x".repeat(60)}`);
  await press(seat, "This was not me");
  await expectScreen(seat, "This link does not work");
  expect(await seat.page.locator("main button").count()).toBe(0);
});
