// In which pattern do calls come? As fast as they are answered, or at their own rate, whatever the answers do.

import { setTimeout as pause } from "node:timers/promises";

import type { Milliseconds } from "../src/units.ts";
import type { Answer, Way } from "./ways.ts";

export type Pattern =
  /** Each lane sends its next call when it has the answer to the one before. */
  | { readonly kind: "closed"; readonly lanes: number; readonly calls: number; readonly atLeastMs: Milliseconds }
  /** Calls arrive by chance, independent of each other (Poisson). */
  | { readonly kind: "open"; readonly perSecond: number; readonly durationMs: Milliseconds };

export type Seen = {
  readonly elapsedMs: Milliseconds;
  /** From the moment of sending, in the order of the answers. */
  readonly latenciesMs: Milliseconds[];
  /** How late each call was sent by the generator itself; open pattern only. */
  readonly lagsMs: Milliseconds[];
  readonly answers: readonly { readonly userId: string; readonly answer: Answer }[];
};

export async function runPattern(way: Way, users: readonly string[], pattern: Pattern): Promise<Seen> {
  const begun = performance.now();
  const latenciesMs: Milliseconds[] = [];
  const lagsMs: Milliseconds[] = [];
  const answers: { userId: string; answer: Answer }[] = [];
  let sent = 0;

  async function callOnce(lane: number): Promise<void> {
    const userId = users[sent % users.length] ?? "";
    sent += 1;
    const sentAt = performance.now();
    const answer = await way.call(lane, userId);
    latenciesMs.push(performance.now() - sentAt);
    answers.push({ userId, answer });
  }

  if (pattern.kind === "closed") {
    const { lanes, calls, atLeastMs } = pattern;
    const isOver = () => sent >= calls && performance.now() - begun >= atLeastMs;
    const runLane = async (lane: number) => {
      while (!isOver()) await callOnce(lane);
    };
    await Promise.all(Array.from({ length: lanes }, (_, lane) => runLane(lane)));
  } else {
    const { perSecond, durationMs } = pattern;
    const running: Promise<void>[] = [];
    // The gaps of a Poisson process are exponential.
    const gap = () => (-Math.log(1 - Math.random()) * 1000) / perSecond;
    for (let dueMs = gap(); dueMs < durationMs; dueMs += gap()) {
      while (performance.now() - begun < dueMs) await pause(1);
      lagsMs.push(performance.now() - begun - dueMs);
      running.push(callOnce(sent));
    }
    await Promise.all(running);
  }
  return { elapsedMs: performance.now() - begun, latenciesMs, lagsMs, answers };
}
