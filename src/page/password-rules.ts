// Which rules does a password meet so far? The service judges in the end; this says the same of what can be seen at once.

import type { PasswordRules } from "../../gen/rekey/v1/recovery_service_pb.ts";
import type { RuleTexts } from "./texts/page-texts.ts";

export type RuleName = keyof RuleTexts;
export type Rule = { readonly name: RuleName; readonly count: number; readonly met: boolean };

/** In code points of the NFKC form, as the service counts them. */
export function rulesFor(rules: PasswordRules, password: string): readonly Rule[] {
  const normal = password.normalize("NFKC");
  const length = Array.from(normal).length;
  const rule = (name: RuleName, met: boolean, count = 0) => ({ name, met, count });
  const classes: readonly [wanted: boolean, Rule][] = [
    [rules.lowercaseRequired, rule("lowercase_missing", /[a-z]/.test(normal))],
    [rules.uppercaseRequired, rule("uppercase_missing", /[A-Z]/.test(normal))],
    [rules.digitRequired, rule("digit_missing", /[0-9]/.test(normal))],
    [rules.symbolRequired, rule("symbol_missing", /[^A-Za-z0-9]/.test(normal))],
  ];
  return [
    rule("too_short", length >= rules.minLength, rules.minLength),
    // Nobody has to be told of a bound that nobody meets.
    ...(length > rules.maxLength ? [rule("too_long", false, rules.maxLength)] : []),
    ...classes.flatMap(([wanted, one]) => (wanted ? [one] : [])),
  ];
}
