// How does Google's reCAPTCHA v3 say how likely a person is? By a score, for an action that the page names.

import { siteVerify } from "./site-verify.ts";

/** Vendor: developers.google.com/recaptcha/docs/v3. An answer without a score is one of v2: its key is not for this. */
export const recaptchaV3 = siteVerify({
  verifyUrl: "https://www.google.com/recaptcha/api/siteverify",
  problemOf({ score, action }, settings) {
    if (score === undefined) return "its answer has no score: the key is not of version 3";
    if (action !== settings.action) return "it was solved for another action";
    return score < settings.minScore ? `its score is ${score}` : undefined;
  },
});
