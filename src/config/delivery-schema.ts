// Which settings does delivery have? The schema of `delivery`: providers of mail and text messages, templates, the queue.

import { z } from "zod";

import { second } from "../units.ts";
import { duration, host, secretText } from "./forms.ts";
import { noTwice } from "./no-twice.ts";

const providerName = z
  .string()
  .regex(/^[a-z0-9-]{1,64}$/)
  .meta({ description: "Names it in the log and on deliveries.", "x-form": "1 to 64 of a-z, 0-9 and -" });

const smtp = z.strictObject({
  name: providerName,
  host: host.meta({ description: "The server." }),
  port: z.int().min(1).max(65_535).default(587).meta({ description: "Its port." }),
  security: z
    .enum(["starttls", "tls", "none"])
    .default("starttls")
    .meta({
      description:
        "`starttls` begins in clear and never goes on without encryption, `tls` is encrypted from the start; certificates " +
        "are verified. `none` is for this machine only.",
    }),
  ca_file: z.string().min(1).optional().meta({
    description: "Certificates (PEM) to trust instead of the public ones, for a private authority.",
  }),
  user: z.string().min(1).optional().meta({ description: "The account's name. Left out: no authentication." }),
  password: secretText("The account's password.").optional(),
  dkim: z
    .strictObject({
      domain: host.meta({ description: "The domain that signs." }),
      selector: z
        .string()
        .regex(/^[A-Za-z0-9._-]{1,63}$/)
        .meta({ description: "The selector of its public key in the DNS." }),
      key_file: z.string().min(1).meta({ description: "The file of the private RSA key (PEM)." }),
    })
    .optional()
    .meta({ description: "Signs every mail. Left out: the server signs, or nobody." }),
});

const twilio = z.strictObject({
  kind: z.literal("twilio"),
  name: providerName,
  account_sid: z
    .string()
    .regex(/^AC[0-9a-f]{32}$/)
    .meta({ description: "The account.", "x-form": '"AC" and 32 hexadecimal digits' }),
  user: z.string().min(1).optional().meta({
    description: "An API key (SK…), whose secret is the password.",
    "x-default": "the account's SID, whose auth token is the password",
  }),
  password: secretText("The API key's secret, or the auth token."),
  from: z.string().min(1).optional().meta({ description: "The number or name that it comes from." }),
  messaging_service_sid: z.string().min(1).optional().meta({ description: "Or the messaging service that chooses." }),
  base_url: z.string().default("https://api.twilio.com").meta({ description: "Where the API is." }),
});

const http = z.strictObject({
  kind: z.literal("http"),
  name: providerName,
  url: z.string().min(1).meta({ description: "Where a message is posted to; https, unless on this machine." }),
  method: z.enum(["POST", "PUT"]).default("POST").meta({ description: "How." }),
  headers: z.record(z.string(), z.string()).default({}).meta({ description: "Headers, such as `Authorization`." }),
  json: z.json().optional().meta({
    description: "The body as JSON. Texts in it may hold `{to}`, `{text}` and `{message_id}`.",
  }),
  form: z.record(z.string(), z.string()).optional().meta({ description: "Or the body as form fields, likewise." }),
});

const sms = z.discriminatedUnion("kind", [twilio, http]).superRefine((provider, context) => {
  const choices =
    provider.kind === "twilio" ? (["from", "messaging_service_sid"] as const) : (["json", "form"] as const);
  const given = choices.filter((name) => (provider as Readonly<Record<string, unknown>>)[name] !== undefined);
  if (given.length === 1) return;
  context.addIssue({
    code: "custom",
    message: `Exactly one of ${choices.join(" and ")} has to be set.`,
    params: { remedy: `Set one of ${choices.join(", ")}.` },
  });
});

export const deliverySchema = z
  .strictObject({
    smtp: z
      .array(smtp)
      .default([])
      .check(noTwice("name"))
      .meta({ description: "Servers for mail, the most wanted first; the next one is asked when one fails." }),
    sms: z
      .array(sms)
      .default([])
      .check(noTwice("name"))
      .meta({ description: "Providers of text messages, the most wanted first." }),
    templates_dir: z.string().min(1).optional().meta({
      description: "A directory of templates of your own, see docs/templates.md. Left out: the built-in ones.",
    }),
    concurrency: z.int().min(1).max(100).default(5).meta({ description: "How many are attempted at once." }),
    waiting: z.int().min(1).max(1_000_000).default(10_000).meta({
      description: "How many may wait; one more is refused with a retry time. Webhooks take the first half only.",
    }),
    attempt_timeout: duration("How long one attempt of one provider may take.", second, 120 * second).prefault("30s"),
  })
  .prefault({})
  .meta({
    description:
      "How messages go out. Without a provider the demo captures them and production has no delivery: `sendLink` is " +
      "refused.",
  });
