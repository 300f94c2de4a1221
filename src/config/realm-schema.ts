// Which settings does a realm have? The schema of one entry of `realms`.

import { z } from "zod";

import { defaultPolicy } from "../password/policy.ts";
import { permissions } from "../reset/permission.ts";
import { parseLinkTemplate } from "../reset/link.ts";
import { Refusal } from "../reset/refusal.ts";
import { apiKeyDigest, custom, languageTag, linkHost } from "./forms.ts";
import { limitSchema } from "./limit-schema.ts";
import { noTwice } from "./no-twice.ts";
import { keygenProblem, keygenSchema } from "./realm-keygen-schema.ts";
import { loginRadiusProblems, loginRadiusSchema } from "./realm-loginradius-schema.ts";
import { recoveryProblems, recoverySchema } from "./realm-recovery-schema.ts";
import { linkHosts } from "./recovery-links.ts";
import { brandSchema } from "./realm-brand-schema.ts";
import { mailSchema, smsSchema, webhookSchema } from "./realm-delivery-schema.ts";
import { shapeSchema } from "./shape-schema.ts";

const apiKey = z.strictObject({
  id: z
    .string()
    .regex(/^[a-z0-9-]{1,64}$/)
    .meta({ description: "The key's public name, for the log and the limits.", "x-form": "1 to 64 of a-z, 0-9 and -" }),
  digest: apiKeyDigest("SHA-256 of the whole key. The key itself is never kept."),
  permissions: z
    .array(z.enum(permissions))
    .min(1)
    .check(noTwice())
    .meta({ description: "What the holder may do. None implies another; `inbox.read` exists in demo mode only." }),
});

const links = z
  .strictObject({
    page: z
      .string()
      .optional()
      .meta({
        description:
          "The page that a link opens when the request names none; without it every request has to. `{{.Code}}` has to " +
          "occur, `{{.UserID}}`, `{{.OrgID}}` and `{{.LoginName}}` may. Its host has to be one of `hosts`.",
        "x-form": 'a URL with https: "https://app.example.com/reset?user={{.UserID}}&code={{.Code}}"',
      }),
    hosts: z.array(linkHost).default([]).check(noTwice()).meta({
      description: "The hosts that a link may point to. A loopback host without a port stands for every port.",
    }),
  })
  .superRefine(({ page, hosts }, context) => {
    const problem = page === undefined ? undefined : pageProblem(page, hosts);
    if (problem === undefined) return;
    const remedy = 'Write it like "https://app.example.com/reset?code={{.Code}}", and list its host in `hosts`.';
    context.addIssue(custom(`Links cannot be made of it: ${problem}.`, remedy, ["page"]));
  })
  .prefault({})
  .meta({ description: "Where links may point." });

/** The rules that a page of a request has to follow, too. Incident: C2 (https, or Rekey does not start). */
function pageProblem(page: string, hosts: readonly string[]): string | undefined {
  try {
    parseLinkTemplate(page, { names: ["UserID", "Code", "OrgID", "LoginName"], codeRequired: true, hosts });
    return undefined;
  } catch (error) {
    if (error instanceof Refusal && error.details.reason === "url_template_invalid") return error.details.description;
    throw error;
  }
}

const passwordPolicy = z
  .strictObject({
    // Guard: ASVS 5.0 6.2.1 (at least 8), 6.2.9 (64 have to be possible).
    min_length: z.int().min(8).max(64).default(defaultPolicy.minLength).meta({ description: "The shortest." }),
    max_length: z.int().min(64).max(1000).default(defaultPolicy.maxLength).meta({ description: "The longest." }),
    require_lowercase: requirement(defaultPolicy.requireLowercase, "a lower-case letter"),
    require_uppercase: requirement(defaultPolicy.requireUppercase, "an upper-case letter"),
    require_digit: requirement(defaultPolicy.requireDigit, "a digit"),
    require_symbol: requirement(defaultPolicy.requireSymbol, "a character that is neither letter nor digit"),
    refuse_common: z
      .boolean()
      .default(defaultPolicy.refuseCommon)
      .meta({ description: "Whether the most common passwords are refused." }),
    context_words: z
      .array(z.string().min(3).max(100))
      .default([...defaultPolicy.contextWords])
      .meta({
        description: "Words that a password may not be, alone or with digits and signs around: product, company.",
      }),
  })
  .optional()
  .meta({
    description:
      "What a password may be. Lengths are in characters (code points). Left out: the default of the language that the " +
      "caller speaks, for Rekey's own the values below, for a vendor's that vendor's.",
  });

