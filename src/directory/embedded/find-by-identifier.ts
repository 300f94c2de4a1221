// Whose name, address or number is this? Three look-ups by canonical form, all of them whatever is found.

import type { DatabaseSync } from "node:sqlite";

import { canonicalEmail, canonicalPhone, canonicalUserName } from "../identifier.ts";
import { type UserRow, userColumns } from "./user-row.ts";

/** Enough to see that an identifier is not one user's. */
const mostMatches = 2;

/** An address or a number counts when it was verified: who only claims it takes nothing from its owner. */
export function makeFindByIdentifier(sqlite: DatabaseSync): (realmId: string, identifier: string) => UserRow[] {
  const prepare = (index: string, condition: string) =>
    sqlite.prepare(
      `SELECT ${userColumns} FROM directory_users ${index}
       WHERE realm_id = ? AND ${condition} ORDER BY user_id LIMIT ${mostMatches}`,
    );
  const lookUps = [
    { form: canonicalUserName, statement: prepare("", "user_name_key = ?") },
    {
      form: canonicalEmail,
      statement: prepare("INDEXED BY directory_users_by_email", "email_key = ? AND email_verified = 1"),
    },
    {
      form: canonicalPhone,
      statement: prepare("INDEXED BY directory_users_by_phone", "phone_number = ? AND phone_verified = 1"),
    },
  ];

  return (realmId, identifier) => {
    // What is no identifier of a kind equals NULL, so nothing.
    const rows = lookUps.flatMap(
      ({ form, statement }) => statement.all(realmId, form(identifier) ?? null) as UserRow[],
    );
    return [...new Map(rows.map((row) => [row.user_id, row])).values()];
  };
}
