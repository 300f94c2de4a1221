// How does the demo deliver? It keeps the newest messages in memory for the developer to read, and sends nothing.
//
// Secrets stand in them in clear, so they never touch a disk, and production has no way to switch this on.
// Guard: ASVS 5.0 15.2.3.

import type { Clock } from "../../units.ts";
import type { Templates } from "../templates/template.ts";
import type { CapturedMessage, Courier, Inbox } from "../courier.ts";

/** Enough to try things out; the oldest make room. */
const mostMessages = 1000;

export function captureCourier(deps: {
  readonly clock: Clock;
  readonly templates: Pick<Templates, "has">;
  /** Told the id, never the content. */
  readonly onCaptured: (message: { readonly id: string; readonly userId: string; readonly channel: string }) => void;
}): Courier & Inbox {
  const messages: CapturedMessage[] = [];
  return {
    brings: () => true,
    hasTemplate: (realmId, template) => deps.templates.has(realmId, template),

    async accept(message) {
      if (messages.some((kept) => kept.id === message.id)) return { kind: "accepted" };
      messages.unshift({ ...message, capturedAt: deps.clock.now() });
      messages.length = Math.min(messages.length, mostMessages);
      deps.onCaptured(message);
      return { kind: "accepted" };
    },
    async list({ realmId, userId, size }) {
      return messages
        .filter((message) => realmId === undefined || message.realmId === realmId)
        .filter((message) => userId === undefined || message.userId === userId)
        .slice(0, size);
    },
  };
}
