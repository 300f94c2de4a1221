// What is a user after a change of some fields? What is named changes; what is named and `undefined` is cleared.

import type { PersonName, User, UserProfile } from "../directory/directory.ts";

export type ProfileChange = {
  readonly [Field in Exclude<keyof UserProfile, "name" | "email" | "phone">]?: UserProfile[Field] | undefined;
} & {
  readonly name?: Partial<PersonName>;
  readonly email?: { readonly address: string; readonly verified: Verified } | undefined;
  readonly phone?: { readonly number: string; readonly verified: Verified } | undefined;
};

/** `as_before`: what it was, where the address or number is the same; else it is not verified. */
type Verified = boolean | "as_before";

const noName: PersonName = { given: "", family: "", nick: "" };

export function changedProfile(user: User, fields: ProfileChange): UserProfile {
  const { email, phone } = { email: user.email, phone: user.phone, ...fields };
  const name = fields.name === undefined ? user.name : { ...(user.name ?? noName), ...fields.name };
  return {
    organizationId: fields.organizationId ?? user.organizationId,
    userName: fields.userName ?? user.userName,
    displayName: "displayName" in fields ? (fields.displayName ?? "") : user.displayName,
    preferredLanguage: "preferredLanguage" in fields ? (fields.preferredLanguage ?? "") : user.preferredLanguage,
    state: fields.state ?? user.state,
    ...(name && { name }),
    ...(email && { email: { address: email.address, verified: isVerified(email, "address", user.email) } }),
    ...(phone && { phone: { number: phone.number, verified: isVerified(phone, "number", user.phone) } }),
  };
}

/** `key` names what has to be the same. */
function isVerified<Key extends string>(
  now: Readonly<Record<Key, string>> & { readonly verified: Verified },
  key: Key,
  before: (Readonly<Record<Key, string>> & { readonly verified: boolean }) | undefined,
): boolean {
  if (now.verified !== "as_before") return now.verified;
  return before !== undefined && before[key] === now[key] && before.verified;
}
