// Does the provider of a realm vouch for somebody? Asks it by its protocol, and leaves it alone while it is down.

import {
  CircuitState,
  circuitBreaker,
  type CircuitBreakerPolicy,
  ConsecutiveBreaker,
  handleWhenResult,
  isBrokenCircuitError,
} from "cockatiel";

import { second } from "../../units.ts";
import type { CaptchaProvider, CaptchaSettings } from "../bot-check-settings.ts";
import { askProvider } from "./ask-provider.ts";
import type { CaptchaProtocol } from "./captcha-protocol.ts";
import type { Captcha, CaptchaOutcome, CaptchaQuestion } from "./captcha.ts";
import { hcaptcha } from "./hcaptcha.ts";
import { recaptchaV2 } from "./recaptcha-v2.ts";
import { recaptchaV3 } from "./recaptcha-v3.ts";
import { tencent } from "./tencent.ts";
import { turnstile } from "./turnstile.ts";

const protocols: Readonly<Record<CaptchaProvider, CaptchaProtocol>> = {
  recaptcha_v2: recaptchaV2,
  recaptcha_v3: recaptchaV3,
  hcaptcha,
  turnstile,
  tencent,
};

/** Five people wait for a provider that went down, and the sixth does not; one tries it again after half a minute. */
const failuresToOpen = 5;
const openMs = 30 * second;

const leftAlone: CaptchaOutcome = { kind: "unavailable", problem: "left alone, it has failed too often" };

/** No provider's answer looks otherwise; what could not be one is not worth a question. */
const visible = /^[\x21-\x7e]+$/;

export type CaptchaProblem = Exclude<CaptchaOutcome, { readonly kind: "passed" }>;

/** `onProblem` is told what did not pass, and why. */
export function openCaptcha(settings: CaptchaSettings, onProblem: (outcome: CaptchaProblem) => void): Captcha {
  const protocol = protocols[settings.provider];
  const breaker = makeBreaker();
  let isTroubled = false;

  async function ask(question: CaptchaQuestion): Promise<CaptchaOutcome> {
    const url = settings.verifyUrl ?? protocol.verifyUrl;
    const answer = await askProvider(url, protocol.request(question, settings), settings.timeoutMs);
    switch (answer.kind) {
      case "answered":
        return protocol.read(answer.json, settings);
      case "rejected":
        return { kind: "refused", problem: answer.problem };
      case "unanswered":
        return { kind: "unavailable", problem: answer.problem };
    }
  }

  async function askUnlessDown(question: CaptchaQuestion): Promise<CaptchaOutcome> {
    // One question is trying it right now: the breaker would make this one wait for that.
    if (breaker.state === CircuitState.HalfOpen) return leftAlone;
    try {
      return await breaker.execute(async () => await ask(question));
    } catch (error) {
      if (isBrokenCircuitError(error)) return leftAlone;
      throw error;
    }
  }

  return {
    settings,
    async verify(question) {
      if (!visible.test(question.response)) return { kind: "refused", problem: "it is no answer of a provider" };
      const outcome = await askUnlessDown(question);
      isTroubled = outcome.kind === "unavailable";
      if (outcome.kind !== "passed") onProblem(outcome);
      return outcome;
    },
    isTroubled: () => isTroubled,
  };
}

function makeBreaker(): CircuitBreakerPolicy {
  return circuitBreaker(
    handleWhenResult((outcome) => (outcome as CaptchaOutcome).kind === "unavailable"),
    { breaker: new ConsecutiveBreaker(failuresToOpen), halfOpenAfter: openMs },
  );
}
