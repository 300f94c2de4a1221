// Is this one of the passwords that everybody tries first?

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

/** 49,233 passwords in lower case, the most common first, counted in published leaks. Source: zxcvbn-ts. */
const listFile = "@zxcvbn-ts/language-common/src/passwords.json";

/** A shorter unit, repeated, is nobody's secret: "aaaaaaaaaaaaaaa", "123123123123123". In UTF-16 code units. */
const shortestFreeUnit = 4;

let list: ReadonlySet<string> | undefined;

/** Read at the first question: it costs 13 ms once and 3 MB of memory, and a realm may never ask. */
function commonPasswords(): ReadonlySet<string> {
  list ??= new Set(JSON.parse(readFileSync(createRequire(import.meta.url).resolve(listFile), "utf8")) as string[]);
  return list;
}

/**
 * `password` is in NFKC; case does not matter. A common password that is only written again and again is common too:
 * a list of short passwords would else say nothing about a realm that asks for 15 characters.
 * Guard: ASVS 5.0 6.2.4, NIST SP 800-63B-4 3.1.1.2.
 */
export function isCommonPassword(password: string): boolean {
  const folded = password.toLowerCase();
  const unit = repeatedUnit(folded);
  if (unit.length < folded.length && unit.length < shortestFreeUnit) return true;
  return commonPasswords().has(folded) || commonPasswords().has(unit);
}

/** The shortest text that gives `text` when it is repeated: "abab" is made of "ab", "abc" only of itself. */
function repeatedUnit(text: string): string {
  return text.slice(0, (text + text).indexOf(text, 1));
}
