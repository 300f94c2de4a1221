// What does PasswordService do? Credentials, wire in, act, wire out.

import { timestampFromMs } from "@bufbuild/protobuf/wkt";
import type { ServiceImpl } from "@connectrpc/connect";

import type { PasswordService } from "../../../gen/rekey/v1/password_service_pb.ts";
import type { CheckCode } from "../../reset/check-code.ts";
import type { CompleteReset } from "../../reset/complete-reset.ts";
import type { Dialect } from "../../reset/dialect.ts";
import type { RequestReset } from "../../reset/request-reset.ts";
import type { RevokeCodes } from "../../reset/revoke-codes.ts";
import type { SetPassword } from "../../reset/set-password.ts";
import { requestNumberKey } from "../http/call-values.ts";
import { callOf } from "../http/caller-value.ts";
import { detailsOf, mediumOf } from "./wire.ts";

export type PasswordActs = {
  readonly requestReset: RequestReset;
  readonly completeReset: CompleteReset;
  readonly setPassword: SetPassword;
  readonly checkCode: CheckCode;
  readonly revokeCodes: RevokeCodes;
};

export function passwordHandlers(acts: PasswordActs, dialect: Dialect): ServiceImpl<typeof PasswordService> {
  return {
    passwordReset: async (request, context) => {
      const { userId } = request;
      const started = await acts.requestReset(callOf(context), { userId, medium: mediumOf(request), dialect });
      context.values.set(requestNumberKey, started.requestNumber);
      return {
        details: detailsOf(started.standing),
        expirationDate: timestampFromMs(started.expiresAt),
        requestNumber: started.requestNumber,
        verificationCode: started.code,
        messageId: started.messageId,
      };
    },

    setPassword: async ({ userId, newPassword, verification }, context) => {
      const call = callOf(context);
      const password = newPassword?.password ?? "";
      const next = { userId, password, changeRequired: newPassword?.changeRequired ?? false, dialect };
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

    checkCode: async ({ userId, verificationCode }, context) => {
      const { expiresAt } = await acts.checkCode(callOf(context), { userId, presented: verificationCode, dialect });
      return { expirationDate: timestampFromMs(expiresAt) };
    },

    revokeCodes: async ({ userId }, context) => {
      return { details: detailsOf(await acts.revokeCodes(callOf(context), { userId })) };
    },
  };
}
