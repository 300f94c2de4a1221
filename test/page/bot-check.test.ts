// Does the page do the sum that is asked of its machine, unseen, and again when it was not enough?

import { afterAll, beforeAll, expect, test } from "vitest";

import { openBrowser } from "../support/open-browser.ts";
import { expectEnd, expectScreen, press, type Seat } from "../support/recovery-page.ts";
import { startRecoveryScene } from "../support/recovery-scene.ts";

/** Chromium may have to be installed the first time. */
const installTimeoutMs = 600_000;

let browser: Awaited<ReturnType<typeof openBrowser>>;
beforeAll(async () => {
  browser = await openBrowser();
}, installTimeoutMs);
afterAll(async () => await browser.close());

test("the sum is done while the person types, and the message comes", async () => {
  const scene = await startRecoveryScene(browser, {
    recovery: { bot_check: { proof_of_work: { mode: "always", base_price: 300 } } },
  });
  const user = await scene.service.makeUser();
  const seat = await scene.sit();
  expect(callsOf(seat)).toEqual([]);
  const worker = seat.page.waitForEvent("worker");
  await seat.page.locator("#identifier").fill(user.email);
  expect((await worker).url()).toBe(`${scene.service.address}/recover/solve.js`);
  await press(seat, "Send me a message");
  await expectScreen(seat, "Check your messages");
  expect((await scene.message(user)).code).not.toBe("");
  expect(callsOf(seat)).toEqual(["PrepareRecovery", "StartRecovery"]);
  expect(seat.complaints).toEqual([]);
  expect([...seat.hosts]).toEqual([new URL(scene.service.address).host]);
});

test("a price that rises while the person types is paid, too", async () => {
  const scene = await startRecoveryScene(browser, {
    recovery: { bot_check: { proof_of_work: { base_price: 300, calm: { address: 1, realm: 1 } } } },
  });
  const user = await scene.service.makeUser();
  const seat = await scene.sit();
  const prepared = seat.page.waitForResponse(/PrepareRecovery/);
  await seat.page.locator("#identifier").fill(user.email);
  await prepared;
  for (const identifier of ["ann", "bob", "cid"])
    await scene.service.call("POST /v1/recovery", { realmId: "acme", identifier });
  await press(seat, "Send me a message");
  await expectScreen(seat, "Check your messages");
  expect((await scene.message(user)).code).not.toBe("");
  expect(callsOf(seat)).toEqual(["PrepareRecovery", "StartRecovery", "PrepareRecovery", "StartRecovery"]);
});

test("a machine that cannot do the sum is told so, asks for nothing, and may begin anew", async () => {
  const scene = await startRecoveryScene(browser, {
    recovery: { bot_check: { proof_of_work: { mode: "always", base_price: 300 } } },
  });
  const seat = await scene.sit();
  await seat.page.route("**/recover/solve.js", async (route) => await route.abort());
  await seat.page.locator("#identifier").fill("ann");
  await press(seat, "Send me a message");
  await expectEnd(seat, "We cannot go on here at the moment");
  expect(callsOf(seat)).not.toContain("StartRecovery");
  await seat.page.unrouteAll();
  await press(seat, "Ask for a new message");
  await seat.page.locator("#identifier").fill("ann");
  await press(seat, "Send me a message");
  await expectScreen(seat, "Check your messages");
});

/** What was asked of the API, in order. */
function callsOf({ requests }: Seat): readonly string[] {
  return requests.flatMap((line) => /^POST \S+RecoveryService\/(\w+)/.exec(line)?.[1] ?? []);
}
