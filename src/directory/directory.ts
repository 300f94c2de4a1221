// Who are the users? The directory's door: what Rekey asks of the place where an application keeps them.

import type { Instant } from "../units.ts";
import type { UserSearch } from "./user-search.ts";
import type { UserState } from "./user-state.ts";

/** The parts of a person's name; empty where nobody gave them. */
export type PersonName = { readonly given: string; readonly family: string; readonly nick: string };

export type User = {
  readonly id: string;
  readonly realmId: string;
  readonly organizationId: string;
  /** What the user signs in with; as the user wrote it. */
  readonly userName: string;
  readonly displayName: string;
  /** Absent where only the display name is known. */
  readonly name?: PersonName;
  readonly email?: { readonly address: string; readonly verified: boolean };
  /** In E.164 form. */
  readonly phone?: { readonly number: string; readonly verified: boolean };
  /** BCP 47, or empty for the realm's default. */
  readonly preferredLanguage: string;
  readonly state: UserState;
  /** Grows by one with every change of the password, and with `invalidate`. A code dies when it moves. */
  readonly passwordVersion: number;
  readonly password: { readonly set: boolean; readonly changeRequired: boolean; readonly changedAt?: Instant };
  /** Grows with every change of the user; at least the instant of the change. */
  readonly sequence: number;
  readonly createdAt: Instant;
  readonly changedAt: Instant;
  /** Sessions from before it count for nothing. Never moves back. Absent: none were ever ended. */
  readonly sessionsValidFrom?: Instant;
};

export type PasswordChange = {
  readonly realmId: string;
  readonly userId: string;
  readonly now: Instant;
  /** PHC string, or bcrypt's modular-crypt form. */
  readonly hash: string;
  readonly changeRequired: boolean;
  /** Compare-and-set: the write happens only while the user's password version is this one. */
  readonly expectedVersion: number;
  /** Whether sessions from before `now` end with it. In the same write: there is no moment with one and not the other. */
  readonly endSessions: boolean;
};

export type PasswordChangeOutcome =
  | { readonly kind: "written"; readonly user: User }
  /** The password was changed by somebody else in between. Nothing was written. */
  | { readonly kind: "moved" }
  | { readonly kind: "gone" };

/** Implementations: `embedded/`; later the application's own database. */
export interface Directory {
  find(realmId: string, userId: string): Promise<User | undefined>;

  /**
   * Whose user name, verified mail address or verified number this is, in its canonical form: see identifier.ts. Mostly
   * one or nobody; two where one's name is another's address. The same work whoever it is. Incident: C6, C9.
   */
  findByIdentifier(realmId: string, identifier: string): Promise<readonly User[]>;

  /** The stored hash of a user's password, to verify a current password against. */
  passwordHash(realmId: string, userId: string): Promise<string | undefined>;

  changePassword(change: PasswordChange): Promise<PasswordChangeOutcome>;

  /**
   * What was given out before `now` counts for nothing: sessions end, and the password's version moves, so that no code
   * and no change under way sets a password any more. The password itself stays.
   */
  invalidate(user: {
    readonly realmId: string;
    readonly userId: string;
    readonly now: Instant;
  }): Promise<{ readonly kind: "written"; readonly user: User } | { readonly kind: "gone" }>;
}

/** The fields of a user that an administrator chooses. */
export type UserProfile = Pick<
  User,
  "organizationId" | "userName" | "displayName" | "name" | "email" | "phone" | "preferredLanguage" | "state"
>;

export type NewUser = UserProfile & {
  readonly id: string;
  readonly realmId: string;
  readonly now: Instant;
  readonly password?: { readonly hash: string; readonly changeRequired: boolean };
};

export type UserFilter = {
  readonly userName?: string;
  readonly email?: string;
  readonly phone?: string;
  readonly organizationId?: string;
};

export type UserWriteOutcome =
  | { readonly kind: "written"; readonly user: User }
  /** Another user of the realm has it. */
  | { readonly kind: "taken"; readonly field: "user_id" | "user_name" }
  /** The user was changed by somebody else since `expectedSequence`. */
  | { readonly kind: "moved" }
  | { readonly kind: "gone" };

/**
 * What the built-in directory can do besides: users are made and changed here, not in an application's own store.
 * Whoever writes has asked `identifier.ts` first; an identifier that it calls a problem is a fault here.
 */
export interface UserAdministration {
  create(user: NewUser): Promise<UserWriteOutcome>;

  /** By user id, ascending, after `after`; identifiers are compared in their canonical form. */
  list(realmId: string, filter: UserFilter, page: { after?: string; size: number }): Promise<readonly User[]>;

  /** One page of the users that meet a condition, and how many there are on all pages. Texts are compared as they are stored. */
  search(realmId: string, search: UserSearch): Promise<{ readonly users: readonly User[]; readonly total: number }>;

  update(change: {
    readonly realmId: string;
    readonly userId: string;
    readonly now: Instant;
    readonly profile: UserProfile;
    readonly expectedSequence: number;
  }): Promise<UserWriteOutcome>;

  /** The user as it was at the end, with a last step of its sequence. No row of it stays behind. */
  delete(realmId: string, userId: string, now: Instant): Promise<{ kind: "deleted"; user: User } | { kind: "gone" }>;
}
