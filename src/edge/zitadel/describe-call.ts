// What is a call of the vendor's API on record?

import type { UnaryRequest } from "@connectrpc/connect";

import {
  type PasswordResetRequest,
  type SetPasswordRequest,
  UserService,
} from "../../../gen/zitadel/user/v2/user_service_pb.ts";
import type { AuditEvent } from "../../telemetry/audit.ts";

export function describeCall({ method, message }: UnaryRequest): { event: AuditEvent; userId: string } {
  if (method.name === UserService.method.passwordReset.name) {
    const { medium, userId } = message as PasswordResetRequest;
    return { event: medium.case === "returnCode" ? "password_reset.returned" : "password_reset.sent", userId };
  }
  const { verification, userId } = message as SetPasswordRequest;
  switch (verification.case) {
    case "verificationCode":
      return { event: "password.set_with_code", userId };
    case "currentPassword":
      return { event: "password.set_with_current", userId };
    case undefined:
      return { event: "password.set", userId };
  }
}
