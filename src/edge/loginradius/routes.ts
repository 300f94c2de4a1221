// What of the vendor's API is served? Its calls around a forgotten password.

import type { AuditEvent } from "../../telemetry/audit.ts";
import type { Instant } from "../../units.ts";
import type { PlainEdge } from "../http/serve-plain.ts";
import { makeFindApp, type LoginRadiusApp } from "./app.ts";
import { admitApplication, admitStranger, type Admit } from "./credentials.ts";
import { managementHandlers } from "./management-handlers.ts";
import { publicHandlers, type PublicActs, type VendorHandler } from "./public-handlers.ts";
import { loginRadiusWords } from "./refusals.ts";

export type LoginRadiusActs = PublicActs & Parameters<typeof managementHandlers>[0];

export function loginRadiusEdge(deps: {
  readonly apps: readonly LoginRadiusApp[];
  readonly acts: LoginRadiusActs;
  readonly now: () => Instant;
}): PlainEdge {
  const findApp = makeFindApp(deps.apps);
  const application = behind(admitApplication(findApp, deps.now));
  const stranger = behind(admitStranger(findApp));
  const manage = managementHandlers(deps.acts);
  const open = publicHandlers(deps.acts);
  return {
    words: loginRadiusWords,
    requestHeaders: ["X-PreventWebhook", "X-LoginRadius-ApiKey"],
    routes: [
      application(
        "POST /identity/v2/manage/account/forgot/token",
        "password_reset.returned",
        manage.forgotPasswordToken,
      ),
      application("POST /identity/v2/manage/account/emailtoken/{type}", "password_reset.returned", manage.emailToken),
      application("POST /identity/v2/manage/account/smsotp/{type}", "password_reset.returned", manage.smsOtp),
      stranger("POST /identity/v2/auth/password", "recovery.started", open.forgotPassword),
      stranger("POST /identity/v2/auth/password/otp", "recovery.started", open.forgotPasswordByPhone),
      stranger("PUT /identity/v2/auth/password/otp", "recovery.completed", open.resetPasswordByPhone),
      stranger("PUT /identity/v2/auth/password/reset", "recovery.completed", open.resetPassword),
      stranger("PUT /identity/v2/auth/password/change", "password.set_with_current", open.changePassword),
      stranger(
        "PUT /identity/v2/auth/password/securityanswer",
        "recovery.completed",
        open.resetPasswordBySecurityAnswer,
      ),
    ],
  };
}

/** Credentials, then the call. */
function behind(admit: Admit) {
  return (line: string, event: AuditEvent, handle: VendorHandler) => {
    const [method = "", path = ""] = line.split(" ");
    return { method, path, event, handler: async (request: Parameters<Admit>[0]) => handle(await admit(request)) };
  };
}
