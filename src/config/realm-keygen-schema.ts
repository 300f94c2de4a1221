// Which settings does a realm have that Keygen's clients talk to? Its account, its key, its hosts, and its page.

import { z } from "zod";

import { custom, ed25519Seed, hostName } from "./forms.ts";
import { noTwice } from "./no-twice.ts";
import { linkProblem } from "./realm-recovery-schema.ts";

const answerStatuses = [202, 204] as const;

export const keygenSchema = z
  .strictObject({
    enabled: z.boolean().default(true).meta({
      description: "Off: nobody knows its account; where it is off in all realms, every path of it is a plain 404.",
    }),
    account: z
      .string()
      .regex(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/)
      .meta({ description: "The account's id.", "x-form": "a UUID in lower case" }),
    slug: z
      .string()
      .regex(/^[a-z0-9][a-z0-9-]{0,62}$/)
      .optional()
      .meta({
        description: "The account's other name in paths.",
        "x-form": "1 to 63 of a-z, 0-9 and -, not starting with -",
      }),
    hosts: z.array(hostName).default([]).check(noTwice()).meta({
      description: "The host names that stand for the account. On them a path need not name it.",
    }),
    signing_key: ed25519Seed("Signs answers and webhooks: the account's private Ed25519 key."),
    page: z.string().meta({
      description:
        "The page that the link in a message opens. `{{.Token}}` has to occur and stands for account, user and token with " +
        "dots between; `{{.RequestNumber}}` may. Its host has to be one of `links.hosts`.",
      "x-form": 'a URL with https: "https://portal.example.com/recover/{{.Token}}"',
    }),
    answer_status: z
      .union(answerStatuses.map((status) => z.literal(status)))
      .default(202)
      .meta({
        description: "What asking for a message is answered with: 202 as the vendor documents it, 204 as it does it.",
        "x-form": "202 or 204",
      }),
  })
  .optional()
  .meta({
    description: "An account of Keygen's, for its clients: see docs/migrate/keygen.md. Left out: no path of it.",
  });

const remedy =
  'Write keygen.page like "https://portal.example.com/recover/{{.Token}}", and list its host in `links.hosts`.';

/** What keeps links from being made. Incident: C2 (https, or Rekey does not start). */
export function keygenProblem(keygen: z.output<typeof keygenSchema>, hosts: readonly string[]) {
  const problem = keygen && linkProblem(keygen.page, hosts);
  return problem === undefined
    ? undefined
    : custom(`Links cannot be made of it: ${problem}.`, remedy, ["keygen", "page"]);
}
