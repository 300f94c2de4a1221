// How do the vendor's messages become what the acts speak of, and back? Pure conversions, both ways side by side.

import { create, type MessageInitShape } from "@bufbuild/protobuf";
import { timestampFromMs } from "@bufbuild/protobuf/wkt";
import { Code } from "@connectrpc/connect";

import { type Details, DetailsSchema } from "../../../gen/zitadel/object/v2/object_pb.ts";
import {
  NotificationType,
  type PasswordResetRequest,
  type PasswordResetResponseSchema,
  type SetPasswordRequest,
} from "../../../gen/zitadel/user/v2/user_service_pb.ts";
import type { ResetMedium, StartedReset } from "../../reset/request-reset.ts";
import type { Standing } from "../../reset/standing.ts";
import { vendorError } from "./vendor-error.ts";

/** No medium is the default mail, and so is every type but SMS, unknown numbers included. */
export function mediumOf({ medium }: PasswordResetRequest): ResetMedium {
  if (medium.case === "returnCode") return { kind: "return_code" };
  const link = medium.value;
  return {
    kind: "send_link",
    channel: link?.notificationType === NotificationType.SMS ? "sms" : "email",
    ...(link?.urlTemplate === undefined ? {} : { urlTemplate: link.urlTemplate }),
  };
}

export function resetAnswer(started: StartedReset): MessageInitShape<typeof PasswordResetResponseSchema> {
  return {
    details: detailsOf(started.standing),
    ...(started.code === undefined ? {} : { verificationCode: started.code }),
  };
}

/** The password calls leave the creation date out. */
export function detailsOf(standing: Standing): Details {
  return create(DetailsSchema, {
    sequence: BigInt(standing.sequence),
    changeDate: timestampFromMs(standing.changedAt),
    resourceOwner: standing.organizationId,
  });
}

/** The new password. The field's rules let it be absent; the vendor's command does not. */
export function newPasswordOf({ newPassword, verification }: SetPasswordRequest): {
  readonly password: string;
  readonly changeRequired: boolean;
} {
  if (newPassword !== undefined) {
    return { password: newPassword.password, changeRequired: newPassword.changeRequired };
  }
  const id = verification.case === "currentPassword" ? "COMMAND-3M0fs" : "COMMAND-Mf0sd";
  throw vendorError({ code: Code.InvalidArgument, id, message: "Password is empty" });
}
