// What do the vendor's calls do here? Credentials, wire in, act, wire out.

import type { User } from "../../directory/directory.ts";
import { requirePermission } from "../../reset/caller.ts";
import type { CompleteByToken } from "../../reset/complete-by-token.ts";
import type { FindNamed } from "../../reset/find-named.ts";
import { Refusal } from "../../reset/refusal.ts";
import type { SetPassword } from "../../reset/set-password.ts";
import type { StartRecovery } from "../../reset/start-recovery.ts";
import { requestNumberKey, userIdKey } from "../http/call-values.ts";
import { callerKey, callOf } from "../http/caller-value.ts";
import type { PlainAnswer } from "../http/plain-call.ts";
import type { Account } from "./account.ts";
import type { Controlled, Controller } from "./controlled.ts";
import type { Authenticate } from "./credentials.ts";
import { keygenDialect as dialect } from "./dialect.ts";
import { jsonApiType } from "./json-error.ts";
import { changeRules, forgotRules, resetRules } from "./meta-rules.ts";
import { userResource } from "./user-resource.ts";
import { wishOf } from "./wish.ts";

export type KeygenActs = {
  readonly start: StartRecovery;
  readonly findNamed: FindNamed;
  readonly completeByToken: CompleteByToken;
  readonly setPassword: SetPassword;
};

export type KeygenHandlers = Readonly<Record<"forgotPassword" | "resetPassword" | "updatePassword", Controller>>;

/** Longer than every address and name: what is cut off was nobody's. */
const longestIdentifier = 500;

/** Nobody finds people by guessing such ids: whether there is one may be told. */
const guessless = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

export function keygenHandlers(acts: KeygenActs, authenticate: Authenticate): KeygenHandlers {
  return {
    async forgotPassword({ request, account, meta }) {
      const { email, deliver } = meta(forgotRules);
      const wish = wishOf(account, { isDelivered: deliver !== false });
      const identifier = email.slice(0, longestIdentifier);
      const asked = { identifier, channel: "email", language: "", state: "", wish } as const;
      const { requestNumber } = await acts.start(callOf(request), asked);
      request.values.set(requestNumberKey, requestNumber);
      return { status: account.answerStatus };
    },

    async resetPassword({ request, account, meta }) {
      const call = callOf(request);
      const name = nameOf(request);
      const user = await acts.findNamed(call, name);
      // An address that is nobody's goes the whole way: what is wrong besides is told first, as to everybody.
      if (user === undefined && guessless.test(name)) throw new Refusal({ reason: "user_unknown" });
      const { passwordResetToken: token, newPassword: password } = meta(resetRules);
      const userId = user?.id ?? name;
      request.values.set(userIdKey, user?.id);
      await acts.completeByToken(call, { name, userId, token, password, dialect });
      return answerOf(await acts.findNamed(call, userId), account);
    },

    async updatePassword({ request, account, meta }) {
      request.values.set(callerKey, authenticate(request.headers, account));
      const call = callOf(request);
      requirePermission(call, "password.set_with_current");
      const user = await acts.findNamed(call, nameOf(request));
      if (user === undefined) throw new Refusal({ reason: "user_unknown" });
      request.values.set(userIdKey, user.id);
      const { oldPassword, newPassword: password } = meta(changeRules);
      const proof = { kind: "current_password", password: oldPassword } as const;
      await acts.setPassword(call, { userId: user.id, proof, password, changeRequired: false, dialect });
      return answerOf(await acts.findNamed(call, user.id), account);
    },
  };
}

export function nameOf({ parameters }: Pick<Controlled["request"], "parameters">): string {
  return parameters["id"] ?? "";
}

function answerOf(user: User | undefined, { id }: Account): PlainAnswer {
  // Deleted in the moment after.
  if (user === undefined) throw new Refusal({ reason: "user_unknown" });
  return {
    status: 200,
    headers: { "content-type": jsonApiType },
    body: JSON.stringify({ data: userResource(user, id) }),
  };
}
