// How does Google's reCAPTCHA v2 say that a riddle was solved?

import { siteVerify } from "./site-verify.ts";

/** Vendor: developers.google.com/recaptcha/docs/verify. A response counts once, for two minutes. */
export const recaptchaV2 = siteVerify({ verifyUrl: "https://www.google.com/recaptcha/api/siteverify" });
