// Who may ask? Whoever asks while it is calm, whoever worked for it, and whoever a CAPTCHA's provider vouches for.

import { Outage } from "../outage.ts";
import type { Charge, Throttle } from "../throttle/throttle.ts";
import type { Clock, Instant } from "../units.ts";
import { challengeLifetimeMs, type ProofOfWork } from "./altcha/altcha-proof-of-work.ts";
import type { BotAnswer, BotCheck, BotCheckCall, BotProblem, BotVerdict } from "./bot-check.ts";
import type { ProofOfWorkSettings } from "./bot-check-settings.ts";
import type { Captcha } from "./captcha/captcha.ts";
import type { Thermometer } from "./thermometer.ts";
import { isEnough, priceAt } from "./price.ts";

export type RealmBotCheck = { readonly proofOfWork: ProofOfWorkSettings; readonly captcha?: Captcha };

type Answer<Kind extends BotAnswer["kind"]> = Extract<BotAnswer, { readonly kind: Kind }>;

/** `ofRealm`: undefined for a realm where nobody is asked for anything. */
export function makeBotCheck(deps: {
  readonly ofRealm: (realmId: string) => RealmBotCheck | undefined;
  readonly work: ProofOfWork;
  readonly thermometer: Thermometer;
  readonly throttle: Pick<Throttle, "charge">;
  readonly clock: Clock;
}): BotCheck {
  const { ofRealm, work, thermometer, throttle, clock } = deps;

  /** What an honest stranger has to pay now, in keys; 0 for nothing. */
  async function priceOf(call: BotCheckCall, realm: RealmBotCheck, now: Instant): Promise<number> {
    // Beside a CAPTCHA it is the other way to answer: never for nothing.
    const isWanted = realm.proofOfWork.mode === "always" || realm.captcha !== undefined;
    return priceAt(await thermometer.read(call, now), realm.proofOfWork, { isWanted });
  }

  async function judgeWork(call: BotCheckCall, { payload }: Answer<"proof_of_work">, realm: RealmBotCheck) {
    const now = clock.now();
    const price = await priceOf(call, realm, now);
    if (price === 0) return await judgeNothing(call, realm);
    const outcome = await work.judge({ realmId: call.caller.realm.id, payload, now });
    if (outcome.kind === "failed") return failed(outcome.problem);
    if (!isEnough(outcome.price, price)) return failed("cheap");
    // Its expiry is over before this window is.
    return await pass(call, realm, [
      { limit: "bot_check.solution", counter: outcome.id, max: 1, windowMs: challengeLifetimeMs },
    ]);
  }

  async function judgeCaptcha(call: BotCheckCall, answer: Answer<"captcha">, realm: RealmBotCheck) {
    const { captcha } = realm;
    if (captcha === undefined) return await judgeNothing(call, realm);
    const outcome = await captcha.verify({ ...answer, address: call.address });
    switch (outcome.kind) {
      case "passed":
        return await pass(call, realm);
      case "refused":
        return failed("captcha_refused");
      case "unavailable":
        return await withoutProvider(call, realm, captcha);
    }
  }

  async function withoutProvider(call: BotCheckCall, realm: RealmBotCheck, { settings }: Captcha) {
    switch (settings.whenUnavailable) {
      case "allow":
        return await pass(call, realm);
      case "proof_of_work":
        return failed("captcha_unavailable");
      case "refuse":
        throw new Outage("captcha", { cause: new Error("the provider of the CAPTCHA does not answer") });
    }
  }

  async function judgeNothing(call: BotCheckCall, realm: RealmBotCheck): Promise<BotVerdict> {
    const { mode, calm } = realm.proofOfWork;
    if (mode === "always" || realm.captcha !== undefined) return required;
    // In one step, so that of a thousand at once not each is the first: only what is calm fits.
    return (await fits(call, thermometer.charges(call, realm.proofOfWork, calm))) ? passed : required;
  }

  /** One step: what was used up, and the heat. Only a solution can be full. */
  async function pass(call: BotCheckCall, realm: RealmBotCheck, used: readonly Charge[] = []): Promise<BotVerdict> {
    return (await fits(call, [...used, ...thermometer.charges(call, realm.proofOfWork)])) ? passed : failed("replayed");
  }

  async function fits({ caller }: BotCheckCall, charges: readonly Charge[]): Promise<boolean> {
    const charged = await throttle.charge({ realmId: caller.realm.id, now: clock.now(), charges });
    return charged.kind === "granted";
  }

  return {
    async prepare(call) {
      const realm = ofRealm(call.caller.realm.id);
      if (realm === undefined) return {};
      const now = clock.now();
      const captcha = realm.captcha?.settings;
      const price = offersWork(realm) ? await priceOf(call, realm, now) : 0;
      return {
        ...(price > 0 && { proofOfWork: await work.make({ realmId: call.caller.realm.id, price, now }) }),
        ...(captcha && { captcha: { provider: captcha.provider, siteKey: captcha.siteKey } }),
      };
    },

    async judge(call, answer) {
      const realm = ofRealm(call.caller.realm.id);
      if (realm === undefined || isOff(realm)) return passed;
      switch (answer.kind) {
        case "none":
          return await judgeNothing(call, realm);
        case "proof_of_work":
          return takesWork(realm) ? await judgeWork(call, answer, realm) : required;
        case "captcha":
          return await judgeCaptcha(call, answer, realm);
      }
    },
  };
}

function isOff({ proofOfWork, captcha }: RealmBotCheck): boolean {
  return proofOfWork.mode === "off" && captcha === undefined;
}

function offersWork({ proofOfWork, captcha }: RealmBotCheck): boolean {
  if (proofOfWork.mode !== "off") return true;
  return captcha?.settings.whenUnavailable === "proof_of_work" && captcha.isTroubled();
}

/** A process that has not met the provider's trouble takes what one that has gave out. */
function takesWork({ proofOfWork, captcha }: RealmBotCheck): boolean {
  return proofOfWork.mode !== "off" || captcha?.settings.whenUnavailable === "proof_of_work";
}

const passed: BotVerdict = { kind: "passed" };
const required: BotVerdict = { kind: "required" };

function failed(problem: BotProblem): BotVerdict {
  return { kind: "failed", problem };
}
