// Do calls and metrics want one port? A check of the whole configuration.

import { z } from "zod";

import { memberOf } from "./draft.ts";
import { custom } from "./forms.ts";

/** Runs also when other checks have found problems, as mode-problems does. */
export const samePort = z.superRefine<unknown>(
  (settings, context) => {
    const [calls, metrics] = ["listen", "metrics"].map((group) => memberOf(memberOf(settings, group), "port"));
    if (metrics === undefined || metrics === 0 || metrics !== calls) return;
    context.addIssue(custom("Calls come in on this port.", "Give metrics a port of their own.", ["metrics", "port"]));
  },
  { when: () => true },
);
