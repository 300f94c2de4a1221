// Which settings do a realm's messages and webhooks have? In whose name, to which countries, to which endpoints.

import { z } from "zod";

import { eventTypes } from "../delivery/events.ts";
import { callingPrefixProblem } from "../delivery/sms/country.ts";
import { endpointProblems } from "../delivery/webhook/endpoint.ts";
import { custom, mailAddress, secretText } from "./forms.ts";

export const mailSchema = z
  .strictObject({
    from_address: mailAddress.meta({ description: "The address that mails come from." }),
    from_name: z.string().max(100).default("").meta({ description: "The name beside it.", "x-default": "the brand's" }),
  })
  .optional()
  .meta({ description: "In whose name mails go out. Needed where a mail is to be sent." });

const prefix = z
  .string()
  .superRefine((text, context) => {
    const problem = callingPrefixProblem(text);
    if (problem !== undefined) context.addIssue(custom(problem, 'Write it like "+49".'));
  })
  .meta({ "x-form": 'a calling prefix: "+49", "+1"' });

export const smsSchema = z
  .strictObject({
    countries: z.array(prefix).default([]).meta({ description: "Where text messages may go to. Empty: nowhere." }),
  })
  .prefault({})
  .meta({ description: "Text messages of the realm." });

const secretOfEndpoint = z.strictObject({
  secret: secretText("`whsec_…` for HMAC-SHA-256, `whsk_…` for Ed25519."),
});

export const webhookSchema = z
  .strictObject({
    id: z
      .string()
      .regex(/^[a-z0-9-]{1,64}$/)
      .meta({ description: "Names it in the log and on deliveries.", "x-form": "1 to 64 of a-z, 0-9 and -" }),
    url: z.string().min(1).meta({ description: "Where events are posted to; https." }),
    events: z
      .union([z.literal("all"), z.array(z.enum(eventTypes))])
      .default("all")
      .meta({ description: "Which events.", "x-form": `"all", or a list of ${eventTypes.join(", ")}` }),
    format: z
      .enum(["standard", "keygen", "loginradius"])
      .default("standard")
      .meta({ description: "How events are written and signed: as docs/webhooks.md says, or as a vendor does." }),
    secrets: z
      .array(secretOfEndpoint)
      .default([])
      .meta({
        description:
          "Each signs: the one in use, and its successor while it is being rotated. At least one, but none where the format " +
          "is a vendor's: there the vendor's key of the realm signs.",
      }),
    receives_codes: z.boolean().default(false).meta({
      description: "Whether `password.reset.requested` brings the code, for an application that sends it itself.",
    }),
    allow_private: z.boolean().default(false).meta({ description: "Whether it may be on a private network." }),
  })
  .superRefine((endpoint, context) => {
    const { receives_codes: receivesCodes, allow_private: allowPrivate, secrets, format, ...rest } = endpoint;
    const own = { ...rest, receivesCodes, allowPrivate, secrets: secrets.map(({ secret }) => secret) };
    const draft = format === "standard" ? own : { ...own, format };
    for (const problem of endpointProblems(draft)) context.addIssue(custom(problem, "See docs/webhooks.md."));
  });
