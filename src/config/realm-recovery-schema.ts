// Which settings does a realm's public recovery have? Whether strangers may ask, from which hosts, and where links go.

import { z } from "zod";

import { parseLinkTemplate, recoveryLinkNames } from "../reset/link.ts";
import { Refusal } from "../reset/refusal.ts";
import { botCheckSchema } from "./bot-check-schema.ts";
import { custom, hostName } from "./forms.ts";
import { noTwice } from "./no-twice.ts";

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
          "it; `{{.RequestNumber}}` may. Its host has to be one of `links.hosts`.",
        "x-form": 'a URL with https: "https://login.example.com/recover#token={{.Token}}"',
        "x-default": "(required where it is enabled)",
      }),
    bot_check: botCheckSchema,
  })
  .prefault({})
  .meta({ description: "Recovery by people themselves, without an API key." });

type Recovery = z.output<typeof recoverySchema>;

const remedy =
  'Write recovery.link like "https://login.example.com/recover#token={{.Token}}", and list its host in `links.hosts`.';

/** What keeps links from being made. Incident: C2 (https, or Rekey does not start). */
export function recoveryProblem({ enabled, link }: Recovery, hosts: readonly string[]) {
  if (link === undefined) {
    return enabled ? custom("Recovery is enabled, but has no page.", remedy, ["recovery", "link"]) : undefined;
  }
  const problem = linkProblem(link, hosts);
  return problem && custom(`Links cannot be made of it: ${problem}.`, remedy, ["recovery", "link"]);
}

function linkProblem(link: string, hosts: readonly string[]): string | undefined {
  try {
    const { names } = parseLinkTemplate(link, { names: recoveryLinkNames, codeRequired: false, hosts });
    return names.includes("Token") ? undefined : "the template has to contain {{.Token}}";
  } catch (error) {
    if (error instanceof Refusal && error.details.reason === "url_template_invalid") return error.details.description;
    throw error;
  }
}
