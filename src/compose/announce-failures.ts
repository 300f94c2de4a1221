// Who is told that a message will not arrive? The operator's log and, by event, the application.

import { randomUUID } from "node:crypto";

import type { Announcer } from "../delivery/events.ts";
import type { Attempt } from "../delivery/outbox/outbox.ts";
import type { Directory } from "../directory/directory.ts";
import type { Log } from "../telemetry/log.ts";
import type { Clock } from "../units.ts";

/** The same attempt; a message that dies is told of before it is buried, so that a killed process tells it again. */
export function announceFailures(deps: {
  readonly attempt: Attempt;
  readonly announcer: Announcer;
  readonly directory: Pick<Directory, "find">;
  readonly clock: Clock;
  readonly log: Log;
}): Attempt {
  const { attempt, announcer, directory, clock, log } = deps;

  return async (delivery, attempts, signal) => {
    const outcome = await attempt(delivery, attempts, signal);
    const { id: messageId, realmId, userId, requestNumber, target } = delivery;
    if (outcome.kind !== "dead" || target.kind === "webhook") return outcome;
    const { problem } = outcome;
    log.warn({ messageId, realmId, userId, requestNumber, problem }, "a message is a dead letter");
    if (!announcer.isHeard(realmId, "message.failed")) return outcome;
    const user = await directory.find(realmId, userId);
    await announcer.announce({
      type: "message.failed",
      id: randomUUID(),
      realmId,
      userId,
      organizationId: user?.organizationId ?? "",
      requestNumber,
      happenedAt: clock.now(),
      messageId,
      channel: target.kind,
      problem,
    });
    return outcome;
  };
}
