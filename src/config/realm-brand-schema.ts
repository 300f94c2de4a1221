// Which settings does a realm's brand have? Its name in messages and on the hosted page, and how that page looks and reads.

import { z } from "zod";

import { pageTexts } from "../page/texts/languages.ts";
import { overrideProblem, textsByPath } from "../page/texts/override-texts.ts";
import { custom } from "./forms.ts";

/** Longer is no text of a page, but a page. In UTF-16 code units. */
const longestText = 500;

const colour = z
  .string()
  .regex(/^#[0-9a-fA-F]{6}$/)
  .transform((text) => text.toLowerCase())
  .meta({ "x-form": 'a colour like "#1f4fd8"' });

const texts = z
  .record(z.string(), z.record(z.string(), z.string().min(1).max(longestText)))
  .default({})
  .superRefine((languages, context) => {
    for (const [language, overrides] of Object.entries(languages)) {
      const built = pageTexts.get(language);
      if (built === undefined) {
        const remedy = `Use one of ${[...pageTexts.keys()].join(", ")}.`;
        context.addIssue(custom("The page does not speak this language.", remedy, [language]));
        continue;
      }
      const originals = textsByPath(built);
      for (const [path, text] of Object.entries(overrides)) {
        const problem = overrideProblem(originals, path, text);
        const remedy = "src/page/texts/en.ts has every text, with what can be filled in.";
        if (problem !== undefined) context.addIssue(custom(problem, remedy, [language, path]));
      }
    }
  });

export const brandSchema = z
  .strictObject({
    name: z.string().max(100).default("").meta({ description: "The realm's name as people know it." }),
    contact: z.string().max(200).default("").meta({ description: "Where people ask for help: an address or a page." }),
    logo: z.string().min(1).optional().meta({
      description: "The hosted page's logo: the path of an SVG, PNG or WebP file of at most 200 kB.",
    }),
    colors: z
      .strictObject({
        accent: colour.optional().meta({
          description: "The colour of buttons and links on the hosted page. Moved as far as it takes to be readable.",
        }),
        accent_dark: colour
          .optional()
          .meta({ description: "The same in dark mode.", "x-default": "made of the accent" }),
      })
      .prefault({})
      .meta({ description: "Colours of the hosted page." }),
    texts: texts.meta({
      description:
        "Texts of the hosted page in the realm's own words, by language and by path: `en: { identify.title: Lost it? }`.",
      "x-form": "texts by path, by language",
    }),
  })
  .prefault({})
  .meta({ description: "What messages and the hosted page say of the realm." });
