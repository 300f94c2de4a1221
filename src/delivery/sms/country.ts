// May a text message go to this number? Only to one plain number, in a country that the operator has named.

/** Spec: ITU-T E.164, at most 15 digits. The shortest numbers in use abroad have 7. */
const e164 = /^\+[1-9][0-9]{6,14}$/;

/** "+41", "+1", "+1787". Spec: ITU-T E.164; a longer one narrows a plan that countries share. */
const callingPrefix = /^\+[1-9][0-9]{0,6}$/;

export type NumberVerdict = "allowed" | "not_a_number" | "country_not_allowed";

/**
 * Nothing is allowed that is not named: messages to expensive numbers are how text messages are turned into money by
 * strangers (toll fraud, "SMS pumping"). "+1" alone is the United States, Canada and two dozen islands.
 */
export function judgeNumber(number: string, allowedPrefixes: readonly string[]): NumberVerdict {
  if (!e164.test(number)) return "not_a_number";
  return allowedPrefixes.some((prefix) => number.startsWith(prefix)) ? "allowed" : "country_not_allowed";
}

/** What is wrong with a prefix of the configuration, in one sentence. */
export function callingPrefixProblem(prefix: string): string | undefined {
  return callingPrefix.test(prefix) ? undefined : "Expected a calling prefix with +, such as +41.";
}
