// How do the settings of a realm's bot check become what the check reads?

import type { BotCheckSettings, CaptchaSettings } from "../bot-check/bot-check-settings.ts";
import type { BotCheck } from "./bot-check-schema.ts";

export function toBotCheck({ proof_of_work: work, captcha }: BotCheck): BotCheckSettings {
  return {
    proofOfWork: {
      mode: work.mode,
      basePrice: work.base_price,
      maxPrice: work.max_price,
      calm: { address: work.calm.address, realm: work.calm.realm },
      windowMs: work.window,
    },
    ...(captcha && { captcha: toCaptcha(captcha) }),
  };
}

function toCaptcha(captcha: NonNullable<BotCheck["captcha"]>): CaptchaSettings {
  return {
    provider: captcha.provider,
    siteKey: captcha.site_key,
    secret: captcha.secret,
    ...(captcha.verify_url !== undefined && { verifyUrl: captcha.verify_url }),
    hostnames: captcha.hostnames,
    minScore: captcha.min_score,
    action: captcha.action,
    timeoutMs: captcha.timeout,
    whenUnavailable: captcha.when_unavailable,
  };
}
