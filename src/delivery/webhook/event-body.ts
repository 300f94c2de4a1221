// How is an event written down for a webhook? As one JSON document, with the code only where codes are allowed.

import type { RekeyEvent } from "../events.ts";
import type { EventDocument } from "./event-schema.ts";

/**
 * In symbols; the rest of a long text is cut off. Everything else in an event has a bound of its own, so that no body
 * comes near 20 kB. Spec: Standard Webhooks 1.0.0, payload size.
 */
const longestProblem = 500;

export function eventBody(event: RekeyEvent, { withCode }: { readonly withCode: boolean }): Buffer {
  return Buffer.from(JSON.stringify(documentOf(event, withCode)));
}

/** The same body for an endpoint that may not have the code, or not any more. */
export function withoutCode(body: Buffer): Buffer {
  const document = JSON.parse(body.toString()) as EventDocument;
  if (!("code" in document.data)) return body;
  const { code: _, ...data } = document.data;
  return Buffer.from(JSON.stringify({ ...document, data }));
}

function documentOf(event: RekeyEvent, withCode: boolean): EventDocument {
  const timestamp = new Date(event.happenedAt).toISOString();
  const about = {
    event_id: event.id,
    realm_id: event.realmId,
    organization_id: event.organizationId,
    user_id: event.userId,
    request_number: event.requestNumber,
  };
  switch (event.type) {
    case "password.reset.requested": {
      const { type, medium, expiresAt, code } = event;
      const secret = withCode && code !== undefined ? { code } : {};
      return { type, timestamp, data: { ...about, medium, expires_at: new Date(expiresAt).toISOString(), ...secret } };
    }
    case "password.reset.completed":
      return { type: event.type, timestamp, data: about };
    case "password.reset.vetoed": {
      const { type, vetoed, blockedUntil } = event;
      return { type, timestamp, data: { ...about, vetoed, blocked_until: new Date(blockedUntil).toISOString() } };
    }
    case "password.changed":
      return { type: event.type, timestamp, data: { ...about, by: event.by, sessions_ended: event.sessionsEnded } };
    case "message.failed": {
      const { type, messageId, channel, problem } = event;
      return {
        type,
        timestamp,
        data: { ...about, message_id: messageId, channel, problem: problem.slice(0, longestProblem) },
      };
    }
  }
}
