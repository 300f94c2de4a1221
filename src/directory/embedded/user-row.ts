// How is a user written as a row, and read from one?

import type { PersonName, User, UserProfile } from "../directory.ts";
import type { UserState } from "../user-state.ts";
import { type Canonical, canonicalEmail, canonicalPhone, canonicalUserName } from "../identifier.ts";

/** A row of `directory_users`, without the key columns. */
export type UserRow = {
  readonly realm_id: string;
  readonly user_id: string;
  readonly organization_id: string;
  readonly user_name: string;
  readonly display_name: string;
  readonly email_address: string | null;
  readonly email_verified: number;
  readonly phone_number: string | null;
  readonly phone_verified: number;
  readonly preferred_language: string;
  readonly state: string;
  readonly password_version: number;
  readonly password_change_required: number;
  readonly password_changed_at: number | null;
  readonly sequence: number;
  readonly created_at: number;
  readonly changed_at: number;
  readonly sessions_valid_from: number | null;
  /** A `PersonName` as JSON. */
  readonly person_name: string | null;
};

/** The columns of a `UserRow`. */
export const userColumns =
  "realm_id, user_id, organization_id, user_name, display_name, email_address, email_verified, phone_number, " +
  "phone_verified, preferred_language, state, password_version, password_change_required, password_changed_at, " +
  "sequence, created_at, changed_at, sessions_valid_from, person_name";

/** A row whose columns came by their place in `userColumns`. */
export function rowOf(values: readonly unknown[]): UserRow {
  return {
    realm_id: values[0],
    user_id: values[1],
    organization_id: values[2],
    user_name: values[3],
    display_name: values[4],
    email_address: values[5],
    email_verified: values[6],
    phone_number: values[7],
    phone_verified: values[8],
    preferred_language: values[9],
    state: values[10],
    password_version: values[11],
    password_change_required: values[12],
    password_changed_at: values[13],
    sequence: values[14],
    created_at: values[15],
    changed_at: values[16],
    sessions_valid_from: values[17],
    person_name: values[18],
  } as UserRow;
}

export function userOf(row: UserRow): User {
  return {
    id: row.user_id,
    realmId: row.realm_id,
    organizationId: row.organization_id,
    userName: row.user_name,
    displayName: row.display_name,
    ...(row.person_name !== null && { name: JSON.parse(row.person_name) as PersonName }),
    ...(row.email_address !== null && {
      email: { address: row.email_address, verified: row.email_verified === 1 },
    }),
    ...(row.phone_number !== null && { phone: { number: row.phone_number, verified: row.phone_verified === 1 } }),
    preferredLanguage: row.preferred_language,
    state: row.state as UserState,
    passwordVersion: row.password_version,
    password: {
      set: row.password_changed_at !== null,
      changeRequired: row.password_change_required === 1,
      ...(row.password_changed_at !== null && { changedAt: row.password_changed_at }),
    },
    sequence: row.sequence,
    createdAt: row.created_at,
    changedAt: row.changed_at,
    ...(row.sessions_valid_from !== null && { sessionsValidFrom: row.sessions_valid_from }),
  };
}

/** The columns that an administrator chooses, with their keys. Throws at an identifier that is none. */
export function profileColumns(profile: UserProfile): {
  readonly userNameKey: string;
  readonly columns: Readonly<Record<string, string | number | null>>;
} {
  const { name, email, phone } = profile;
  const userNameKey = canonical(canonicalUserName, profile.userName);
  return {
    userNameKey,
    columns: {
      organization_id: profile.organizationId,
      user_name: profile.userName,
      user_name_key: userNameKey,
      display_name: profile.displayName,
      person_name: name === undefined ? null : JSON.stringify(name),
      email_address: email?.address ?? null,
      email_key: email === undefined ? null : canonical(canonicalEmail, email.address),
      email_verified: Number(email?.verified ?? false),
      phone_number: phone === undefined ? null : canonical(canonicalPhone, phone.number),
      phone_verified: Number(phone?.verified ?? false),
      preferred_language: profile.preferredLanguage,
      state: profile.state,
    },
  };
}

function canonical(form: Canonical, text: string): string {
  const key = form(text);
  if (key === undefined)
    throw new RangeError("the directory was given an identifier that nothing can be compared with");
  return key;
}
