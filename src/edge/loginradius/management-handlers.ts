// What do the vendor's management calls do here? The application gets a token or a code for somebody, to hand on itself.

import type { HandOutRecovery } from "../../reset/hand-out-recovery.ts";
import type { RecoveryWish } from "../../reset/recovery-work.ts";
import { requestNumberKey, userIdKey } from "../http/call-values.ts";
import { eventKey } from "../http/plain-call.ts";
import type { VendorCall } from "./credentials.ts";
import { namedIn } from "./identifier.ts";
import { proofKindKey } from "./proof.ts";
import { ok, type VendorHandler } from "./public-handlers.ts";
import { refused } from "./vendor-error.ts";
import { codeWish, linkWish, tokenWish } from "./wish.ts";

/** The users of a realm have no social logins here. */
const identityProviders: readonly string[] = [];

export function managementHandlers(acts: { readonly handOut: HandOutRecovery }) {
  async function handOut({ call, request }: VendorCall, identifier: string, isMailed: boolean, wish: RecoveryWish) {
    const { values } = request;
    if (isMailed) values.set(eventKey, "password_reset.sent");
    const given = await acts.handOut(call, { identifier, isMailed, wish });
    values.set(userIdKey, given.userId).set(requestNumberKey, given.requestNumber);
    return given;
  }

  return {
    async forgotPasswordToken(call) {
      const { identifier } = namedIn(call.body, "email", "username");
      const isMailed = call.query.flag("sendemail");
      const { token } = await handOut(call, identifier, isMailed, isMailed ? linkWish(call) : tokenWish);
      return ok({ ForgotToken: token, IdentityProviders: identityProviders });
    },

    async emailToken(call) {
      refuseOtherTypes(call);
      const { identifier } = namedIn(call.body, "email", "username");
      const wish = call.app.mailBrings === "link" ? tokenWish : codeWish;
      const { token, code, expiresAt } = await handOut(call, identifier, false, wish);
      const ExpiresIn = new Date(expiresAt).toISOString();
      return ok({ Token: token || code, ExpiresIn, IdentityProviders: identityProviders });
    },

    async smsOtp(call) {
      refuseOtherTypes(call);
      call.request.values.set(proofKindKey, "phone_otp");
      const { identifier } = namedIn(call.body, "phone");
      const { code, expiresAt } = await handOut(call, identifier, false, codeWish);
      return ok({ Token: code, ExpiresIn: new Date(expiresAt).toISOString() });
    },
  } satisfies Record<string, VendorHandler>;
}

/** The vendor makes tokens for other uses besides. */
function refuseOtherTypes({ request }: VendorCall): void {
  if (request.parameters["type"]?.toLowerCase() !== "forgotpassword") throw refused(1181);
}
