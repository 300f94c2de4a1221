// Who is told that a message will not arrive? The operator's log and, by event, the application.

import { randomUUID } from "node:crypto";

import type { Announcer } from "../delivery/events.ts";
import type { Attempt, OnExpired } from "../delivery/outbox/outbox.ts";
import type { Directory } from "../directory/directory.ts";
import type { Log } from "../telemetry/log.ts";
import type { Clock } from "../units.ts";

/** `attempt` is the same one; a message that dies is told of before it is buried, so that a killed process tells it again. */
export function announceFailures(deps: {
  readonly attempt: Attempt;
  readonly announcer: Announcer;
  readonly directory: Pick<Directory, "find">;
  readonly clock: Clock;
  readonly log: Log;
}): { readonly attempt: Attempt; readonly onExpired: OnExpired } {
  const { attempt, announcer, directory, clock, log } = deps;

  const announceFailure: OnExpired = async ({ id: messageId, realmId, userId, requestNumber, target }, problem) => {
    if (target.kind !== "email" && target.kind !== "sms") return;
    log.warn({ messageId, realmId, userId, requestNumber, problem }, "a message is a dead letter");
    if (!announcer.isHeard(realmId, "message.failed")) return;
    try {
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
    } catch (error) {
      // It is dead all the same: to attempt it again would not tell anybody either.
      log.error({ error, messageId, realmId }, "an application was not told of a dead letter");
    }
  };

  return {
    async attempt(delivery, attempts, signal) {
      const outcome = await attempt(delivery, attempts, signal);
      if (outcome.kind === "dead") await announceFailure(delivery, outcome.problem);
      return outcome;
    },
    onExpired: announceFailure,
  };
}
