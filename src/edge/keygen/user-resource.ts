// What does the vendor's API say of a user? One resource of JSON:API, in answers and in events.

import type { User, UserState } from "../../directory/directory.ts";

/** Vendor: Keygen. A locked user is nearest to a banned one: neither can sign in. */
const statuses: Readonly<Record<UserState, string>> = {
  active: "ACTIVE",
  inactive: "INACTIVE",
  initial: "INACTIVE",
  locked: "BANNED",
};

/** Of the names only the whole one is known here. */
export function userResource(user: User, accountId: string): object {
  const account = `/v1/accounts/${accountId}`;
  return {
    id: user.id,
    type: "users",
    attributes: {
      fullName: user.displayName || null,
      firstName: null,
      lastName: null,
      email: user.email?.address ?? null,
      status: statuses[user.state],
      role: "user",
      metadata: {},
      created: new Date(user.createdAt).toISOString(),
      updated: new Date(user.changedAt).toISOString(),
    },
    relationships: { account: { links: { related: account }, data: { type: "accounts", id: accountId } } },
    links: { self: `${account}/users/${encodeURIComponent(user.id)}` },
  };
}
