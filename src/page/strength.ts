// How strong does a password look? A hint while typing, never a rule: the service alone refuses.
//
// An estimate of our own: the libraries that know dictionaries weigh hundreds of kilobytes, and what their dictionaries
// would find (common passwords, names) the service refuses anyway. What is left is length without repetition.

export type Strength = 0 | 1 | 2 | 3 | 4;

/** Bits from which on a password looks fair, good and strong; below the first it looks weak. */
const steps = [36, 60, 84] as const;

/** 0 for nothing, 1 weak to 4 strong. */
export function strengthOf(password: string): Strength {
  if (password === "") return 0;
  const bits = surprises(Array.from(password)) * Math.log2(alphabetOf(password));
  return (1 + steps.filter((step) => bits >= step).length) as Strength;
}

/** Letters that do not follow from what stands before: "aaaa", "abcd" and "abcabc" have few. */
function surprises(signs: readonly string[]): number {
  const seen = new Set<string>();
  return signs.reduce((sum, sign, index) => {
    const [before, beforeThat] = [signs[index - 1] ?? "", signs[index - 2] ?? ""];
    const step = distance(before, sign);
    const isRun = Math.abs(step) <= 1 && (index < 2 || step === distance(beforeThat, before));
    const pair = before + sign;
    const isRepeated = seen.has(pair);
    seen.add(pair);
    return sum + (index > 0 && (isRun || isRepeated) ? 0.2 : 1);
  }, 0);
}

function distance(from: string, to: string): number {
  return (to.codePointAt(0) ?? 0) - (from.codePointAt(0) ?? 0);
}

/** What people type are words: a letter in them is worth about 2.6 bits, as much as one of six signs drawn by lot. */
const wordSigns = 6;

function alphabetOf(password: string): number {
  const kinds: readonly [RegExp, number][] = [
    [/\p{Ll}|\p{Lo}/u, wordSigns],
    [/\p{Lu}/u, 4],
    [/\p{N}/u, 4],
    [/[^\p{L}\p{N}\s]/u, 6],
  ];
  return Math.max(
    2,
    kinds.reduce((sum, [kind, signs]) => sum + (kind.test(password) ? signs : 0), 0),
  );
}
