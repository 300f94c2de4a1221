// By which number do mail, log and support speak of the same request? A short one for people, drawn at random.

import { randomBytes } from "node:crypto";

/** No I, L, O, U, so that nothing is misread on the telephone. Source: crockford.com/base32. */
const symbols = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/**
 * For example "7F3K-2MQ4": 40 bits, enough that two requests of one week hardly share one. It is drawn for itself and
 * derived from nothing, so it may be read aloud and stand in logs. It opens nothing.
 */
export function makeRequestNumber(): string {
  // 32 symbols: five bits of a byte choose one, every one as likely as every other.
  const text = Array.from(randomBytes(8), (byte) => symbols[byte % symbols.length]).join("");
  return `${text.slice(0, 4)}-${text.slice(4)}`;
}
