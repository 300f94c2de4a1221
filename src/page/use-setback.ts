// What gets in the way for a while, and for how long is a button of no use?

import { useState } from "preact/hooks";

import { useSecondsUntil } from "./countdown.ts";
import { type Failure, type Setback, setbackOf } from "./failure.ts";

export function useSetback() {
  const [setback, setSetback] = useState<Setback>();
  const isResting = useSecondsUntil(setback?.kind === "rateLimited" ? setback.until : undefined) > 0;
  return {
    setback,
    isResting,
    meet: (failure: Failure) => setSetback(setbackOf(failure)),
    clear: () => setSetback(undefined),
  };
}
