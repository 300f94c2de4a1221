// What is a good password? The rules, and which of them a password breaks.

import { isCommonPassword } from "./common-passwords.ts";
import { contextWordIn, contextWordsOf } from "./context-words.ts";

/** The rules of a realm. Lengths are in code points of the NFKC form. */
export type PasswordPolicy = {
  readonly minLength: number;
  readonly maxLength: number;
  readonly requireLowercase: boolean;
  readonly requireUppercase: boolean;
  readonly requireDigit: boolean;
  readonly requireSymbol: boolean;
  /** Refuse the most common passwords. */
  readonly refuseCommon: boolean;
  /** Words that a password may not be, alone or with digits and signs around it: product, company. */
  readonly contextWords: readonly string[];
};

/** In the order in which a dialect with room for one reason names them. */
export type PolicyViolation =
  | { readonly rule: "too_short"; readonly minLength: number }
  | { readonly rule: "too_long"; readonly maxLength: number }
  | { readonly rule: "lowercase_missing" }
  | { readonly rule: "uppercase_missing" }
  | { readonly rule: "digit_missing" }
  | { readonly rule: "symbol_missing" }
  | { readonly rule: "common" }
  | { readonly rule: "context_word"; readonly word: string };

/**
 * Length and a list of known passwords; no composition rules, no change by the calendar.
 * Guard: NIST SP 800-63B-4 3.1.1.2 (15 where the password is the only factor), ASVS 5.0 6.2.1, 6.2.4, 6.2.5, 6.2.9.
 */
export const defaultPolicy: PasswordPolicy = {
  minLength: 15,
  maxLength: 200,
  requireLowercase: false,
  requireUppercase: false,
  requireDigit: false,
  requireSymbol: false,
  refuseCommon: true,
  contextWords: [],
};

/**
 * NFKC makes one code point of at most 6 UTF-16 code units (Unicode 17), so that anything beyond this many for each code
 * point allowed is too long unseen: normalizing a megabyte of combining marks takes quadratic time. Incident: C29.
 */
const unitsPerCodePoint = 8;

/**
 * Every rule that `password` breaks, in the order of the type; nothing else is looked at when it is too long.
 * `context` holds what is known of the user: user name, e-mail address, display name, as they are written.
 */
export function violations(
  policy: PasswordPolicy,
  password: string,
  context: readonly string[],
): readonly PolicyViolation[] {
  const { minLength, maxLength } = policy;
  if (password.length > maxLength * unitsPerCodePoint) return [{ rule: "too_long", maxLength }];
  const normal = password.normalize("NFKC");
  const length = Array.from(normal).length;
  if (length > maxLength) return [{ rule: "too_long", maxLength }];

  const broken: PolicyViolation[] = [];
  if (length < minLength) broken.push({ rule: "too_short", minLength });
  if (policy.requireLowercase && !/[a-z]/.test(normal)) broken.push({ rule: "lowercase_missing" });
  if (policy.requireUppercase && !/[A-Z]/.test(normal)) broken.push({ rule: "uppercase_missing" });
  if (policy.requireDigit && !/[0-9]/.test(normal)) broken.push({ rule: "digit_missing" });
  if (policy.requireSymbol && !/[^A-Za-z0-9]/.test(normal)) broken.push({ rule: "symbol_missing" });
  if (policy.refuseCommon && isCommonPassword(normal)) broken.push({ rule: "common" });
  const word = contextWordIn(normal, contextWordsOf([...policy.contextWords, ...context]));
  if (word !== undefined) broken.push({ rule: "context_word", word });
  return broken;
}
