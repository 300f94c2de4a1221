// How does the database file remember disabled endpoints? One row each.

import type { Database } from "../../../sqlite/database.ts";
import type { EndpointRegister } from "../endpoint-register.ts";

const steps = [
  `CREATE TABLE disabled_endpoints (
     realm_id TEXT NOT NULL,
     endpoint_id TEXT NOT NULL,
     disabled_at INTEGER NOT NULL,
     why TEXT NOT NULL,
     PRIMARY KEY (realm_id, endpoint_id)
   ) STRICT, WITHOUT ROWID;`,
];

export function embeddedEndpointRegister(database: Database): EndpointRegister {
  database.migrate("webhooks", steps);
  const select = database.sqlite.prepare("SELECT 1 FROM disabled_endpoints WHERE realm_id = ? AND endpoint_id = ?");
  const selectAll = database.sqlite.prepare(
    "SELECT endpoint_id, disabled_at, why FROM disabled_endpoints WHERE realm_id = ? ORDER BY endpoint_id",
  );
  const insert = database.sqlite.prepare("INSERT OR IGNORE INTO disabled_endpoints VALUES (?, ?, ?, ?)");
  const remove = database.sqlite.prepare("DELETE FROM disabled_endpoints WHERE realm_id = ? AND endpoint_id = ?");

  return {
    async isDisabled(realmId, endpointId) {
      return database.read(() => select.get(realmId, endpointId)) !== undefined;
    },
    async list(realmId) {
      return database
        .read(() => selectAll.all(realmId))
        .map((row) => ({
          endpointId: String(row["endpoint_id"]),
          disabledAt: Number(row["disabled_at"]),
          why: String(row["why"]),
        }));
    },
    async disable(realmId, { endpointId, disabledAt, why }) {
      database.transaction(() => insert.run(realmId, endpointId, disabledAt, why));
    },
    async enable(realmId, endpointId) {
      database.transaction(() => remove.run(realmId, endpointId));
    },
  };
}
