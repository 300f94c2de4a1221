// Is a machine asking? The door of the rules: what is wanted of a stranger at the moment, and whether their answer will do.

import type { Instant } from "../units.ts";
import type { CaptchaProvider } from "./bot-check-settings.ts";

/** Whose call it is. Never who they say they are: nothing here may depend on whether somebody exists. Incident: C30. */
export type BotCheckCall = {
  readonly caller: { readonly realm: { readonly id: string } };
  /** An IP address as text. */
  readonly address: string;
};

/** What is wanted besides an identifier. Absent members are not wanted; where both are there, either answer will do. */
export type BotCheckWish = {
  readonly proofOfWork?: { readonly challenge: string; readonly expiresAt: Instant };
  readonly captcha?: { readonly provider: CaptchaProvider; readonly siteKey: string };
};

export type BotAnswer =
  | { readonly kind: "none" }
  /** ALTCHA's payload: challenge and solution as JSON in base64. */
  | { readonly kind: "proof_of_work"; readonly payload: string }
  /** What the provider's script handed over. `randomText` is Tencent's, empty for the others. */
  | { readonly kind: "captcha"; readonly response: string; readonly randomText: string };

export type BotProblem =
  /** Its time is over. */
  | "stale"
  /** Much less than what is asked for now. */
  | "cheap"
  /** It was taken before. */
  | "replayed"
  /** Not a challenge of ours for this realm, or an altered one. */
  | "foreign"
  /** Our challenge, but not its solution. */
  | "wrong"
  /** The CAPTCHA's provider said no, or it was solved on another page, or for something else. */
  | "captcha_refused"
  /** The CAPTCHA's provider does not answer; a proof of work is taken instead. */
  | "captcha_unavailable";

export type BotVerdict =
  | { readonly kind: "passed" }
  /** An answer is wanted, and there is none of a kind that is. */
  | { readonly kind: "required" }
  | { readonly kind: "failed"; readonly problem: BotProblem };

export interface BotCheck {
  /** Changes nothing. */
  prepare(call: BotCheckCall): Promise<BotCheckWish>;
  /** Takes a good answer once, over all processes, and counts whoever passes: many of them raise the price. */
  judge(call: BotCheckCall, answer: BotAnswer): Promise<BotVerdict>;
}
