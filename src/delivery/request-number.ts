// By which number do mail, log and support speak of the same request? A short one for people, drawn at random.

import { crockford, randomText } from "../random-text.ts";

/**
 * For example "7F3K-2MQ4": 40 bits, enough that two requests of one week hardly share one. It is drawn for itself and
 * derived from nothing, so it may be read aloud and stand in logs. It opens nothing.
 */
export function makeRequestNumber(): string {
  const text = randomText(crockford, 8);
  return `${text.slice(0, 4)}-${text.slice(4)}`;
}
