// Is this password only a word that everybody here would try: the product, the company, the user's own name?

/** Shorter words sit in too many good passwords by chance. In code points. */
const shortestWord = 4;

const noLetterOrDigit = /[^\p{L}\p{N}]+/u;
const letter = /\p{L}/u;

/**
 * The words in names as they are written (a display name, an e-mail address, a product), in NFKC and lower case:
 * the whole, the local part and the domain of an address, and each word on its own.
 */
export function contextWordsOf(names: readonly string[]): readonly string[] {
  return names.flatMap((name) => {
    const folded = name.normalize("NFKC").toLowerCase();
    const words = [folded, ...folded.split("@"), ...folded.split(noLetterOrDigit)];
    return words.filter((word) => Array.from(word).length >= shortestWord);
  });
}

/**
 * The one of `words` that `password` is made of, alone or with digits and signs around it. `password` is in NFKC.
 * Guard: ASVS 5.0 6.1.2, 6.2.11.
 */
export function contextWordIn(password: string, words: readonly string[]): string | undefined {
  const folded = password.toLowerCase();
  return words.find((word) => folded.includes(word) && !letter.test(folded.replaceAll(word, "")));
}
