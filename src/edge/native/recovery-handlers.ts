// What does RecoveryService do? No credentials: the realm, wire in, act, wire out.

import type { MessageInitShape } from "@bufbuild/protobuf";
import { timestampFromMs } from "@bufbuild/protobuf/wkt";
import type { ServiceImpl } from "@connectrpc/connect";

import { NotificationType } from "../../../gen/rekey/v1/password_service_pb.ts";
import type {
  PasswordRulesSchema,
  PrepareRecoveryResponseSchema,
  RecoveryProof as ProofMessage,
  RecoveryService,
  StartRecoveryRequest,
} from "../../../gen/rekey/v1/recovery_service_pb.ts";
import { CaptchaProvider } from "../../../gen/rekey/v1/recovery_service_pb.ts";
import type { BotAnswer, BotCheckWish } from "../../bot-check/bot-check.ts";
import type { PasswordPolicy } from "../../password/policy.ts";
import type { Dialect } from "../../reset/dialect.ts";
import type { PrepareRecovery } from "../../reset/prepare-recovery.ts";
import type { PresentRecovery, RecoveryProof } from "../../reset/present-recovery.ts";
import type { PublicCallers } from "../../reset/public-callers.ts";
import type { SendLink } from "../../reset/reset-message.ts";
import type { StartRecovery } from "../../reset/start-recovery.ts";
import type { VetoRecovery } from "../../reset/veto-recovery.ts";
import { hostKey, requestNumberKey } from "../http/call-values.ts";
import { callerKey, callOf, publicCallOf } from "../http/caller-value.ts";

export type RecoveryActs = {
  readonly callers: PublicCallers;
  readonly prepare: PrepareRecovery;
  readonly start: StartRecovery;
  readonly present: PresentRecovery;
  readonly veto: VetoRecovery;
};

export function recoveryHandlers(acts: RecoveryActs, dialect: Dialect): ServiceImpl<typeof RecoveryService> {
  return {
    prepareRecovery: async ({ realmId, publicKey }, context) => {
      context.values.set(callerKey, acts.callers.of({ realmId, publicKey, host: context.values.get(hostKey) }));
      return wishOf(await acts.prepare(callOf(context)));
    },

    startRecovery: async ({ realmId, publicKey, identifier, notificationType, language, ...rest }, context) => {
      context.values.set(callerKey, acts.callers.of({ realmId, publicKey, host: context.values.get(hostKey) }));
      const channel = channels.get(notificationType);
      const { state, returnUrl, botAnswer } = rest;
      const wish = {
        identifier,
        language,
        state,
        returnUrl,
        botAnswer: answerOf(botAnswer),
        ...(channel && { channel }),
      };
      const { requestNumber, recoveryId, retryAt } = await acts.start(callOf(context), wish);
      context.values.set(requestNumberKey, requestNumber);
      return { requestNumber, recoveryId, retryDate: timestampFromMs(retryAt) };
    },

    checkRecovery: async ({ proof }, context) => {
      const wanted = { proof: proofOf(proof), dialect };
      const { expiresAt, hint, policy } = await acts.present.check(publicCallOf(context), wanted);
      return { expirationDate: timestampFromMs(expiresAt), hint, rules: rulesOf(policy) };
    },

    completeRecovery: async ({ proof, newPassword }, context) => {
      // Whoever chooses a password for themselves is not made to change it: `change_required` says nothing here.
      const change = { proof: proofOf(proof), password: newPassword?.password ?? "", dialect };
      return await acts.present.complete(publicCallOf(context), change);
    },

    vetoRecovery: async ({ token }, context) => {
      const { blockedUntil } = await acts.veto(publicCallOf(context), { token });
      return { blockedUntil: timestampFromMs(blockedUntil) };
    },
  };
}

const channels: ReadonlyMap<NotificationType, SendLink["channel"]> = new Map([
  [NotificationType.EMAIL, "email"],
  [NotificationType.SMS, "sms"],
] as const);

const captchaProviders = {
  recaptcha_v2: CaptchaProvider.RECAPTCHA_V2,
  recaptcha_v3: CaptchaProvider.RECAPTCHA_V3,
  hcaptcha: CaptchaProvider.HCAPTCHA,
  turnstile: CaptchaProvider.TURNSTILE,
  tencent: CaptchaProvider.TENCENT,
} as const;

function wishOf({ proofOfWork, captcha }: BotCheckWish): MessageInitShape<typeof PrepareRecoveryResponseSchema> {
  return {
    ...(proofOfWork && {
      proofOfWork: { challenge: proofOfWork.challenge, expirationDate: timestampFromMs(proofOfWork.expiresAt) },
    }),
    ...(captcha && { captcha: { provider: captchaProviders[captcha.provider], siteKey: captcha.siteKey } }),
  };
}

function answerOf(message: StartRecoveryRequest["botAnswer"]): BotAnswer {
  switch (message.case) {
    case "proofOfWork":
      return { kind: "proof_of_work", payload: message.value };
    case "captcha":
      return { kind: "captcha", response: message.value.response, randomText: message.value.randomText };
    case undefined:
      return { kind: "none" };
  }
}

function proofOf(message: ProofMessage | undefined): RecoveryProof {
  const proof = message?.proof;
  if (proof?.case === "code") {
    return { kind: "code", recoveryId: proof.value.recoveryId, code: proof.value.verificationCode };
  }
  return { kind: "token", token: proof?.value ?? "" };
}

function rulesOf(policy: PasswordPolicy): MessageInitShape<typeof PasswordRulesSchema> {
  return {
    minLength: policy.minLength,
    maxLength: policy.maxLength,
    lowercaseRequired: policy.requireLowercase,
    uppercaseRequired: policy.requireUppercase,
    digitRequired: policy.requireDigit,
    symbolRequired: policy.requireSymbol,
  };
}
