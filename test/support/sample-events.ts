// Which events do tests announce? One of each type.

import { randomUUID } from "node:crypto";

import type { EventType, RekeyEvent } from "../../src/delivery/events.ts";
import { hour, type Instant } from "../../src/units.ts";

type EventOf<Type extends EventType> = Extract<RekeyEvent, { readonly type: Type }>;

export type SampleEvents = { readonly [Type in EventType]: EventOf<Type> };

export function sampleEvents(happenedAt: Instant, code = "8F3K2M7Q"): SampleEvents {
  const base = () => ({
    id: randomUUID(),
    realmId: "acme",
    userId: "user-1",
    organizationId: "org-1",
    requestNumber: "7F3K-2MQ4",
    happenedAt,
  });
  const expiresAt = happenedAt + hour;
  return {
    "password.reset.requested": {
      ...base(),
      type: "password.reset.requested",
      dialect: "native",
      medium: "event",
      expiresAt,
      code,
    },
    "password.reset.completed": { ...base(), type: "password.reset.completed" },
    "password.reset.vetoed": { ...base(), type: "password.reset.vetoed", vetoed: "request", blockedUntil: expiresAt },
    "password.changed": { ...base(), type: "password.changed", by: "code", sessionsEnded: true },
    "message.failed": {
      ...base(),
      type: "message.failed",
      messageId: randomUUID(),
      channel: "email",
      problem: "smtp-1: 550",
    },
  };
}
