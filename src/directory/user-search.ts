// Which users are looked for? Conditions that combine, an order, and a page.

import type { UserState } from "./user-state.ts";

export type UserCondition =
  | {
      readonly kind: "text";
      readonly field: UserText;
      readonly match: "equals" | "starts_with" | "contains" | "ends_with";
      /** Two texts of different case are then one, as in an identifier's canonical form. */
      readonly ignoreCase: boolean;
      readonly text: string;
    }
  | { readonly kind: "one_of"; readonly field: "id" | "email"; readonly texts: readonly string[] }
  | { readonly kind: "state"; readonly state: UserState }
  /** Of none: everybody. */
  | { readonly kind: "all"; readonly of: readonly UserCondition[] }
  /** Of none: nobody. */
  | { readonly kind: "any"; readonly of: readonly UserCondition[] }
  | { readonly kind: "not"; readonly of: UserCondition };

/** What users have that can be compared with a text. */
export type UserText =
  | "userName"
  | "displayName"
  | "givenName"
  | "familyName"
  | "nickName"
  | "email"
  | "phone"
  | "organizationId";

export type UserSearch = {
  readonly condition: UserCondition;
  /** Those that are equal in it stand by id. */
  readonly order: { readonly by: UserOrder; readonly descending: boolean };
  readonly offset: number;
  readonly size: number;
};

export type UserOrder = "id" | "createdAt" | "state" | Exclude<UserText, "phone" | "organizationId">;
