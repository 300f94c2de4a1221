// Who vouches that a person asks? A CAPTCHA's provider, asked by its own protocol; what we need of each.

import type { CaptchaSettings } from "../bot-check-settings.ts";

/** What a stranger brought. */
export type CaptchaQuestion = {
  /** What the provider's script handed over. */
  readonly response: string;
  readonly randomText: string;
  /** Where the stranger's call came from: an IP address as text. */
  readonly address: string;
};

export type CaptchaOutcome =
  | { readonly kind: "passed" }
  /** `problem`: why, in words for the log; holds nothing of what the stranger sent. */
  | { readonly kind: "refused"; readonly problem: string }
  /**
   * Nobody knows: it does not answer, answers what is not its protocol, or does not know our secret. Never what a stranger
   * could bring about by what they send, because a realm may let people pass then.
   */
  | { readonly kind: "unavailable"; readonly problem: string };

/** An opened provider of one realm. */
export type Captcha = {
  readonly settings: CaptchaSettings;
  verify(question: CaptchaQuestion): Promise<CaptchaOutcome>;
  /** Whether the last question found it unavailable. */
  isTroubled(): boolean;
};
