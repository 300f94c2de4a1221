// Which users does a filter choose? The query for each combination of conditions, prepared once.

import type { DatabaseSync, StatementSync } from "node:sqlite";

import type { UserFilter } from "../directory.ts";
import { type Canonical, canonicalEmail, canonicalPhone, canonicalUserName } from "../identifier.ts";
import { userColumns } from "./user-row.ts";
import type { UserRow } from "./user-row.ts";

type Condition = { readonly column: string; readonly form: Canonical; readonly index?: string };

/** The most telling first. The planner would rather read the whole realm in order than jump by the index of an address. */
const conditions: readonly (Condition & { readonly field: keyof UserFilter })[] = [
  { field: "userName", column: "user_name_key", form: canonicalUserName },
  { field: "email", column: "email_key", form: canonicalEmail, index: "directory_users_by_email" },
  { field: "phone", column: "phone_number", form: canonicalPhone, index: "directory_users_by_phone" },
  { field: "organizationId", column: "organization_id", form: (text) => text },
];

/** Users of a realm that meet every condition, by user id, after `after`. What is no identifier is nobody's. */
export function makeListUsers(
  sqlite: DatabaseSync,
): (realmId: string, filter: UserFilter, page: { after?: string; size: number }) => readonly UserRow[] {
  const prepared = new Map<string, StatementSync>();

  function statementFor(asked: readonly Condition[]): StatementSync {
    const key = asked.map(({ column }) => column).join();
    const known = prepared.get(key);
    if (known !== undefined) return known;
    const index = asked[0]?.index;
    const statement = sqlite.prepare(
      `SELECT ${userColumns} FROM directory_users ${index === undefined ? "" : `INDEXED BY ${index}`}
       WHERE realm_id = ? AND user_id > ? ${asked.map(({ column }) => `AND ${column} = ?`).join(" ")}
       ORDER BY user_id LIMIT ?`,
    );
    prepared.set(key, statement);
    return statement;
  }

  return (realmId, filter, { after = "", size }) => {
    const asked = conditions.filter(({ field }) => filter[field] !== undefined);
    const values = asked.map(({ field, form }) => form(filter[field] ?? ""));
    if (!values.every((value) => value !== undefined)) return [];
    return statementFor(asked).all(realmId, after, ...values, size) as UserRow[];
  };
}
