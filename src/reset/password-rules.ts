// Which rules does this password break for this user?

import type { User } from "../directory/directory.ts";
import { type PasswordPolicy, type PolicyViolation, violations } from "../password/policy.ts";
import { Refusal } from "./refusal.ts";

/** A user's own names count as context words. Absent where nothing of the user may be told. */
type Names = Pick<User, "userName" | "displayName" | "email"> | undefined;

/** Every broken rule, in the policy's order. Guard: ASVS 5.0 6.2.11. */
export function brokenRules(policy: PasswordPolicy, password: string, user: Names): readonly PolicyViolation[] {
  const names = user === undefined ? [] : [user.userName, user.displayName, user.email?.address ?? ""];
  return violations(policy, password, names);
}

/** Refuses a password that breaks any. */
export function refuseBrokenRules(policy: PasswordPolicy, password: string, user: Names): void {
  const violations = brokenRules(policy, password, user);
  if (violations.length > 0) throw new Refusal({ reason: "password_rejected", violations });
}
