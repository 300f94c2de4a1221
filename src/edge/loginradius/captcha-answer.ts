// What does a stranger bring for a CAPTCHA? The parameters of the app's one provider, in the query or in the body.

import type { BotAnswer } from "../../bot-check/bot-check.ts";
import type { CaptchaProvider } from "../../bot-check/bot-check-settings.ts";
import type { VendorCall } from "./credentials.ts";

type Names = { readonly response: readonly string[]; readonly randomText?: readonly string[] };

const google: Names = { response: ["g-recaptcha-response", "g_recaptcha_response"] };

/** Vendor: LoginRadius, the hyphens win. Its pages for a forgotten password say recaptcha of Tencent's, its clients captcha. */
const names: Readonly<Partial<Record<CaptchaProvider, Names>>> = {
  recaptcha_v2: google,
  recaptcha_v3: google,
  hcaptcha: { response: ["h-captcha-response"] },
  tencent: {
    response: ["qq_recaptcha_ticket", "qq_captcha_ticket"],
    randomText: ["qq_recaptcha_randstr", "qq_captcha_randstr"],
  },
};

/** Undefined where the app asks nothing of strangers: its clients could not work for it either. */
export function captchaAnswer({ app, query, body }: VendorCall): BotAnswer | undefined {
  if (app.captcha === undefined) return undefined;
  const text = (all: readonly string[] = []) => query.text(...all) ?? body.text(...all);
  const wanted = names[app.captcha];
  const [response, randomText = ""] = [text(wanted?.response), text(wanted?.randomText)];
  if (response === undefined || (wanted?.randomText !== undefined && randomText === "")) return { kind: "none" };
  return { kind: "captcha", response, randomText };
}
