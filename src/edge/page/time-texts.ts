// How is a time said? When it is worth another try, and until when something holds.

import { say, sayCount } from "../../page/texts/say.ts";
import { type Instant, type Milliseconds, minute, second } from "../../units.ts";
import type { Words } from "./visit.ts";

/** In seconds or in minutes, as people say it. */
export function waitText({ texts: { shared }, language }: Words, waitMs: Milliseconds): string {
  return waitMs < minute
    ? sayCount(shared.tryAgainInSeconds, Math.max(1, Math.ceil(waitMs / second)), language)
    : sayCount(shared.tryAgainInMinutes, Math.ceil(waitMs / minute), language);
}

/** Until when an account is protected. */
export function blockedText({ texts: { veto }, language }: Words, until: Instant): string {
  return say(veto.doneText, { until: timeText(until, language) });
}

/** In UTC, with its name: without script nobody says where the reader is. */
function timeText(instant: Instant, language: string): string {
  return new Intl.DateTimeFormat(language, {
    day: "numeric",
    month: "long",
    year: "numeric",
    hour: "2-digit",
    minute: "2-digit",
    timeZone: "UTC",
    timeZoneName: "short",
  }).format(instant);
}
