// Which sentence says a rule of passwords? Those that a new one has to keep, and those that one has broken.

import type { RuleTexts } from "../../page/texts/page-texts.ts";
import { sayCount } from "../../page/texts/say.ts";
import type { PasswordPolicy, PolicyViolation } from "../../password/policy.ts";

/** All that somebody can keep in mind: the longest length and the names are said when they are broken. */
export function neededRules(policy: PasswordPolicy, texts: RuleTexts, language: string): readonly string[] {
  return [
    sayCount(texts.too_short, policy.minLength, language),
    ...(policy.requireLowercase ? [texts.lowercase_missing] : []),
    ...(policy.requireUppercase ? [texts.uppercase_missing] : []),
    ...(policy.requireDigit ? [texts.digit_missing] : []),
    ...(policy.requireSymbol ? [texts.symbol_missing] : []),
    ...(policy.refuseCommon ? [texts.common] : []),
  ];
}

export function brokenRule(violation: PolicyViolation, texts: RuleTexts, language: string): string {
  switch (violation.rule) {
    case "too_short":
      return sayCount(texts.too_short, violation.minLength, language);
    case "too_long":
      return sayCount(texts.too_long, violation.maxLength, language);
    case "lowercase_missing":
    case "uppercase_missing":
    case "digit_missing":
    case "symbol_missing":
    case "common":
    case "context_word":
      return texts[violation.rule];
  }
}
