// Who forgets a password, in a test with a browser? People of a running service whose mail arrives at a real server, and
// pages of some origins that may call it.

import { mailTo } from "./delivery-scene.ts";
import { type Production, startProduction, type TestUser } from "./start-production.ts";
import { startSmtpServer } from "./start-smtp-server.ts";

export type RecoveringPeople = {
  readonly service: Production;
  /** What the mail number `at` to a user says, once it is there. */
  mail(user: TestUser, at?: number): Promise<{ readonly link: string; readonly code: string }>;
  /** Changes it, where it is: ask once. */
  isPassword(user: TestUser, password: string): Promise<boolean>;
};

/** `link`: where the mail's link points, before its fragment. */
export async function startForRecovery(setup: {
  readonly origins: readonly string[];
  readonly link: string;
  /** Further settings of the realm's recovery. */
  readonly recovery?: object;
}): Promise<RecoveringPeople> {
  const server = await startSmtpServer({ security: "none" });
  const smtp = [{ name: "mail", host: "127.0.0.1", port: server.port, security: "none" }];
  const { hostname } = new URL(setup.link);
  const service = await startProduction({
    cors: { allowed_origins: setup.origins },
    delivery: { smtp },
    acme: {
      links: { page: "https://app.example.com/reset?code={{.Code}}", hosts: ["app.example.com", hostname] },
      recovery: { enabled: true, link: `${setup.link}#token={{.Token}}`, ...setup.recovery },
    },
  });
  return {
    service,
    async mail(user, at = 0) {
      const { text } = await mailTo(server, user.email, at);
      const link = /https?:\/\/\S+#token=\S+/.exec(text)?.[0];
      const code = /enter this one:\s+(\S+)/.exec(text)?.[1];
      if (link === undefined || code === undefined) throw new Error(`no link and code in ${text}`);
      return { link, code };
    },
    async isPassword({ userId }, password) {
      const path = `POST /v1/users/${userId}/password`;
      const changed = { newPassword: { password: "yet another good password" }, currentPassword: password };
      return (await service.call(path, changed)).status === 200;
    },
  };
}
