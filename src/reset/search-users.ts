// Which users does a search find? Those of the caller's realm that the caller may read.

import type { User, UserAdministration } from "../directory/directory.ts";
import type { UserCondition, UserSearch } from "../directory/user-search.ts";
import type { Call } from "./caller.ts";
import { Refusal } from "./refusal.ts";

/** Whoever may read no user finds none: a search tells what is there, never that something is kept from the caller. */
export type SearchUsers = (call: Call, search: UserSearch) => Promise<FoundUsers>;

export type FoundUsers = {
  readonly users: readonly User[];
  /** On all pages. */
  readonly total: number;
};

/** More than any page of a form combines; one statement of the database takes ten times as many. */
const mostConditions = 100;

export function makeSearchUsers({ directory }: { readonly directory: UserAdministration }): SearchUsers {
  return async function searchUsers({ caller }, search) {
    if (sizeOf(search.condition) > mostConditions) {
      const description = `A search combines at most ${mostConditions} conditions.`;
      throw new Refusal({ reason: "field_invalid", field: "queries", description });
    }
    if (!caller.permissions.has("users.read")) return { users: [], total: 0 };
    return await directory.search(caller.realm.id, search);
  };
}

function sizeOf(condition: UserCondition): number {
  switch (condition.kind) {
    case "all":
    case "any":
      return condition.of.reduce((size, part) => size + sizeOf(part), 1);
    case "not":
      return 1 + sizeOf(condition.of);
    default:
      return 1;
  }
}
