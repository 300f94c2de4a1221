// Does it end in time? Waits for work, however it ends, but no longer than told.

import type { Milliseconds } from "../../units.ts";

export async function endsWithin(work: Promise<unknown>, limitMs: Milliseconds): Promise<boolean> {
  const late = Promise.withResolvers<boolean>();
  const timer = setTimeout(late.resolve, limitMs, false);
  const ended = work.then(
    () => true,
    () => true,
  );
  try {
    return await Promise.race([ended, late.promise]);
  } finally {
    clearTimeout(timer);
  }
}
