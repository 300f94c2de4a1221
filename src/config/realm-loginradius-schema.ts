// Which settings does a realm have that LoginRadius's clients call? Their key and secrets, its pages, what strangers are told.

import { z } from "zod";

import type { CaptchaProvider } from "../bot-check/bot-check-settings.ts";
import { parseLinkTemplate, recoveryLinkNames } from "../reset/link.ts";
import { Refusal } from "../reset/refusal.ts";
import { custom, origin, secretText } from "./forms.ts";
import { noTwice } from "./no-twice.ts";

/** In characters. Vendor: LoginRadius's are GUIDs. Guard: ASVS 5.0 11.2.3 (at least 128 bits, as hexadecimal). */
const shortestSecret = 32;

const apiSecret = (description: string) => secretText(description).min(shortestSecret);

export const loginRadiusSchema = z
  .strictObject({
    enabled: z.boolean().default(true).meta({
      description: "Off: nobody knows its key; where it is off in all realms, every path of it is a plain 404.",
    }),
    key: z
      .string()
      .regex(/^[A-Za-z0-9-]{8,100}$/)
      .meta({ description: "The API key. It is public, and finds the realm.", "x-form": "8 to 100 of a-z, 0-9 and -" }),
    secret: apiSecret("The API secret: it opens the management calls, and signs webhooks of the format `loginradius`."),
    secondary_secrets: z
      .array(z.strictObject({ secret: apiSecret("It opens the management calls, too.") }))
      .default([])
      .meta({ description: "Further secrets, while they are rotated." }),
    site_urls: z
      .array(origin)
      .default([])
      .check(noTwice())
      .meta({ description: "Where `resetpasswordurl` may lead, besides `links.hosts`." }),
    reset_url: z.string().optional().meta({
      description: "The page that a link opens when a request names none; without it every request has to.",
      "x-form": 'a URL with https: "https://app.example.com/reset-password"',
    }),
    mail_brings: z
      .enum(["link", "code"])
      .default("link")
      .meta({ description: "What the mail of a forgot call brings: a link with a token, or a one-time password." }),
    bot_protection: z.boolean().default(false).meta({
      description: "Whether strangers have to bring an answer to the CAPTCHA of `recovery.bot_check`.",
    }),
    unknown_user: z
      .enum(["hide", "tell"])
      .default("hide")
      .meta({ description: "Whether strangers are told that nobody is known by a name (938): a list of your users." }),
  })
  .optional()
  .meta({ description: "LoginRadius's API, for its own clients: see docs/migrate/loginradius.md. Left out: off." });

type LoginRadius = z.output<typeof loginRadiusSchema>;

/** The hosts of the sites: links may point to them, too. */
export function siteHosts(loginRadius: LoginRadius): readonly string[] {
  return (loginRadius?.site_urls ?? []).map((url) => new URL(url).host);
}

/** What does not fit the rest of the realm. */
export function loginRadiusProblems(
  loginRadius: LoginRadius,
  realm: { readonly linkHosts: readonly string[]; readonly provider: CaptchaProvider | undefined },
) {
  if (loginRadius === undefined) return [];
  const hosts = [...realm.linkHosts, ...siteHosts(loginRadius)];
  const page = loginRadius.reset_url === undefined ? undefined : pageProblem(loginRadius.reset_url, hosts);
  const isAsked = realm.provider !== undefined && realm.provider !== "turnstile";
  return [
    ...(page === undefined
      ? []
      : [custom(`Links cannot be made of it: ${page}.`, pageRemedy, ["loginradius", "reset_url"])]),
    ...(isAsked || !loginRadius.bot_protection
      ? []
      : [custom("The realm has no CAPTCHA that its clients know.", captchaRemedy, ["loginradius", "bot_protection"])]),
  ];
}

const pageRemedy = "Write it with https, and list its origin in `site_urls`.";
const captchaRemedy = "Set recovery.bot_check.captcha with Google's, hCaptcha or Tencent's, or leave it off.";

/** The rules that a page of a request has to follow, too. Incident: C2 (https, or Rekey does not start). */
function pageProblem(page: string, hosts: readonly string[]): string | undefined {
  try {
    parseLinkTemplate(page, { names: recoveryLinkNames, codeRequired: false, hosts });
    return undefined;
  } catch (error) {
    if (error instanceof Refusal && error.details.reason === "url_template_invalid") return error.details.description;
    throw error;
  }
}
