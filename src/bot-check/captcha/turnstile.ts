// How does Cloudflare's Turnstile say that its widget was satisfied?

import { siteVerify } from "./site-verify.ts";

/** Vendor: developers.cloudflare.com/turnstile, "Validate the token". A token counts once, for five minutes. */
export const turnstile = siteVerify({ verifyUrl: "https://challenges.cloudflare.com/turnstile/v0/siteverify" });
