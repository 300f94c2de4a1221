// How is it said when to try again? In seconds, or in minutes where these are many; counted down, read out once at most.

import { useSecondsUntil } from "../countdown.ts";
import { usePage } from "../page-context.ts";
import { sayCount } from "../texts/say.ts";

/** Longer than this is said in minutes. */
const mostSeconds = 90;

export function WaitText({ until }: { readonly until: number }) {
  const { settings } = usePage();
  const seconds = useSecondsUntil(until);
  if (seconds === 0) return null;
  const { tryAgainInSeconds, tryAgainInMinutes } = settings.texts.shared;
  return (
    <p class="wait">
      {seconds > mostSeconds
        ? sayCount(tryAgainInMinutes, Math.ceil(seconds / 60), settings.language)
        : sayCount(tryAgainInSeconds, seconds, settings.language)}
    </p>
  );
}