function requirement(fallback: boolean, what: string) {
  return z
    .boolean()
    .default(fallback)
    .meta({ description: `Whether there has to be ${what}.` });
}

/** One dialect that a realm may speak or not. */
function edge(description: string) {
  const enabled = z.boolean().default(true).meta({ description: "Whether the realm's callers may use it." });
  return z.strictObject({ enabled }).prefault({}).meta({ description });
}

const settings = z.strictObject({
  id: z
    .string()
    .regex(/^[a-z0-9][a-z0-9-]{0,62}$/)
    .meta({ description: "The realm's name.", "x-form": "1 to 63 of a-z, 0-9 and -, not starting with -" }),
  default_language: languageTag
    .default("en")
    .meta({ description: "The language of messages to users who have none of their own." }),
  organizations: z.array(z.string().min(1).max(200)).min(1).check(noTwice()).optional().meta({
    description: "The organizations that users may belong to; the first is the default.",
    "x-default": "one, named like the realm",
  }),
  native: edge(
    "Rekey's own API, for callers with an API key. Off: such calls of this realm are answered as if the API did not exist, " +
      "those of `rekey outbox` too. What strangers may do is `recovery`.",
  ),
  zitadel: edge(
    "Zitadel's user service, for its own clients: see docs/migrate/zitadel.md. Off: as if it did not exist.",
  ),
  api_keys: z.array(apiKey).default([]).check(noTwice("id")).meta({ description: "Who may call." }),
  links,
  codes: shapeSchema,
  limits: limitSchema,
  recovery: recoverySchema,
  keygen: keygenSchema,
  password_policy: passwordPolicy,
  brand: brandSchema,
  notices: z
    .boolean()
    .default(true)
    .meta({ description: "Whether users are told at every verified address that their password has changed." }),
  end_sessions: z
    .boolean()
    .default(true)
    .meta({
      description:
        "Whether a new password ends the user's sessions, whoever sets it: `sessions_valid_from` of the user moves to that " +
        "instant, see docs/sessions.md.",
    }),
  mail: mailSchema,
  sms: smsSchema,
  webhooks: z
    .array(webhookSchema)
    .default([])
    .check(noTwice("id"))
    .meta({ description: "Endpoints that are told of events, see docs/webhooks.md." }),
  loginradius: loginRadiusSchema,
});

export const realmSchema = settings.superRefine((realm, context) => {
  const { recovery, keygen, loginradius, webhooks } = realm;
  const { provider } = recovery.bot_check.captcha ?? {};
  const hosts = linkHosts(realm);
  const issues = [
    ...recoveryProblems(realm),
    keygenProblem(keygen, hosts),
    ...loginRadiusProblems(loginradius, { linkHosts: hosts, provider }),
    ...formatProblems(webhooks, { keygen, loginradius }),
  ];
  for (const issue of issues) if (issue !== undefined) context.addIssue(issue);
});

/** A vendor's webhooks are signed by what the realm has of the vendor. */
function formatProblems(
  webhooks: readonly { readonly format: string }[],
  vendors: Readonly<Record<string, { readonly enabled: boolean } | undefined>>,
) {
  return webhooks.flatMap(({ format }, at) =>
    format === "standard" || vendors[format]?.enabled === true
      ? []
      : [
          custom(`The realm has no ${format} that is enabled.`, `Add \`${format}\` to it, or leave the format out.`, [
            "webhooks",
            at,
            "format",
          ]),
        ],
  );
}
