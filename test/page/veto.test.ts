// "It was not me": does the link do nothing by itself, and everything when it is confirmed?

import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";

import { hour } from "../../src/units.ts";
import { askJson, newestMessage } from "../support/ask-recovery.ts";
import { openBrowser } from "../support/open-browser.ts";
import { makeRealm, openRekey } from "../support/open-rekey.ts";
import { expectEnd, expectScreen, heading, press, sitDown, visit } from "../support/recovery-page.ts";
import { startRecoveryScene } from "../support/recovery-scene.ts";

/** Chromium may have to be installed the first time. */
const installTimeoutMs = 600_000;

const untilThen = /^Until .*\d{4}.*, nobody can set a new password/;

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
  expect(await seat.page.locator("main p").first().innerText()).toMatch(untilThen);
  await scene.open(seat, `veto=${veto}`);
  await press(seat, "This was not me");
  await expectScreen(seat, "Your account is protected");
  await scene.open(seat, `token=${token}`);
  await expectEnd(seat, "This account is protected at the moment");
  expect(await seat.page.locator("main p").nth(1).innerText()).toMatch(untilThen);
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

test("after its 72 hours the link does nothing, and says so", async () => {
  const link = (name: string) => `https://app.example.com/recover#${name}={{.Token}}`;
  const veto = { link: link("veto"), blockMs: 24 * hour };
  const realm = makeRealm({ recovery: { hosts: ["127.0.0.1"], link: link("token"), veto } });
  const page = { realmId: realm.id, name: "", contact: "", colours: {}, texts: {}, defaultLanguage: "en" };
  const rekey = await openRekey({ realms: [realm], pages: [page] });
  onTestFinished(async () => await rekey.close());
  const url = await rekey.listen();
  const user = await rekey.user(realm);
  await askJson(url, "start", { identifier: user.userName });
  const { vetoLink } = (await newestMessage(rekey, user)).message.values;
  rekey.clock.pass(72 * hour);

  const seat = await sitDown(browser);
  await visit(seat, `${url}/recover${new URL(vetoLink).hash}`);
  await press(seat, "This was not me");
  await expectEnd(seat, "This link is out of date");
  expect(await seat.page.locator("main button").count()).toBe(0);
  expect(await rekey.directory.find(realm.id, user.id)).toEqual(user);
});

test("a link that is not one of ours is told so, and leads nowhere", async () => {
  const scene = await startRecoveryScene(browser);
  const seat = await scene.sit();
  await scene.open(seat, `veto=${"x".repeat(60)}`);
  await press(seat, "This was not me");
  await expectScreen(seat, "This link does not work");
  expect(await seat.page.locator("main button").count()).toBe(0);
});
