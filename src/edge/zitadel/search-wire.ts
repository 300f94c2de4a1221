// What does a list of the vendor's ask for? Its queries as conditions, its paging and sorting as ours.

import { Code } from "@connectrpc/connect";

import { TextQueryMethod } from "../../../gen/zitadel/object/v2/object_pb.ts";
import { type SearchQuery, Type, UserFieldName } from "../../../gen/zitadel/user/v2/query_pb.ts";
import { UserState } from "../../../gen/zitadel/user/v2/user_pb.ts";
import type { ListUsersRequest } from "../../../gen/zitadel/user/v2/user_service_pb.ts";
import type { UserCondition, UserOrder, UserSearch, UserText } from "../../directory/user-search.ts";
import { vendorError } from "./vendor-error.ts";

/** Vendor: Zitadel v2, the defaults of its configuration. */
const defaultSize = 100;
const largestSize = 1000;
/** Vendor: Zitadel v2, counted from the queries of the request, which are level 0. */
const deepestLevel = 20;

const everybody: UserCondition = { kind: "all", of: [] };
const nobody: UserCondition = { kind: "any", of: [] };

const methods: Readonly<Record<TextQueryMethod, Pick<Text, "match" | "ignoreCase">>> = {
  [TextQueryMethod.EQUALS]: { match: "equals", ignoreCase: false },
  [TextQueryMethod.EQUALS_IGNORE_CASE]: { match: "equals", ignoreCase: true },
  [TextQueryMethod.STARTS_WITH]: { match: "starts_with", ignoreCase: false },
  [TextQueryMethod.STARTS_WITH_IGNORE_CASE]: { match: "starts_with", ignoreCase: true },
  [TextQueryMethod.CONTAINS]: { match: "contains", ignoreCase: false },
  [TextQueryMethod.CONTAINS_IGNORE_CASE]: { match: "contains", ignoreCase: true },
  [TextQueryMethod.ENDS_WITH]: { match: "ends_with", ignoreCase: false },
  [TextQueryMethod.ENDS_WITH_IGNORE_CASE]: { match: "ends_with", ignoreCase: true },
};
type Text = Extract<UserCondition, { kind: "text" }>;

/** All users are people, so that their type puts them into no order. */
const orders: Readonly<Record<UserFieldName, UserOrder>> = {
  [UserFieldName.UNSPECIFIED]: "id",
  [UserFieldName.USER_NAME]: "userName",
  [UserFieldName.FIRST_NAME]: "givenName",
  [UserFieldName.LAST_NAME]: "familyName",
  [UserFieldName.NICK_NAME]: "nickName",
  [UserFieldName.DISPLAY_NAME]: "displayName",
  [UserFieldName.EMAIL]: "email",
  [UserFieldName.STATE]: "state",
  [UserFieldName.TYPE]: "id",
  [UserFieldName.CREATION_DATE]: "createdAt",
};

export function searchOf({ query, sortingColumn, queries }: ListUsersRequest): UserSearch {
  const { offset = 0n, limit = 0, asc = false } = query ?? {};
  if (limit > largestSize) throw refused("QUERY-4M0fs", `Limit exceeds the maximum of ${largestSize}`);
  return {
    condition: { kind: "all", of: queries.map((one) => conditionOf(one, 0)) },
    order: { by: orders[sortingColumn] ?? "id", descending: !asc },
    offset: Number(offset < BigInt(Number.MAX_SAFE_INTEGER) ? offset : Number.MAX_SAFE_INTEGER),
    size: limit || defaultSize,
  };
}

function conditionOf({ query }: SearchQuery, level: number): UserCondition {
  if (level > deepestLevel) throw refused("USER-zsQ97", `Too many nesting levels, at most ${deepestLevel}`);
  switch (query.case) {
    case "userNameQuery":
      return text("userName", query.value.userName, query.value.method);
    case "loginNameQuery":
      return text("userName", query.value.loginName, query.value.method);
    case "firstNameQuery":
      return text("givenName", query.value.firstName, query.value.method);
    case "lastNameQuery":
      return text("familyName", query.value.lastName, query.value.method);
    case "nickNameQuery":
      return text("nickName", query.value.nickName, query.value.method);
    case "displayNameQuery":
      return text("displayName", query.value.displayName, query.value.method);
    case "emailQuery":
      return text("email", query.value.emailAddress, query.value.method);
    case "phoneQuery":
      return text("phone", query.value.number, query.value.method);
    case "organizationIdQuery":
      return text("organizationId", query.value.organizationId, TextQueryMethod.EQUALS);
    case "inUserIdsQuery":
      return { kind: "one_of", field: "id", texts: some(query.value.userIds) };
    case "inUserEmailsQuery":
      return { kind: "one_of", field: "email", texts: some(query.value.userEmails) };
    case "stateQuery":
      return stateOf(query.value.state);
    case "typeQuery":
      return query.value.type === Type.HUMAN ? everybody : nobody;
    case "orQuery":
      return { kind: "any", of: some(query.value.queries).map((one) => conditionOf(one, level + 1)) };
    case "andQuery":
      return { kind: "all", of: some(query.value.queries).map((one) => conditionOf(one, level + 1)) };
    case "notQuery": {
      const [inner] = some(query.value.query === undefined ? [] : [query.value.query]);
      return inner === undefined ? everybody : { kind: "not", of: conditionOf(inner, level + 1) };
    }
    case undefined:
      throw empty();
  }
}

function text(field: UserText, value: string, method: TextQueryMethod): UserCondition {
  return { kind: "text", field, text: value, ...(methods[method] ?? methods[TextQueryMethod.EQUALS]) };
}

function stateOf(state: UserState): UserCondition {
  switch (state) {
    case UserState.ACTIVE:
      return { kind: "state", state: "active" };
    case UserState.INACTIVE:
      return { kind: "state", state: "inactive" };
    case UserState.LOCKED:
      return { kind: "state", state: "locked" };
    case UserState.INITIAL:
      return { kind: "state", state: "initial" };
    // Who is deleted is gone, and everybody has a state.
    default:
      return nobody;
  }
}

/** A list that has to hold something. */
function some<T>(list: readonly T[]): readonly T[] {
  if (list.length === 0) throw empty();
  return list;
}

function empty() {
  return refused("GRPC-vR9nC", "List query is invalid");
}

function refused(id: string, message: string) {
  return vendorError({ code: Code.InvalidArgument, id, message });
}
