// Which rules does this password break for this user?

import type { User } from "../directory/directory.ts";
import { contextWordsOf } from "../password/context-words.ts";
import { type PasswordPolicy, type PolicyViolation, violations } from "../password/policy.ts";

/** Every broken rule, in the policy's order; the user's own names count as context words. Guard: ASVS 5.0 6.2.11. */
export function brokenRules(
  policy: PasswordPolicy,
  password: string,
  user: Pick<User, "userName" | "displayName" | "email"> | undefined,
): readonly PolicyViolation[] {
  const context =
    user === undefined ? [] : contextWordsOf([user.userName, user.displayName, user.email?.address ?? ""]);
  return violations(policy, password, context);
}
