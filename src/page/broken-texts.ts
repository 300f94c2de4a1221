// What is said of a password that is refused? A sentence for each rule that it breaks, whoever found out.

import type { PasswordRules } from "../../gen/rekey/v1/recovery_service_pb.ts";
import type { RuleName } from "./password-rules.ts";
import type { RuleTexts } from "./texts/page-texts.ts";
import { sayCount } from "./texts/say.ts";

/** `reasons`: as the API names them, or as the texts do. */
export function brokenTexts(
  reasons: readonly string[],
  rules: Pick<PasswordRules, "minLength" | "maxLength">,
  texts: RuleTexts,
  language: string,
): readonly string[] {
  const names = Object.keys(texts) as RuleName[];
  return reasons.flatMap((reason) => {
    const name = names.find((known) => known === reason.toLowerCase());
    if (name === undefined) return [];
    const text = texts[name];
    if (typeof text === "string") return [text];
    return [sayCount(text, name === "too_long" ? rules.maxLength : rules.minLength, language)];
  });
}
