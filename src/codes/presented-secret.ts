// What did somebody present? Which kind of secret it is, and its one form.

import type { SecretKind } from "./code-store.ts";
import { longestCode, type CodeShape } from "./code.ts";

/** By its length alone: whoever made the code, and whatever it is, a short text is a guess that counts. */
export function secretKindOf(presented: string): SecretKind {
  return presented.trim().length <= longestCode ? "code" : "token";
}

/** The one form of a code that a person may type in many. Source: crockford.com/base32. */
export function canonicalForm(shape: Pick<CodeShape, "lenient">, presented: string): string {
  if (!shape.lenient) return presented;
  return presented.toUpperCase().replaceAll(/[\s-]/g, "").replaceAll("O", "0").replaceAll(/[IL]/g, "1");
}
