// By which number do mail, log and support speak of the same request? A short one for people, drawn at random.

import { randomFillSync } from "node:crypto";

/** No I, L, O, U, so that nothing is misread on the telephone. Source: crockford.com/base32. */
const symbols = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/**
 * For example "7F3K-2MQ4": 40 bits, enough that two requests of one week hardly share one. It is drawn for itself and
 * derived from nothing, so it may be read aloud and stand in logs. It opens nothing.
 */
export function makeRequestNumber(): string {
  const from = drawBytes(8);
  // 32 symbols: five bits of a byte choose one, every one as likely as every other.
  let text = "";
  for (let at = from; at < from + 8; at++) text += symbols[(block[at] ?? 0) % symbols.length];
  return `${text.slice(0, 4)}-${text.slice(4)}`;
}

/** Drawn in blocks: one call to the system for many numbers. */
const block = Buffer.alloc(4096);
let used = block.length;

/** Where in the block so many bytes stand that nobody has seen. */
function drawBytes(count: number): number {
  if (used + count > block.length) {
    randomFillSync(block);
    used = 0;
  }
  used += count;
  return used - count;
}
