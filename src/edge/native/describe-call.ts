// What is a call of our own API on record?

import type { UnaryRequest } from "@connectrpc/connect";

import type { PasswordResetRequest, SetPasswordRequest } from "../../../gen/rekey/v1/password_service_pb.ts";
import type { AuditEvent } from "../../telemetry/audit.ts";

const events: Readonly<Record<string, AuditEvent>> = {
  CheckCode: "code.checked",
  RevokeCodes: "code.revoked",
  CreateUser: "user.created",
  GetUser: "user.read",
  ListUsers: "user.listed",
  UpdateUser: "user.updated",
  DeleteUser: "user.deleted",
  GetDelivery: "delivery.read",
  ListDeliveries: "delivery.listed",
  ResendDelivery: "delivery.resent",
  DropDelivery: "delivery.dropped",
  ListMessages: "inbox.read",
  PrepareRecovery: "recovery.prepared",
  StartRecovery: "recovery.started",
  CheckRecovery: "recovery.checked",
  CompleteRecovery: "recovery.completed",
  VetoRecovery: "recovery.vetoed",
};

/** What a request of any of our methods may say of its user. */
type AboutUser = { readonly userId?: string; readonly user?: { readonly userId: string } };

export function describeCall({ method, message }: UnaryRequest): { event: AuditEvent; userId: string | undefined } {
  const { userId, user } = message as AboutUser;
  return { event: eventOf(method.name, message), userId: userId ?? user?.userId };
}

function eventOf(method: string, message: unknown): AuditEvent {
  switch (method) {
    case "PasswordReset": {
      const { medium } = message as PasswordResetRequest;
      return medium.case === "returnCode" ? "password_reset.returned" : "password_reset.sent";
    }
    case "SetPassword":
      return setBy((message as SetPasswordRequest).verification.case);
    default:
      return events[method] ?? "call.rejected";
  }
}

function setBy(proof: SetPasswordRequest["verification"]["case"]): AuditEvent {
  switch (proof) {
    case "verificationCode":
      return "password.set_with_code";
    case "currentPassword":
      return "password.set_with_current";
    case undefined:
      return "password.set";
  }
}
