// Which settings does a realm's public recovery have? Whether strangers may ask, from which hosts, and where links go.

import { z } from "zod";

import { parseLinkTemplate, recoveryLinkNames } from "../reset/link.ts";
import { Refusal } from "../reset/refusal.ts";
import { hour, minute } from "../units.ts";
import { botCheckSchema } from "./bot-check-schema.ts";
import { custom, duration, hostName, origin } from "./forms.ts";
import { noTwice } from "./no-twice.ts";
import { linkHosts, recoveryLinks } from "./recovery-links.ts";

const publicKey = z
  .string()
  .regex(/^pk_[A-Za-z0-9_-]{16,64}$/)
  .meta({ "x-form": "pk_ and 16 to 64 of A-Z, a-z, 0-9, _ and -" });

export const recoverySchema = z
  .strictObject({
    enabled: z.boolean().default(false).meta({
      description: "Whether people may start and finish a recovery without an API key: see docs/recovery.md.",
    }),
    hosts: z.array(hostName).default([]).check(noTwice()).meta({
      description: "The host names that stand for this realm. A call to another host has to name the realm.",
    }),
    link: z
      .string()
      .optional()
      .meta({
        description:
          "The page that the link in a message opens. `{{.Token}}` has to occur, best behind a #, where no server logs " +
          "it; `{{.RequestNumber}}` may. Its host has to be one of `links.hosts`, or of `hosts` where the page is on.",
        "x-form": 'a URL with https: "https://login.example.com/recover#token={{.Token}}"',
        "x-default": "the hosted page on the first of `hosts`; required where there is none",
      }),
    page: z.boolean().default(true).meta({
      description:
        "Whether the hosted page is served at `/recover`, on `hosts` and, with `?realm=`, on every other name.",
    }),
    return_origins: z.array(origin).default([]).check(noTwice()).meta({
      description: "The origins that `return_url` may be of: where people are sent in the end. Empty: nowhere.",
    }),
    veto_link: z
      .string()
      .optional()
      .meta({
        description:
          'The page behind "it was not me" in mails: it has to call VetoRecovery, see docs/recovery.md. Written like `link`; ' +
          "its host may also be one of `hosts`. Without it and without the hosted page mails have no such link.",
        "x-form": 'a URL with https: "https://login.example.com/recover#veto={{.Token}}"',
        "x-default": "the hosted page on the first of `hosts`",
      }),
    veto_block: duration(
      "How long no reset of a user is taken up who said that it was not them. A caller with `password.set` ends it sooner.",
      minute,
      7 * 24 * hour,
    ).prefault("24h"),
    public_keys: z.array(publicKey).default([]).check(noTwice()).meta({
      description:
        "What pages may name the realm by instead of its id: no secrets, and several while one follows the other.",
    }),
    bot_check: botCheckSchema,
  })
  .superRefine(({ enabled, page, bot_check: { proof_of_work: work, captcha } }, context) => {
    if (!enabled || !page || captcha === undefined || work.mode !== "off") return;
    const remedy = "Leave bot_check.proof_of_work.mode at adaptive: either answer will do. Or set page: false.";
    context.addIssue(custom("The hosted page loads nothing of other hosts, so no CAPTCHA.", remedy, ["page"]));
  })
  .prefault({})
  .meta({ description: "Recovery by people themselves, without an API key." });

type RealmLinks = {
  readonly recovery: z.output<typeof recoverySchema>;
  readonly links: { readonly hosts: readonly string[] };
};

const examples = {
  link: '"https://login.example.com/recover#token={{.Token}}"',
  veto_link: '"https://login.example.com/recover#veto={{.Token}}"',
} as const;
const missingRemedy =
  "List the host name of the hosted page in recovery.hosts; or write recovery.link, with its host in `links.hosts`.";

/** What keeps links from being made. Incident: C2 (https, or Rekey does not start). */
export function recoveryProblems(realm: RealmLinks) {
  const { recovery } = realm;
  const problemOf = (name: "link" | "veto_link", template: string, allowed: readonly string[]) => {
    const problem = linkProblem(template, allowed);
    const remedy = `Write recovery.${name} like ${examples[name]}, and list its host in \`links.hosts\`.`;
    return problem === undefined ? [] : [custom(`Links cannot be made of it: ${problem}.`, remedy, ["recovery", name])];
  };
  const missing = custom("Recovery is enabled, but has no page.", missingRemedy, ["recovery", "link"]);
  const { link, veto_link: vetoLink, enabled, hosts } = recovery;
  const isMissing = enabled && recoveryLinks(recovery).link === undefined;
  const allowed = linkHosts(realm);
  return [
    ...(isMissing ? [missing] : []),
    ...(link === undefined ? [] : problemOf("link", link, allowed)),
    ...(vetoLink === undefined ? [] : problemOf("veto_link", vetoLink, [...allowed, ...hosts])),
  ];
}

/** Undefined for a page that links to a token can be made of. */
export function linkProblem(link: string, hosts: readonly string[]): string | undefined {
  try {
    const { names } = parseLinkTemplate(link, { names: recoveryLinkNames, codeRequired: false, hosts });
    return names.includes("Token") ? undefined : "the template has to contain {{.Token}}";
  } catch (error) {
    if (error instanceof Refusal && error.details.reason === "url_template_invalid") return error.details.description;
    throw error;
  }
}
