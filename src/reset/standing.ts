// What does an act answer about the user that it changed?

import type { User } from "../directory/directory.ts";
import type { Instant } from "../units.ts";

/** Where a user stands after an act. */
export type Standing = {
  /** Grows with every event of the user; not dense. */
  readonly sequence: number;
  readonly changedAt: Instant;
  readonly organizationId: string;
  readonly createdAt: Instant;
};

/** The user's standing after an event that the code store counted: `sequence` is that event's. */
export function standingAfter(user: User, event: { readonly sequence: number; readonly at: Instant }): Standing {
  return {
    sequence: Math.max(user.sequence, event.sequence),
    changedAt: Math.max(user.changedAt, event.at),
    organizationId: user.organizationId,
    createdAt: user.createdAt,
  };
}

/** The user's standing as the directory has it. */
export function standingOf(user: User): Standing {
  return standingAfter(user, { sequence: user.sequence, at: user.changedAt });
}
