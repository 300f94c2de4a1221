// What do the calls of the vendor's public API do here? Whoever brings the key may ask, and finish with what was sent.

import { randomUUID } from "node:crypto";

import type { PresentRecovery, RecoveryProof } from "../../reset/present-recovery.ts";
import type { Whose } from "../../reset/public-callers.ts";
import type { RequireKnown } from "../../reset/require-known.ts";
import type { StartRecovery } from "../../reset/start-recovery.ts";
import { requestNumberKey, userIdKey } from "../http/call-values.ts";
import type { PlainAnswer } from "../http/plain-call.ts";
import { captchaAnswer } from "./captcha-answer.ts";
import type { VendorCall } from "./credentials.ts";
import { loginRadiusDialect as dialect } from "./dialect.ts";
import { namedIn } from "./identifier.ts";
import { isFlag } from "./parameters.ts";
import { newPasswordIn, proofByPhone, proofKindKey, proofOfReset, type ProofKind } from "./proof.ts";
import { missing, refused, vendorJson } from "./vendor-error.ts";
import { linkWish, otpWish } from "./wish.ts";

export type PublicActs = {
  readonly start: StartRecovery;
  readonly present: Pick<PresentRecovery, "complete">;
  readonly requireKnown: RequireKnown;
};

type Wanted = Required<Pick<Parameters<StartRecovery>[1], "identifier" | "channel" | "wish">>;

export type VendorHandler = (call: VendorCall) => Promise<PlainAnswer>;

/** Vendor: LoginRadius, a success is 200, whatever was done. */
export function ok(document: object): PlainAnswer {
  return { status: 200, headers: vendorJson, body: JSON.stringify(document) };
}

export function publicHandlers({ start, present, requireKnown }: PublicActs) {
  async function begin(vendorCall: VendorCall, wanted: Wanted): Promise<void> {
    const { app, call, request: from } = vendorCall;
    const botAnswer = captchaAnswer(vendorCall);
    const request = { ...wanted, language: "", state: "", ...(botAnswer && { botAnswer }) };
    const { requestNumber } = await start(call, request);
    from.values.set(requestNumberKey, requestNumber);
    // After the limits were charged, so that it is no faster way to try names.
    if (app.unknownUser === "tell") await requireKnown(call, request.identifier);
  }

  async function complete(vendorCall: VendorCall, kind: ProofKind, proof: RecoveryProof): Promise<PlainAnswer> {
    const { call, request, body } = vendorCall;
    request.values.set(proofKindKey, kind);
    const { caller, address, requestId } = call;
    const onKnown = ({ userId, requestNumber }: Whose) =>
      void request.values.set(userIdKey, userId).set(requestNumberKey, requestNumber);
    const from = { host: "", address, requestId, caller, preventsHook: preventsHook(vendorCall), onKnown };
    await present.complete(from, { proof, password: newPasswordIn(body), dialect });
    return ok({ IsPosted: true });
  }

  return {
    async forgotPassword(call) {
      const { identifier } = namedIn(call.body, "email", "username");
      const wish = call.app.mailBrings === "link" ? linkWish(call) : otpWish(call, "emailtemplate");
      await begin(call, { identifier, channel: "email", wish });
      return ok({ IsPosted: true });
    },

    async forgotPasswordByPhone(call) {
      const { identifier } = namedIn(call.body, "phone");
      call.request.values.set(proofKindKey, "phone_otp");
      await begin(call, { identifier, channel: "sms", wish: otpWish(call, "smstemplate") });
      return ok({ IsPosted: true, Data: messageIds() });
    },

    async resetPassword(call) {
      const proof = proofOfReset(call.body);
      return await complete(call, proof.kind === "token" ? "token" : "email_otp", proof);
    },

    resetPasswordByPhone: async (call) => await complete(call, "phone_otp", proofByPhone(call.body)),

    /** Nobody has a token to show: Rekey signs nobody in. */
    async changePassword({ request, query, body }) {
      const token = query.text("access_token") ?? (request.headers.get("authorization") || undefined);
      if (token === undefined) throw refused(1060);
      for (const name of ["oldpassword", "newpassword"]) if (body.text(name) === undefined) throw missing(name);
      throw refused(905);
    },

    /** Guard: ASVS 5.0 6.4.2 (no security questions). */
    async resetPasswordBySecurityAnswer() {
      throw refused(1095);
    },
  } satisfies Record<string, VendorHandler>;
}

function preventsHook({ query, request }: VendorCall): boolean {
  return query.flag("prevent_webhook") || isFlag(request.headers.get("x-preventwebhook"));
}

/** Vendor: LoginRadius hands on what Twilio answers. Ours are in that form and name nothing: nobody was texted yet. */
function messageIds() {
  const random = () => randomUUID().replaceAll("-", "");
  return { AccountSid: `AC${"0".repeat(32)}`, Sid: `SM${random()}` };
}
