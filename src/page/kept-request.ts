// What survives a reload? That a message was asked for, until the tab is closed: never a code, a token or a password.

import type { StartedRecovery } from "./recovery-client.ts";

/** What was typed is kept, so that it can be sent again. */
export type KeptRequest = StartedRecovery & { readonly identifier: string };

const key = "rekey.request";

/** Whoever comes back to the page later than this begins anew: the code of then has done its time. */
const keptForMs = 3_600_000;

export function keepRequest(request: KeptRequest): void {
  withStorage((storage) => storage.setItem(key, JSON.stringify(request)));
}

export function forgetRequest(): void {
  withStorage((storage) => storage.removeItem(key));
}

export function keptRequest(): KeptRequest | undefined {
  const request = withStorage((storage) => JSON.parse(storage.getItem(key) ?? "null") as KeptRequest | null);
  const isOver = (request?.retryAt ?? 0) + keptForMs < Date.now();
  return isOver ? undefined : (request ?? undefined);
}

/** A browser may forbid it: then a reload begins anew, and nothing else changes. */
function withStorage<Answer>(use: (storage: Storage) => Answer): Answer | undefined {
  try {
    return use(sessionStorage);
  } catch {
    return undefined;
  }
}
