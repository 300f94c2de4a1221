// How does one attempt go? It answers, it throws, or it is cut short because the outbox closes.

import { type Instant, type Milliseconds, second } from "../../units.ts";
import type { Attempt, AttemptOutcome, Delivery } from "./outbox.ts";

export type AttemptEnd =
  | AttemptOutcome
  /** The outbox closed first: as it was, for the next start. */
  | { readonly kind: "given_back" };

/** How long an attempt may still answer after it was aborted: what was delivered at the last moment is not sent again. */
export const lastWord: Milliseconds = second;

/** What throws is not a provider's no but a mistake or a broken part: time for somebody to notice. */
const retryAfterThrow: Milliseconds = 30 * second;

export async function attemptOnce(task: {
  readonly attempt: Attempt;
  readonly delivery: Delivery;
  /** How many there were before. */
  readonly attempts: number;
  readonly signal: AbortSignal;
  readonly onFault: (cause: unknown) => void;
}): Promise<AttemptEnd> {
  const { signal } = task;
  if (signal.aborted) return { kind: "given_back" };
  const silence = Promise.withResolvers<AttemptEnd>();
  let timer: NodeJS.Timeout | undefined;
  const waitForLastWord = () => {
    timer = setTimeout(silence.resolve, lastWord, { kind: "given_back" });
  };
  signal.addEventListener("abort", waitForLastWord, { once: true });
  try {
    return await Promise.race([answerOf(task), silence.promise]);
  } finally {
    signal.removeEventListener("abort", waitForLastWord);
    clearTimeout(timer);
  }
}

async function answerOf({ attempt, delivery, attempts, signal, onFault }: Parameters<typeof attemptOnce>[0]) {
  try {
    const outcome = await attempt(delivery, attempts, signal);
    // Cut short, it says nothing about the delivery.
    return outcome.kind === "retry" && signal.aborted ? ({ kind: "given_back" } as const) : outcome;
  } catch (cause) {
    if (signal.aborted) return { kind: "given_back" } as const;
    onFault(cause);
    // Only the name: a message may hold what nobody may read.
    const problem = `the attempt threw ${cause instanceof Error ? cause.name : "something"}`;
    return { kind: "retry", problem, delayMs: retryAfterThrow } as const;
  }
}

/** When a retry is due. A wait beyond the delivery's use ends with its use: there it is found dead, without an attempt. */
export function nextAttemptAt(delivery: Delivery, now: Instant, delayMs: Milliseconds): Instant {
  return Math.max(now, Math.min(now + delayMs, delivery.expiresAt));
}

/** Why a delivery is dead that nobody gave up: the last problem stays readable. */
export function expiredProblem(lastProblem: string | undefined): string {
  return lastProblem === undefined ? "expired" : `expired: ${lastProblem}`;
}
