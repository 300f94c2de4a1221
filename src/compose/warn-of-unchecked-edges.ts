// By which edges do strangers pass a realm's bot check? Those whose clients cannot answer it: the operator is told at start.

import type { RealmConfiguration } from "../config/configuration.ts";
import type { Log } from "../telemetry/log.ts";

type CheckedRealm = Pick<RealmConfiguration, "id" | "recovery" | "botCheck" | "keygen" | "loginRadius">;

/** One line for each realm. docs/migrate/README.md, "Machines that ask", says what to do. */
export function warnOfUncheckedEdges(realms: readonly CheckedRealm[], log: Pick<Log, "warn">): void {
  for (const realm of realms) {
    const edges = uncheckedEdges(realm);
    if (edges.length === 0) continue;
    log.warn(
      { realmId: realm.id, edges },
      "strangers pass recovery.bot_check by these edges, and limits.start_recovery alone bounds them",
    );
  }
}

function uncheckedEdges({ recovery, botCheck, keygen, loginRadius }: CheckedRealm): readonly string[] {
  if (!isChecked(botCheck, recovery !== undefined)) return [];
  return [
    ...(keygen === undefined ? [] : ["keygen"]),
    ...(loginRadius === undefined || loginRadius.captcha !== undefined ? [] : ["loginradius"]),
  ];
}

/** Adaptive is what a realm has that says nothing: it counts where there is a way that asks for it. */
function isChecked({ proofOfWork: { mode }, captcha }: RealmConfiguration["botCheck"], isPublic: boolean): boolean {
  return captcha !== undefined || mode === "always" || (mode === "adaptive" && isPublic);
}
