// What does a caller do with a user who forgot the password? Each act by itself, with what a test does not care about
// filled in.

import { nativeDialect } from "../../src/edge/native/dialect.ts";
import { defaultPolicy } from "../../src/password/policy.ts";
import type { Call } from "../../src/reset/caller.ts";
import type { Dialect } from "../../src/reset/dialect.ts";
import type { Channel } from "../../src/delivery/courier.ts";
import type { Instant } from "../../src/units.ts";
import type { StartedReset } from "../../src/reset/request-reset.ts";
import type { Standing } from "../../src/reset/standing.ts";
import type { Rekey } from "./open-rekey.ts";

export const native = nativeDialect(defaultPolicy);
export const goodPassword = "correct horse battery staple";

export type ResetSteps = {
  /** Answers the code that is returned. */
  code(userId: string): Promise<string>;
  send(userId: string, link?: { channel?: Channel; urlTemplate?: string }): Promise<StartedReset>;
  check(userId: string, presented: string): Promise<{ readonly expiresAt: Instant }>;
  complete(userId: string, presented: string, password?: string): Promise<Standing>;
  change(userId: string, current: string, password?: string): Promise<Standing>;
  set(userId: string, password?: string): Promise<Standing>;
  revoke(userId: string): Promise<Standing>;
};

export function resetSteps({ acts }: Rekey, call: Call, dialect: Dialect = native): ResetSteps {
  const next = { changeRequired: false, dialect };
  return {
    async code(userId) {
      const { code } = await acts.requestReset(call, { userId, medium: { kind: "return_code" }, dialect });
      if (code === undefined) throw new Error("no code was returned");
      return code;
    },
    send: async (userId, { channel = "email", urlTemplate } = {}) =>
      await acts.requestReset(call, {
        userId,
        medium: { kind: "send_link", channel, ...(urlTemplate === undefined ? {} : { urlTemplate }) },
        dialect,
      }),
    check: async (userId, presented) => await acts.checkCode(call, { userId, presented, dialect }),
    complete: async (userId, presented, password = goodPassword) =>
      await acts.completeReset(call, { userId, presented, password, ...next }),
    change: async (userId, current, password = goodPassword) =>
      await acts.setPassword(call, {
        userId,
        proof: { kind: "current_password", password: current },
        password,
        ...next,
      }),
    set: async (userId, password = goodPassword) =>
      await acts.setPassword(call, { userId, proof: { kind: "permission" }, password, ...next }),
    revoke: async (userId) => await acts.revokeCodes(call, { userId }),
  };
}
