// What is a good password? The rules, and which of them a password breaks.

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
