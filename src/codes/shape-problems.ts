// Is a configured shape safe? Lists everything that is wrong with it, in sentences for whoever wrote it.

import { hour } from "../units.ts";
import { fewestBits, fewestTokenBits, longestCode, longestLifetime, type CodeShape } from "./code.ts";
import { canonicalForm } from "./presented-secret.ts";

/** How many guesses a code stands at most, whatever a configuration says. */
const mostTries = 100;

/** How many bits of chance are in a secret of this shape. */
export function bitsOf({ alphabet, length }: CodeShape): number {
  return length * Math.log2(new Set(alphabet).size || 1);
}

/** Empty when the shape is safe. Guard: ASVS 5.0 6.5.4, 6.5.5, 11.5.1. */
export function shapeProblems(shape: CodeShape): string[] {
  return [...alphabetProblems(shape), ...lengthProblems(shape), ...lifetimeProblems(shape), ...triesProblems(shape)];
}

function alphabetProblems(shape: CodeShape): string[] {
  const { alphabet, lenient } = shape;
  const symbols = alphabet.split("");
  const problems: string[] = [];
  if (!/^[!-~]*$/.test(alphabet)) problems.push("The alphabet may hold visible ASCII symbols only.");
  if (symbols.length < 2) problems.push("The alphabet needs at least 2 symbols.");
  const repeated = symbols.find((symbol, at) => alphabet.indexOf(symbol) !== at);
  if (repeated !== undefined) problems.push(`The alphabet holds "${repeated}" more than once.`);
  const mistaken = lenient && symbols.find((symbol) => canonicalForm(shape, symbol) !== symbol);
  if (mistaken) problems.push(`A lenient code is read without "${mistaken}": take it out of the alphabet.`);
  return problems;
}

function lengthProblems(shape: CodeShape): string[] {
  const { secretKind, length } = shape;
  if (!Number.isInteger(length) || length < 1) return ["The length has to be a whole number of symbols, at least 1."];
  const problems: string[] = [];
  const fewest = secretKind === "code" ? fewestBits : fewestTokenBits;
  const bits = bitsOf(shape);
  if (bits < fewest) {
    problems.push(`A ${secretKind} needs at least ${fewest} bits; this one has ${Math.floor(bits)}.`);
  }
  if (secretKind === "code" && length > longestCode) {
    problems.push(`A code has at most ${longestCode} symbols; this one has ${length}.`);
  }
  if (secretKind === "token" && length <= longestCode) {
    problems.push(`A token has more than ${longestCode} symbols, to be told from a code; this one has ${length}.`);
  }
  return problems;
}

function lifetimeProblems({ lifetimeMs }: CodeShape): string[] {
  if (!Number.isFinite(lifetimeMs) || lifetimeMs <= 0) return ["The lifetime has to end, and be longer than nothing."];
  return lifetimeMs > longestLifetime ? [`The lifetime is at most ${longestLifetime / hour} hours.`] : [];
}

function triesProblems({ maxTries }: CodeShape): string[] {
  if (Number.isInteger(maxTries) && maxTries >= 1 && maxTries <= mostTries) return [];
  return [`The number of tries has to be a whole number from 1 to ${mostTries}.`];
}
