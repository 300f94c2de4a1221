// How long is it until then? In whole seconds, counted down on the screen.

import { useEffect, useState } from "preact/hooks";

/** Often enough that no second is passed over. */
const lookEveryMs = 250;

/** 0 when it is over, or when there is nothing to wait for. */
export function useSecondsUntil(until = 0): number {
  const [left, setLeft] = useState(() => secondsUntil(until));
  useEffect(() => {
    const look = () => setLeft(secondsUntil(until));
    look();
    const timer = setInterval(() => {
      look();
      if (secondsUntil(until) === 0) clearInterval(timer);
    }, lookEveryMs);
    return () => clearInterval(timer);
  }, [until]);
  return left;
}

function secondsUntil(until: number): number {
  return Math.max(0, Math.ceil((until - Date.now()) / 1000));
}
