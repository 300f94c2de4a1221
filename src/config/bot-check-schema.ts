// Which settings does a realm's bot check have? Proof of work, and a CAPTCHA by a provider.

import { z } from "zod";

import {
  captchaProviders,
  defaultProofOfWork,
  unavailableChoices,
  workModes,
} from "../bot-check/bot-check-settings.ts";
import { hour, minute, second } from "../units.ts";
import { formatDuration } from "./duration.ts";
import { custom, duration, hostName, secretText, wrongForm } from "./forms.ts";
import { noTwice } from "./no-twice.ts";

/** A price is a number of keys: more than this takes a phone minutes. */
const highestPrice = 200_000;
/** As far as the stores count. */
const mostCounted = 65_000;

const calm = (fallback: number, whose: string) =>
  z
    .int()
    .min(1)
    .max(mostCounted)
    .default(fallback)
    .meta({
      description: `How many requests ${whose} cost nothing in a window. Twice as many cost twice the base price, and so on.`,
    });

const proofOfWork = z
  .strictObject({
    mode: z.enum(workModes).default(defaultProofOfWork.mode).meta({
      description: "`adaptive` asks for nothing while it is calm, `always` for the base price at least, `off` never.",
    }),
    base_price: z.int().min(1).max(highestPrice).default(defaultProofOfWork.basePrice).meta({
      description:
        "The least that is asked for: how many keys have to be tried on average. A phone tries 1,500 a second.",
    }),
    max_price: z.int().min(1).max(highestPrice).default(defaultProofOfWork.maxPrice).meta({
      description: "The most that is asked for.",
    }),
    calm: z
      .strictObject({
        address: calm(defaultProofOfWork.calm.address, "from one address (IPv6: one /64)"),
        realm: calm(defaultProofOfWork.calm.realm, "of all the realm"),
      })
      .prefault({})
      .meta({ description: "How many requests in a window are calm." }),
    window: duration("How long a window is; it starts with the first request.", second, hour).prefault(
      formatDuration(defaultProofOfWork.windowMs),
    ),
  })
  .superRefine(({ base_price: base, max_price: max }, context) => {
    if (base <= max) return;
    context.addIssue(custom("It is less than base_price.", "Raise it, or lower base_price.", ["max_price"]));
  })
  .prefault({})
  .meta({ description: "A sum for the caller's machine, by the ALTCHA protocol; no other service is involved." });

const captcha = z
  .strictObject({
    provider: z.enum(captchaProviders).meta({
      description:
        "Who makes the riddle that is wanted of everybody; `tencent` is QQ's. Where `proof_of_work` is not off, that will do as well. The provider hears the address of whoever answers.",
    }),
    site_key: z.string().min(1).max(200).meta({ description: "The public key; Tencent calls it the app id." }),
    secret: secretText("The secret that belongs to it."),
    hostnames: z.array(hostName).default([]).check(noTwice()).meta({
      description: "On pages of which hosts it may have been solved. Empty: the provider's own list decides.",
    }),
    min_score: z
      .number()
      .min(0)
      .max(1)
      .default(0.5)
      .meta({ description: "For `recaptcha_v3`: the score that is enough." }),
    action: z
      .string()
      .regex(/^[A-Za-z/_]{1,100}$/)
      .default("start_recovery")
      .meta({
        description: "For `recaptcha_v3`: what the page calls the action.",
        "x-form": "1 to 100 letters, / and _",
      }),
    timeout: duration("How long the provider may take.", second / 10, minute / 2).prefault("3s"),
    when_unavailable: z
      .enum(unavailableChoices)
      .default("refuse")
      .meta({
        description:
          "What happens while the provider does not answer: `refuse` answers UNAVAILABLE, `allow` lets everybody pass, " +
          "`proof_of_work` wants that instead, at the base price or more, even where its mode is off.",
      }),
    verify_url: z.string().refine(isSafeUrl, wrongForm).optional().meta({
      description: "Where answers are verified, for a proxy.",
      "x-form": "a URL with https, unless it is on this machine",
      "x-default": "the provider's own",
    }),
  })
  .superRefine(({ provider, hostnames }, context) => {
    if (provider !== "tencent" || hostnames.length === 0) return;
    context.addIssue(custom("Tencent does not say where it was solved.", "Leave it out.", ["hostnames"]));
  })
  .optional()
  .meta({
    description: "A riddle for the caller's person, by a provider.",
  });

/** Guard: ASVS 5.0 12.2.1. The secret goes there; http to this machine is for tests and proxies. */
function isSafeUrl(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, hostname } = new URL(text);
  const isLoopback = ["localhost", "127.0.0.1", "[::1]"].includes(hostname);
  return protocol === "https:" || (protocol === "http:" && isLoopback);
}

export const botCheckSchema = z
  .strictObject({ proof_of_work: proofOfWork, captcha })
  .prefault({})
  .meta({ description: "What slows machines down that start recoveries: see docs/recovery.md." });

export type BotCheck = z.output<typeof botCheckSchema>;
