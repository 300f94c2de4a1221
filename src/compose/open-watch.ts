// What is counted of a service? Nothing, unless the configuration has metrics: then each part passes through here once.

import type { Configuration } from "../config/configuration.ts";
import type { Outbox } from "../delivery/outbox/outbox.ts";
import type { CallObserver } from "../edge/http/observe-calls.ts";
import type { ThreadHasher } from "../password/thread-hasher.ts";
import type { RecoveryEnd } from "../reset/perform-recovery.ts";
import type { Stores } from "./open-stores.ts";

/** Each hands back what it is given, counted: the same to whoever uses it. */
export type Watch = {
  stores(stores: Stores): Stores;
  hasher(hasher: ThreadHasher): ThreadHasher;
  outbox(outbox: Outbox): Outbox;
  observer(observer: CallObserver): CallObserver;
  recoveries(onEnd: (end: RecoveryEnd) => void): (end: RecoveryEnd) => void;
  /** Opens the port that metrics are read from. Absent: there is none. */
  listen?(service: {
    readonly isReady: () => boolean;
    readonly onFault: CallObserver["fault"];
  }): Promise<{ readonly address: string; close(): Promise<void> }>;
};

const unwatched: Watch = {
  stores: (stores) => stores,
  hasher: (hasher) => hasher,
  outbox: (outbox) => outbox,
  observer: (observer) => observer,
  recoveries: (onEnd) => onEnd,
};

export async function openWatch({ metrics }: Pick<Configuration, "metrics">): Promise<Watch> {
  return metrics === undefined ? unwatched : (await import("./watch-service.ts")).watchService(metrics);
}
