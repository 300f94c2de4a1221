// How do the providers answer that follow Google's first protocol? One shape for all of them; they differ in details.

import { z } from "zod";

import type { CaptchaSettings } from "../bot-check-settings.ts";
import { type CaptchaProtocol, notItsProtocol } from "./captcha-protocol.ts";

const schema = z.object({
  success: z.boolean(),
  hostname: z.string().optional(),
  score: z.number().optional(),
  action: z.string().optional(),
  "error-codes": z.array(z.string()).default([]),
});

export type SiteVerifyAnswer = z.output<typeof schema>;

/** Ours, or the provider's, to mend: no stranger can bring these about. */
const troubles = new Set(["missing-input-secret", "invalid-input-secret", "internal-error"]);

export function siteVerify(details: {
  readonly verifyUrl: string;
  /** Fields besides secret, response and address. */
  readonly fields?: (settings: CaptchaSettings) => Readonly<Record<string, string>>;
  /** What else keeps a solved one from passing. */
  readonly problemOf?: (answer: SiteVerifyAnswer, settings: CaptchaSettings) => string | undefined;
}): CaptchaProtocol {
  const { verifyUrl, fields = () => ({}), problemOf = () => undefined } = details;
  return {
    verifyUrl,
    request: ({ response, address }, settings) => ({
      method: "POST",
      fields: { secret: settings.secret, response, remoteip: address, ...fields(settings) },
    }),
    read(json, settings) {
      const read = schema.safeParse(json);
      if (!read.success) return notItsProtocol;
      const answer = read.data;
      if (!answer.success) return refusalOf(answer["error-codes"]);
      const problem = hostProblem(answer, settings) ?? problemOf(answer, settings);
      return problem === undefined ? { kind: "passed" } : { kind: "refused", problem };
    },
  };
}

function refusalOf(codes: readonly string[]) {
  const known = codes.filter((code) => /^[a-z-]{1,60}$/.test(code)).slice(0, 5);
  const problem = `it said ${known.length === 0 ? "no" : known.join(", ")}`;
  return { kind: known.some((code) => troubles.has(code)) ? "unavailable" : "refused", problem } as const;
}

function hostProblem({ hostname = "" }: SiteVerifyAnswer, { hostnames }: CaptchaSettings): string | undefined {
  if (hostnames.length === 0 || hostnames.includes(hostname.toLowerCase())) return undefined;
  return "it was solved on a page of another host";
}
