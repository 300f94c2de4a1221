// Which settings do codes have? The schema of a realm's `codes`, filled up with the table of shapes.

import { z } from "zod";

import { type CodeShape, defaultShapes, longestLifetime, type ShapeName } from "../codes/code.ts";
import { second } from "../units.ts";
import { formatDuration } from "./duration.ts";
import { custom, duration } from "./forms.ts";
import { shapeProblems } from "../codes/shape-problems.ts";

function shape(name: ShapeName, description: string) {
  const defaults = defaultShapes[name];
  return z
    .strictObject({
      length: z.int().min(4).max(128).default(defaults.length).meta({ description: "How many symbols." }),
      lifetime: duration("How long it lives.", second, longestLifetime).prefault(formatDuration(defaults.lifetimeMs)),
      max_tries: z
        .int()
        .min(1)
        .max(100)
        .default(defaults.maxTries)
        .meta({ description: "How many wrong ones it stands. Only typed codes are counted." }),
      alphabet: z
        .string()
        .regex(/^[!-~]{2,94}$/)
        .default(defaults.alphabet)
        .meta({
          description: "The symbols it is drawn from, each once.",
          "x-form": "2 to 94 visible ASCII characters",
        }),
      lenient: z.boolean().default(defaults.lenient).meta({
        description: "Whether it may be typed in lower case, with spaces and dashes, O for 0, I and L for 1.",
      }),
    })
    .transform(({ max_tries, lifetime, ...rest }, context): CodeShape => {
      const { secretKind, suffix } = defaults;
      const fixed = { secretKind, ...(suffix !== undefined && { suffix }) };
      const shape = { ...fixed, ...rest, lifetimeMs: lifetime, maxTries: max_tries };
      for (const problem of shapeProblems(shape)) {
        context.addIssue(custom(problem, "Change it, or leave the shape out for the default."));
      }
      return shape;
    })
    .prefault({})
    .meta({ description });
}

export const shapeSchema = z
  .strictObject({
    code: shape("code", "A code that a person types in."),
    link: shape("link", "A token that stands in a link."),
    zitadel: shape("zitadel", "A code that is asked for in the language of Zitadel."),
    keygen: shape("keygen", "A token that is asked for in the language of Keygen. `v3` stands behind it."),
    loginradius_token: shape("loginradius_token", "A token that is asked for in the language of LoginRadius."),
    loginradius_code: shape(
      "loginradius_code",
      "A one-time password that is asked for in the language of LoginRadius.",
    ),
  })
  .prefault({})
  .meta({ description: "What codes look like, and what they stand. A setting that is left out keeps its default." });
