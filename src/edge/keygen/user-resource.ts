// What does the vendor's API say of a user? One resource of JSON:API, in answers and in events.

import type { User } from "../../directory/directory.ts";

/** Vendor: Keygen. A locked user is nearest to a banned one: neither can sign in. */
const statuses: Readonly<Record<User["state"], string>> = {
  active: "ACTIVE",
  inactive: "INACTIVE",
  initial: "INACTIVE",
  locked: "BANNED",
};

export function userResource(user: User, accountId: string): object {
  const account = `/v1/accounts/${accountId}`;
  return {
    id: user.id,
    type: "users",
    attributes: {
      ...namesOf(user),
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

/** Vendor: Keygen, a full name needs both. Where only a display name is known, that is the full one. */
function namesOf({ name, displayName }: User): object {
  if (name === undefined) return { fullName: displayName || null, firstName: null, lastName: null };
  const { given, family } = name;
  const fullName = given === "" || family === "" ? null : `${given} ${family}`;
  return { fullName, firstName: given || null, lastName: family || null };
}
