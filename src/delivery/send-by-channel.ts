// Which provider brings it? The first of the channel that can: one that fails or is known to be down makes room at once.

import {
  CircuitState,
  circuitBreaker,
  type CircuitBreakerPolicy,
  ConsecutiveBreaker,
  handleWhenResult,
  isBrokenCircuitError,
} from "cockatiel";

import { second, type Milliseconds } from "../units.ts";
import type { Provider, SendOutcome } from "./provider.ts";

export type ChannelOutcome =
  | { readonly kind: "sent"; readonly by: string; readonly reference?: string }
  /** One provider's last word on this message: the others were not asked. */
  | { readonly kind: "refused"; readonly problem: string }
  /** All have failed. The wait is the shortest that any of them wants; absent, when one of them wants none. */
  | { readonly kind: "failed"; readonly problem: string; readonly retryAfterMs?: Milliseconds };

export type ChannelSender<Message> = {
  send(message: Message, signal: AbortSignal): Promise<ChannelOutcome>;
  close(): Promise<void>;
};

export type ChannelSettings = {
  /** For one provider: a slow one must not eat the time of the next. */
  readonly attemptTimeoutMs: Milliseconds;
  /** So many failures in a row, and it is taken for down. */
  readonly failuresToOpen: number;
  /** Then it is left alone for so long, and one message tries it. */
  readonly openMs: Milliseconds;
};

/** Three messages wait for a provider that went down, and the fourth does not; half a minute is a restart of theirs. */
export const defaultChannelSettings: ChannelSettings = {
  attemptTimeoutMs: 30 * second,
  failuresToOpen: 3,
  openMs: 30 * second,
};

type Guarded<Message> = { readonly provider: Provider<Message>; readonly breaker: CircuitBreakerPolicy };
type Failed = SendOutcome & { readonly kind: "failed" };

/** `providers`: the most wanted first. */
export function makeSendByChannel<Message>(
  providers: readonly Provider<Message>[],
  settings: ChannelSettings = defaultChannelSettings,
): ChannelSender<Message> {
  const guarded = providers.map((provider) => ({ provider, breaker: makeBreaker(settings) }));
  return {
    async send(message, signal) {
      const failures: Failed[] = [];
      for (const { provider, breaker } of guarded) {
        if (signal.aborted) break;
        const outcome = await attempt({ provider, breaker }, message, signal, settings);
        const problem = outcome.kind === "sent" ? "" : `${provider.name}: ${outcome.problem}`;
        if (outcome.kind === "sent") return { ...outcome, by: provider.name };
        if (outcome.kind === "refused") return { kind: "refused", problem };
        failures.push({ ...outcome, problem });
      }
      return allFailed(failures);
    },
    async close() {
      await Promise.all(providers.map(async (provider) => await provider.close()));
    },
  };
}

function makeBreaker({ failuresToOpen, openMs }: ChannelSettings): CircuitBreakerPolicy {
  return circuitBreaker(
    handleWhenResult((outcome) => (outcome as SendOutcome).kind === "failed"),
    { breaker: new ConsecutiveBreaker(failuresToOpen), halfOpenAfter: openMs },
  );
}

async function attempt<Message>(
  { provider, breaker }: Guarded<Message>,
  message: Message,
  signal: AbortSignal,
  { attemptTimeoutMs, openMs }: ChannelSettings,
): Promise<SendOutcome> {
  const isDown: SendOutcome = { kind: "failed", problem: "left alone, it has failed too often", retryAfterMs: openMs };
  // One message is trying it right now: the breaker would make this one wait for that.
  if (breaker.state === CircuitState.HalfOpen) return isDown;
  try {
    return await breaker.execute(
      async () => await ask(provider, message, AbortSignal.any([signal, AbortSignal.timeout(attemptTimeoutMs)])),
    );
  } catch (error) {
    if (isBrokenCircuitError(error)) return isDown;
    throw error;
  }
}

/** A provider that throws has a fault. It is not this message's: the next provider brings it. */
async function ask<Message>(provider: Provider<Message>, message: Message, signal: AbortSignal): Promise<SendOutcome> {
  try {
    return await provider.send(message, signal);
  } catch (error) {
    // The text of an unexpected error may hold anything: only its kind is told.
    return { kind: "failed", problem: `it broke with ${error instanceof Error ? error.name : typeof error}` };
  }
}

function allFailed(failures: readonly Failed[]): ChannelOutcome {
  const problem = failures.length === 0 ? "no provider was asked" : failures.map((each) => each.problem).join("; ");
  const retryAfterMs = Math.min(...failures.map((each) => each.retryAfterMs ?? 0));
  return Number.isFinite(retryAfterMs) && retryAfterMs > 0
    ? { kind: "failed", problem, retryAfterMs }
    : { kind: "failed", problem };
}
