// What keeps machines from asking, in which realm? The check of all realms, over the stores and keys of the process.

import { altchaProofOfWork } from "../bot-check/altcha/altcha-proof-of-work.ts";
import { signingKeys } from "../bot-check/altcha/signing-keys.ts";
import type { BotCheck } from "../bot-check/bot-check.ts";
import type { BotCheckSettings, CaptchaSettings } from "../bot-check/bot-check-settings.ts";
import type { Captcha } from "../bot-check/captcha/captcha.ts";
import { openCaptcha } from "../bot-check/captcha/open-captcha.ts";
import { makeThermometer } from "../bot-check/thermometer.ts";
import { makeBotCheck, type RealmBotCheck } from "../bot-check/make-bot-check.ts";
import { counterDigest, type KeyRing } from "../codes/key-ring.ts";
import { rememberNames } from "../throttle/remember-names.ts";
import type { Throttle } from "../throttle/throttle.ts";
import type { Log } from "../telemetry/log.ts";
import type { Clock } from "../units.ts";

/** `realms`: by id. Of a realm that is not there nothing is wanted. */
export function openBotCheck(parts: {
  readonly realms: ReadonlyMap<string, BotCheckSettings>;
  readonly throttle: Throttle;
  readonly keyRing: KeyRing;
  readonly clock: Clock;
  readonly log: Pick<Log, "info" | "warn">;
}): BotCheck {
  const { realms, throttle, keyRing, clock, log } = parts;
  const opened = new Map([...realms].map(([id, settings]) => [id, open(id, settings)]));

  function open(realmId: string, { proofOfWork, captcha }: BotCheckSettings): RealmBotCheck {
    return { proofOfWork, ...(captcha && { captcha: openLogged(realmId, captcha) }) };
  }

  /** What did not pass is told without anything of what was sent. */
  function openLogged(realmId: string, captcha: CaptchaSettings): Captcha {
    const { provider } = captcha;
    return openCaptcha(captcha, ({ kind, problem }) => {
      if (kind === "unavailable")
        log.warn({ realmId, provider, problem }, "the provider of a CAPTCHA is not available");
      else log.info({ realmId, provider, problem }, "the answer to a CAPTCHA was refused");
    });
  }

  const nameCounter = rememberNames((...whose) => counterDigest(keyRing, ...whose));
  return makeBotCheck({
    ofRealm: (realmId) => opened.get(realmId),
    work: altchaProofOfWork(signingKeys(keyRing.codes)),
    thermometer: makeThermometer({ throttle, nameCounter }),
    throttle,
    clock,
  });
}
