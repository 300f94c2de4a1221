// How does a test wait for what happens in the background? It looks again until it is there.

import { setTimeout as pause } from "node:timers/promises";

/** What has not come by then will not. */
const patienceMs = 40_000;

/** Answers the first thing that `look` sees. `undefined` and `false` are nothing. */
export async function eventually<T>(look: () => T | Promise<T>): Promise<Exclude<T, undefined | false>> {
  const end = Date.now() + patienceMs;
  while (Date.now() < end) {
    const seen = await look();
    if (seen !== undefined && seen !== false) return seen as Exclude<T, undefined | false>;
    await pause(10);
  }
  throw new Error(`this did not happen: ${look.toString()}`);
}
