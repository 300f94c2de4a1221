// What is a command? What stands behind its name goes in, what it prints comes out.

import { CommandFailure } from "./command-failure.ts";

export type Environment = Readonly<Record<string, string | undefined>>;

/** Throws CommandFailure. */
export type Command = (args: readonly string[], environment: Environment) => Promise<string>;

/** What is given without a name; exactly one. */
export function theOnly(what: "NAME" | "ID", positionals: readonly string[]): string {
  const [given] = positionals;
  if (given !== undefined && positionals.length === 1) return given;
  throw new CommandFailure("usage", `Exactly one ${what} is needed; ${positionals.length} were given.`);
}

/** One of the words that an option may have; absent if it is not given. */
export function oneOf<Word extends string>(
  option: string,
  words: readonly Word[],
  given: string | undefined,
): Word | undefined {
  const word = words.find((each) => each === given);
  if (given === undefined || word !== undefined) return word;
  throw new CommandFailure("usage", `${option} may be ${words.join(", ")}.`);
}
