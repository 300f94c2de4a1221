// Which plural forms does a language have, and which one does a count take?

export type PluralForm = Intl.LDMLPluralRule;

const forms: readonly PluralForm[] = ["zero", "one", "two", "few", "many", "other"];

export function isPluralForm(name: string): name is PluralForm {
  return forms.some((form) => form === name);
}

export function pluralForm(language: string, count: number): PluralForm {
  return new Intl.PluralRules(language).select(count);
}

/**
 * The forms that the counts from `first` on take. A hundred counts and a few show them all; the forms that only
 * fractions or millions take (French "many") are not asked for. Source: CLDR, language plural rules.
 */
export function pluralForms(language: string, first: number): ReadonlySet<PluralForm> {
  const rules = new Intl.PluralRules(language);
  return new Set(Array.from({ length: 112 }, (_, index) => rules.select(first + index)));
}
