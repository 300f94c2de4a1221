// What does each mode ask for, and what does it forbid? A check of the whole configuration.

import { z } from "zod";

import type { Permission } from "../reset/permission.ts";
import { listOf, memberOf } from "./draft.ts";
import { custom } from "./forms.ts";
import { recoveryWayProblems } from "./recovery-ways.ts";

/** Permissions for what only the demo does. Guard: ASVS 5.0 15.2.3. */
const demoOnly: readonly Permission[] = ["inbox.read"];
/** The realm that the demo makes itself. */
const demoRealm = "demo";

type Issue = ReturnType<typeof custom>;

/** Runs also when other checks have found problems, so that all are told at once: nothing is taken to be in form here. */
export const modeProblems = z.superRefine<unknown>(
  (settings, context) => {
    const problems = memberOf(settings, "mode") === "demo" ? demoProblems : productionProblems;
    for (const issue of problems(settings)) context.addIssue(issue);
  },
  { when: () => true },
);

/** Guard: ASVS 5.0 13.3.1. */
function productionProblems(settings: unknown): readonly Issue[] {
  const issues: Issue[] = [];
  if (memberOf(settings, "keys") === undefined) {
    issues.push(custom("Production needs keys of its own.", "Set keys.names and keys.codes.", ["keys"]));
  }
  const realms = listOf(memberOf(settings, "realms"));
  if (realms.length === 0) {
    issues.push(custom("Production needs a realm.", "List at least one, with its API keys.", ["realms"]));
  }
  for (const [realmIndex, realm] of realms.entries()) {
    for (const [keyIndex, key] of listOf(memberOf(realm, "api_keys")).entries()) {
      for (const [index, permission] of listOf(memberOf(key, "permissions")).entries()) {
        if (!demoOnly.some((only) => only === permission)) continue;
        const path = ["realms", realmIndex, "api_keys", keyIndex, "permissions", index];
        issues.push(custom("It exists in demo mode only.", `Remove ${String(permission)}.`, path));
      }
    }
  }
  return [...issues, ...recoveryWayProblems(settings)];
}

function demoProblems(settings: unknown): readonly Issue[] {
  return listOf(memberOf(settings, "realms")).flatMap((realm, index) => {
    if (memberOf(realm, "id") !== demoRealm) return [];
    return [custom("The demo makes this realm itself.", "Give yours another name.", ["realms", index, "id"])];
  });
}
