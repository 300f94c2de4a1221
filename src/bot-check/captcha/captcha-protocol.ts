// How is a provider asked? What each protocol says: where, with what, and how its answer is read. Pure.

import type { CaptchaSettings } from "../bot-check-settings.ts";
import type { CaptchaOutcome, CaptchaQuestion } from "./captcha.ts";

export type CaptchaRequest = {
  readonly method: "GET" | "POST";
  /** Of a GET the query, of a POST the body: form fields. */
  readonly fields: Readonly<Record<string, string>>;
};

export type CaptchaProtocol = {
  readonly verifyUrl: string;
  request(question: CaptchaQuestion, settings: CaptchaSettings): CaptchaRequest;
  /** `answer`: what the provider's JSON says. */
  read(answer: unknown, settings: CaptchaSettings): CaptchaOutcome;
};

/** An answer that is not the protocol's. */
export const notItsProtocol: CaptchaOutcome = { kind: "unavailable", problem: "it answered what is not its protocol" };
