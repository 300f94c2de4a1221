// What can be set about an outbox, whatever keeps it? And what is the same for all of them.

import { type Milliseconds, second } from "../../units.ts";
import type { Delivery } from "./outbox.ts";

export type OutboxOptions = {
  /** How many may wait at once; one more is refused. */
  readonly waitingLimit?: number;
  /** How long a process that has stopped answering keeps what it was attempting, before another one takes it over. */
  readonly leaseMs?: Milliseconds;
  /** Told what goes wrong beside the outcomes: what an attempt threw, as it is, and a store that does not take an end. */
  readonly onFault: (cause: unknown) => void;
};

/** A few minutes of a busy service's mail; more that waits means that somebody should look. */
export const defaultWaitingLimit = 10_000;

/**
 * At how many that wait this one is refused. An endpoint may be away for days, and strangers may ask for much: both leave
 * half of the line to messages, which the requests of strangers themselves turn into.
 */
export function lineFor({ target }: Pick<Delivery, "target">, waitingLimit: number): number {
  const isMessage = target.kind === "email" || target.kind === "sms";
  return isMessage ? waitingLimit : Math.ceil(waitingLimit / 2);
}

/** Renewed while the process lives, so it bounds the pause after a death, not an attempt. Well above any stall of a thread. */
export const defaultLease: Milliseconds = 15 * second;

/** When a full outbox is worth another try: the line moves, or a provider comes back, within seconds. */
export const retryWhenFull: Milliseconds = 5 * second;

/** Records of the past beyond these make room for newer ones, before their time is over. Each takes 2 KiB of Redis. */
export const mostDelivered = 20_000;
export const mostDead = 10_000;
