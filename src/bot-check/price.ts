// What does it cost to ask at this moment? More, the more is asked: by one address, or of the whole realm.

import type { ProofOfWorkSettings } from "./bot-check-settings.ts";

/** How often was asked in the window that runs. */
export type Heat = { readonly address: number; readonly realm: number };

/**
 * The price may rise while somebody works for an honest second or ten. So an answer is good for up to twice of what was
 * asked for it; whoever saves up cheap ones gains a factor of two and no more.
 */
const tolerance = 2;

/** In keys to try. 0: nothing is asked for. `isWanted`: the base price is the least, however calm it is. */
export function priceAt(heat: Heat, settings: ProofOfWorkSettings, { isWanted }: { isWanted: boolean }): number {
  const { basePrice, maxPrice, calm } = settings;
  const timesCalm = Math.floor(Math.max(heat.address / calm.address, heat.realm / calm.realm));
  return Math.min(Math.max(timesCalm, isWanted ? 1 : 0) * basePrice, maxPrice);
}

export function isEnough(paid: number, price: number): boolean {
  return paid * tolerance >= price;
}
