// How does hCaptcha say that a riddle was solved?

import { siteVerify } from "./site-verify.ts";

/** Vendor: docs.hcaptcha.com, "Verify the user response server side". The site key keeps answers of other sites out. */
export const hcaptcha = siteVerify({
  verifyUrl: "https://api.hcaptcha.com/siteverify",
  fields: ({ siteKey }) => ({ sitekey: siteKey }),
});
