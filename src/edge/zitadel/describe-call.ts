// What is a call of the vendor's API on record?

import type { UnaryRequest } from "@connectrpc/connect";

import type {
  PasswordResetRequest,
  SetPasswordRequest,
  UpdateUserRequest,
} from "../../../gen/zitadel/user/v2/user_service_pb.ts";
import type { AuditEvent } from "../../telemetry/audit.ts";

const events: Readonly<Record<string, AuditEvent>> = {
  ListUsers: "user.listed",
  GetUserByID: "user.read",
  AddHumanUser: "user.created",
  CreateUser: "user.created",
};

export function describeCall({ method, message }: UnaryRequest): { event: AuditEvent; userId: string | undefined } {
  const { userId } = message as { readonly userId?: string };
  return { event: eventOf(method.name, message), userId };
}

function eventOf(method: string, message: unknown): AuditEvent {
  switch (method) {
    case "PasswordReset": {
      const { medium } = message as PasswordResetRequest;
      return medium.case === "returnCode" ? "password_reset.returned" : "password_reset.sent";
    }
    case "SetPassword":
      return setBy((message as SetPasswordRequest).verification.case) ?? "password.set";
    case "UpdateUser": {
      const { userType } = message as UpdateUserRequest;
      const password = userType.case === "human" ? userType.value.password : undefined;
      return setBy(password?.verification.case) ?? "user.updated";
    }
    default:
      return events[method] ?? "call.rejected";
  }
}

function setBy(proof: SetPasswordRequest["verification"]["case"]): AuditEvent | undefined {
  if (proof === undefined) return undefined;
  return proof === "verificationCode" ? "password.set_with_code" : "password.set_with_current";
}
