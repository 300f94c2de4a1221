// Which users meet a combined condition? The query for a search, with every text of it as a parameter.

import type { DatabaseSync } from "node:sqlite";

import { type Canonical, canonicalEmail, canonicalPhone, canonicalUserName, fold } from "../identifier.ts";
import type { UserCondition, UserOrder, UserSearch, UserText } from "../user-search.ts";
import { type UserRow, userColumns } from "./user-row.ts";

type Part = {
  readonly sql: string;
  readonly values: readonly string[];
  /** Where an index leads to the users: the query for their ids. */
  readonly select?: string;
};
type TextCondition = Extract<UserCondition, { kind: "text" }>;

const columns: Readonly<Record<UserText, string>> = {
  userName: "user_name",
  displayName: "display_name",
  givenName: "person_name ->> 'given'",
  familyName: "person_name ->> 'family'",
  nickName: "person_name ->> 'nick'",
  email: "email_address",
  phone: "phone_number",
  organizationId: "organization_id",
};

type Key = { readonly index: string; readonly column: string; readonly form: Canonical };

/** Where an index leads to one user or few. The planner would not take that of an address by itself. */
const keys = {
  userName: { index: "", column: "user_name_key", form: canonicalUserName },
  email: { index: "INDEXED BY directory_users_by_email", column: "email_key", form: canonicalEmail },
  phone: { index: "INDEXED BY directory_users_by_phone", column: "phone_number", form: canonicalPhone },
} satisfies Partial<Record<UserText, Key>>;

const orders: Readonly<Record<UserOrder, string>> = {
  id: "user_id",
  createdAt: "created_at",
  state: "state",
  userName: "user_name_key",
  displayName: "fold(display_name)",
  givenName: "fold(person_name ->> 'given')",
  familyName: "fold(person_name ->> 'family')",
  nickName: "fold(person_name ->> 'nick')",
  email: "email_key",
};

const nobody: Part = { sql: "0", values: [] };
const everybody: Part = { sql: "1", values: [] };

/** Equal names, addresses, numbers and ids are found by index; every other condition reads the realm. */
export function makeSearchUsers(
  sqlite: DatabaseSync,
): (realmId: string, search: UserSearch) => { readonly rows: readonly UserRow[]; readonly total: number } {
  sqlite.function("fold", { deterministic: true }, (text) => (typeof text === "string" ? fold(text) : text));

  return (realmId, { condition, order, offset, size }) => {
    const { sql, values } = partOf(condition, realmId);
    const chosen = `FROM directory_users WHERE realm_id = ? AND (${sql})`;
    const way = order.descending ? "DESC" : "ASC";
    const page = sqlite.prepare(
      `SELECT ${userColumns} ${chosen} ORDER BY ${orders[order.by]} ${way}, user_id ${way} LIMIT ? OFFSET ?`,
    );
    const count = sqlite.prepare(`SELECT count(*) AS total ${chosen}`).get(realmId, ...values);
    return { rows: page.all(realmId, ...values, size, offset) as UserRow[], total: Number(count?.["total"]) };
  };
}

function partOf(condition: UserCondition, realmId: string): Part {
  switch (condition.kind) {
    case "text":
      return textPart(condition, realmId);
    case "one_of":
      return oneOfPart(condition, realmId);
    case "state":
      return { sql: "state = ?", values: [condition.state] };
    case "all":
      return joined(condition.of, " AND ", everybody, realmId);
    case "any":
      return joined(condition.of, " OR ", nobody, realmId);
    case "not": {
      const { sql, values } = partOf(condition.of, realmId);
      // Who has no address has another one than any that is asked for.
      return { sql: `NOT ifnull((${sql}), 0)`, values };
    }
  }
}

function joined(conditions: readonly UserCondition[], word: " AND " | " OR ", ofNone: Part, realmId: string): Part {
  if (conditions.length === 0) return ofNone;
  const parts = conditions.map((condition) => partOf(condition, realmId));
  const values = parts.flatMap((part) => part.values);
  const selects = parts.flatMap(({ select }) => select ?? []);
  if (word === " OR " && selects.length === parts.length) return byIndex(selects.join(" UNION ALL "), values);
  return { sql: parts.map(({ sql }) => `(${sql})`).join(word), values };
}

function textPart({ field, match, ignoreCase, text }: TextCondition, realmId: string): Part {
  const column = columns[field];
  const stored = ignoreCase ? `fold(${column})` : column;
  const wanted = ignoreCase ? fold(text) : text;
  if (match === "equals") return equalPart(field, { sql: `${stored} = ?`, values: [wanted] }, text, realmId);
  if (wanted === "") return { sql: `${column} IS NOT NULL`, values: [] };
  switch (match) {
    case "starts_with":
      return { sql: `substr(${stored}, 1, length(?)) = ?`, values: [wanted, wanted] };
    case "contains":
      return { sql: `instr(${stored}, ?) > 0`, values: [wanted] };
    case "ends_with":
      return { sql: `substr(${stored}, -length(?)) = ?`, values: [wanted, wanted] };
  }
}

function equalPart(field: UserText, part: Part, text: string, realmId: string): Part {
  const key = (keys as Partial<Record<UserText, Key>>)[field];
  if (key === undefined) return part;
  const canonical = key.form(text);
  // What is no identifier is nobody's.
  if (canonical === undefined) return nobody;
  return byIndex(`${selectBy(key.index)} AND ${key.column} = ? AND ${part.sql}`, [realmId, canonical, ...part.values]);
}

function oneOfPart({ field, texts }: Extract<UserCondition, { kind: "one_of" }>, realmId: string): Part {
  const among = (column: string) => `${column} IN (SELECT value FROM json_each(?))`;
  if (field === "id") return { sql: among("user_id"), values: [JSON.stringify(texts)] };
  const addressKeys = JSON.stringify(texts.flatMap((text) => canonicalEmail(text) ?? []));
  const select = `${selectBy(keys.email.index)} AND ${among("email_key")} AND ${among("email_address")}`;
  return byIndex(select, [realmId, addressKeys, JSON.stringify(texts)]);
}

function selectBy(index: string): string {
  return `SELECT user_id FROM directory_users ${index} WHERE realm_id = ?`;
}

function byIndex(select: string, values: readonly string[]): Part {
  return { sql: `user_id IN (${select})`, values, select };
}
