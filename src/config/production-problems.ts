// What may production never be without, and what may it never have? A check of the whole configuration.

import { z } from "zod";

import type { Permission } from "../reset/caller.ts";
import { listOf, memberOf } from "./draft.ts";
import { custom } from "./forms.ts";

/** Permissions for what the demo only does. Guard: ASVS 5.0 15.2.3. */
const demoOnly: readonly Permission[] = ["inbox.read"];

/** Runs also when other checks have found problems, so that all are told at once: nothing is taken to be in form here. */
export const productionProblems = z.superRefine<unknown>(
  (settings, context) => {
    if (memberOf(settings, "mode") === "demo") return;
    // Guard: ASVS 5.0 13.3.1, 13.3.4.
    if (memberOf(settings, "keys") === undefined) {
      context.addIssue(custom("Production needs keys of its own.", "Set keys.names and keys.codes.", ["keys"]));
    }
    const realms = listOf(memberOf(settings, "realms"));
    if (realms.length === 0) {
      context.addIssue(custom("Production needs a realm.", "List at least one, with its API keys.", ["realms"]));
    }
    for (const [realmIndex, realm] of realms.entries()) {
      for (const [keyIndex, key] of listOf(memberOf(realm, "api_keys")).entries()) {
        for (const [index, permission] of listOf(memberOf(key, "permissions")).entries()) {
          if (!demoOnly.some((only) => only === permission)) continue;
          const path = ["realms", realmIndex, "api_keys", keyIndex, "permissions", index];
          context.addIssue(custom("It exists in demo mode only.", `Remove ${String(permission)}.`, path));
        }
      }
    }
  },
  { when: () => true },
);
