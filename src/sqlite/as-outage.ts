// Which errors say that the database file is not available? All of SQLite's own: a full, broken or locked file.

import { Outage } from "../outage.ts";

/** Anything else is as it was. */
export function asOutage(cause: unknown): unknown {
  return isSqliteError(cause) ? new Outage("sqlite", { cause }) : cause;
}

function isSqliteError(cause: unknown): boolean {
  return cause instanceof Error && "code" in cause && cause.code === "ERR_SQLITE_ERROR";
}
