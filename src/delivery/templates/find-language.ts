// Which language does a message speak? The first wanted one that there is; then the realm's; then English.

/** Whether `tag` is a language as files are named after it: "pt", "pt-BR", "zh-Hant". */
export function isLanguage(tag: string): boolean {
  return canonical(tag) === tag && new Intl.Locale(tag).baseName === tag;
}

export function directionOf(language: string): "ltr" | "rtl" {
  return new Intl.Locale(language).getTextInfo().direction === "rtl" ? "rtl" : "ltr";
}

/** `undefined` when there is not even English. What is no language tag is passed over. */
export function findLanguage(
  there: { has(language: string): boolean },
  wanted: readonly string[],
  defaultLanguage: string,
): string | undefined {
  return [...wanted, defaultLanguage, "en"].flatMap(withBases).find((language) => there.has(language));
}

/**
 * "zh-TW" is also "zh-Hant", and at last "zh", although that is written in the simplified way: a reader of one reads
 * the other sooner than English.
 */
function withBases(tag: string): readonly string[] {
  if (canonical(tag) === undefined) return [];
  const locale = new Intl.Locale(tag);
  const { language, script } = locale.maximize();
  return [locale.baseName, `${locale.language}-${locale.region}`, `${language}-${script}`, locale.language];
}

function canonical(tag: string): string | undefined {
  try {
    return Intl.getCanonicalLocales(tag)[0];
  } catch {
    return undefined;
  }
}
