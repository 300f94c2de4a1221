// What do the vendor's password calls do here? Credentials, wire in, act, wire out.

import type { ServiceImpl } from "@connectrpc/connect";

import type { UserService } from "../../../gen/zitadel/user/v2/user_service_pb.ts";
import type { RequestReset } from "../../reset/request-reset.ts";
import { requestNumberKey } from "../http/call-values.ts";
import { callOf } from "../http/caller-value.ts";
import { zitadelDialect as dialect } from "./dialect.ts";
import { type UserActs, userHandlers } from "./user-handlers.ts";
import { detailsOf, mediumOf, newPasswordOf, resetAnswer } from "./wire.ts";

export type ZitadelActs = UserActs & { readonly requestReset: RequestReset };

export function zitadelHandlers(acts: ZitadelActs): ServiceImpl<typeof UserService> {
  return {
    ...userHandlers(acts),

    passwordReset: async (request, context) => {
      const { userId } = request;
      const started = await acts.requestReset(callOf(context), { userId, medium: mediumOf(request), dialect });
      context.values.set(requestNumberKey, started.requestNumber);
      return resetAnswer(started);
    },

    setPassword: async (request, context) => {
      const call = callOf(context);
      const { userId, verification } = request;
      const next = { userId, ...newPasswordOf(request), dialect };
      switch (verification.case) {
        case "verificationCode": {
          const standing = await acts.completeReset(call, { ...next, presented: verification.value });
          return { details: detailsOf(standing) };
        }
        case "currentPassword": {
          const proof = { kind: "current_password" as const, password: verification.value };
          return { details: detailsOf(await acts.setPassword(call, { ...next, proof })) };
        }
        default:
          return { details: detailsOf(await acts.setPassword(call, { ...next, proof: { kind: "permission" } })) };
      }
    },
  };
}
