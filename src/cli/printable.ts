// What may be printed on a terminal? Words of others without what would move the cursor or hide a letter.

/** A mail server may say in its refusal whatever it likes. */
export function printable(text: string): string {
  return text.replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, " ");
}
