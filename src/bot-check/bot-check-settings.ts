// What may a realm say about machines that ask? Its settings, and the defaults of production and of the demo.

import { minute, type Milliseconds } from "../units.ts";

export const captchaProviders = ["recaptcha_v2", "recaptcha_v3", "hcaptcha", "turnstile", "tencent"] as const;
export type CaptchaProvider = (typeof captchaProviders)[number];

/** `adaptive`: nothing while it is calm. */
export const workModes = ["off", "adaptive", "always"] as const;

/** `refuse`: nobody may ask meanwhile. `allow`: everybody. `proof_of_work`: who works instead. */
export const unavailableChoices = ["refuse", "allow", "proof_of_work"] as const;

export type ProofOfWorkSettings = {
  readonly mode: (typeof workModes)[number];
  /** How many keys have to be tried, on average, at the least that is asked for. */
  readonly basePrice: number;
  readonly maxPrice: number;
  /** So many requests in a window are calm: so often the base price is asked for as they fit into what was asked. */
  readonly calm: { readonly address: number; readonly realm: number };
  readonly windowMs: Milliseconds;
};

export type CaptchaSettings = {
  readonly provider: CaptchaProvider;
  readonly siteKey: string;
  readonly secret: string;
  /** Absent: the provider's own. */
  readonly verifyUrl?: string;
  /** Where it may have been solved. Empty: the provider's own list holds. */
  readonly hostnames: readonly string[];
  /** For reCAPTCHA v3: the score that is enough, and what the page has to call the action. */
  readonly minScore: number;
  readonly action: string;
  readonly timeoutMs: Milliseconds;
  readonly whenUnavailable: (typeof unavailableChoices)[number];
};

export type BotCheckSettings = {
  readonly proofOfWork: ProofOfWorkSettings;
  readonly captcha?: CaptchaSettings;
};

/**
 * Production. A household or an office asks ten times in ten minutes for nothing, a realm 300 times. A key takes a
 * phone about 0.6 ms: about a second at the base price, eight at the highest, less with several workers.
 * Guard: ASVS 5.0 2.4.2.
 */
export const defaultProofOfWork: ProofOfWorkSettings = {
  mode: "adaptive",
  basePrice: 1500,
  maxPrice: 12_000,
  calm: { address: 10, realm: 300 },
  windowMs: 10 * minute,
};

/** The demo: a person trying things by hand is never asked. */
export const demoBotCheck: BotCheckSettings = {
  proofOfWork: { ...defaultProofOfWork, calm: { address: 10_000, realm: 10_000 } },
};
