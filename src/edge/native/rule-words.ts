// Which rule does a password break? One sentence and one reason per rule; docs/errors.md lists them.

import type { PolicyViolation } from "../../password/policy.ts";
import type { FieldViolation } from "../http/rich-error.ts";

export function ruleWords(violation: PolicyViolation, field: string): FieldViolation {
  const reason = violation.rule.toUpperCase();
  switch (violation.rule) {
    case "too_short":
      return { field, reason, description: `has to have at least ${violation.minLength} characters` };
    case "too_long":
      return { field, reason, description: `has to have at most ${violation.maxLength} characters` };
    case "lowercase_missing":
      return { field, reason, description: "has to contain a lower-case letter" };
    case "uppercase_missing":
      return { field, reason, description: "has to contain an upper-case letter" };
    case "digit_missing":
      return { field, reason, description: "has to contain a digit" };
    case "symbol_missing":
      return { field, reason, description: "has to contain a symbol" };
    case "common":
      return { field, reason, description: "is one of the most common passwords" };
    case "context_word":
      return { field, reason, description: "is too close to the name of the user or of the service" };
  }
}
