// Where does a test try the recovery page with settings of its own? A service in production, whose mails arrive.

import type { Browser } from "playwright-core";

import { mailServer, mailTo } from "./delivery-scene.ts";
import { press, expectScreen, type Seat, sitDown, visit } from "./recovery-page.ts";
import { type Production, startProduction, type TestUser } from "./start-production.ts";

export type RecoveryMail = { readonly token: string; readonly code: string; readonly veto: string };

const off = { account: "off", caller: "off", address: "off" };

/** For realms that limit one thing. */
export const noLimits = {
  return_code: off,
  send_message: off,
  present_code: off,
  start_recovery: { identifier: "off", address: "off" },
  present_recovery: { identifier: "off", address: "off" },
};

export type RecoveryScene = Awaited<ReturnType<typeof startRecoveryScene>>;

/** `recovery` and the other settings are of its realm. */
export async function startRecoveryScene(
  browser: Browser,
  { recovery = {}, ...settings }: { readonly recovery?: object } & Readonly<Record<string, unknown>> = {},
) {
  const { server, setting } = await mailServer();
  const page = (name: string) => `http://127.0.0.1/recover#${name}={{.Token}}`;
  const here = { enabled: true, hosts: ["127.0.0.1"], link: page("token"), veto_link: page("veto") };
  const acme = {
    limits: noLimits,
    recovery: { ...here, ...recovery },
    links: { hosts: ["127.0.0.1"] },
    ...settings,
  };
  const service: Production = await startProduction({ delivery: { smtp: [setting] }, acme });

  async function message(user: TestUser, index = 0): Promise<RecoveryMail> {
    const { text } = await mailTo(server, user.email, index);
    const [, token = ""] = /#token=([\w-]+)/.exec(text) ?? [];
    const [, veto = ""] = /#veto=([\w-]+)/.exec(text) ?? [];
    const [, code = ""] = /^ *([0-9A-Z]{4}-?[0-9A-Z]{4})$/m.exec(text) ?? [];
    return { token, code, veto };
  }

  async function sit(options = {}): Promise<Seat> {
    const seat = await sitDown(browser, options);
    await visit(seat, `${service.address}/recover`);
    return seat;
  }

  return {
    service,
    message,
    sit,
    /** A seat in front of "check your messages", and the message number `index` to the user. */
    async asked(known?: TestUser, index = 0) {
      const user = known ?? (await service.makeUser());
      const seat = await sit();
      await seat.page.locator("#identifier").fill(user.email);
      await press(seat, "Send me a message");
      await expectScreen(seat, "Check your messages");
      return { seat, user, ...(await message(user, index)) };
    },
    /** `fragment`: what a link carries, "token=…" or "veto=…". */
    open: async (seat: Seat, fragment: string) => await visit(seat, `${service.address}/recover#${fragment}`),
  };
}
