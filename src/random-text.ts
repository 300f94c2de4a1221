// How is a text drawn that nobody can guess? From the system's generator, every symbol as likely as every other.

import { randomFillSync } from "node:crypto";

/** The symbols of Crockford's base 32: no I, L, O, U, so that nothing is misread. Source: crockford.com/base32. */
export const crockford = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/** Bytes are fetched in blocks: one call for each secret would cost more than the secret. */
const pool = new Uint8Array(4096);
let unused = 0;

/** A byte of the system's generator. It leaves the pool: what was drawn is not kept. */
function randomByte(): number {
  if (unused === 0) {
    randomFillSync(pool);
    unused = pool.length;
  }
  unused -= 1;
  const byte = pool[unused] ?? 0;
  pool[unused] = 0;
  return byte;
}

/**
 * `length` symbols of `alphabet` (2 to 256 symbols). Bytes that would make some symbols more likely than others are
 * thrown away. Guard: ASVS 5.0 6.5.3; Incident: C20.
 */
export function randomText(alphabet: string, length: number): string {
  const fairBytes = 256 - (256 % alphabet.length);
  let text = "";
  while (text.length < length) {
    const byte = randomByte();
    if (byte < fairBytes) text += alphabet[byte % alphabet.length];
  }
  return text;
}
