// How does a message become something that is not lost? Sealed and put into the outbox, before the caller is answered.

import type { Channel, Courier } from "./courier.ts";
import type { Outbox } from "./outbox/outbox.ts";
import type { SealPayload } from "./seal.ts";
import type { Templates } from "./templates/template.ts";

/** The whole message is sealed: what stands beside the payload names nobody's address. Guard: ASVS 5.0 16.2.5. */
export function outboxCourier(deps: {
  readonly outbox: Pick<Outbox, "put">;
  readonly seal: SealPayload;
  readonly templates: Pick<Templates, "has">;
  readonly brings: (realmId: string, channel: Channel) => boolean;
}): Courier {
  const { outbox, seal, templates, brings } = deps;
  return {
    brings,
    hasTemplate: (realmId, template) => templates.has(realmId, template),

    async accept(message) {
      const { id, realmId, userId, channel, template, requestNumber, remake, createdAt, expiresAt } = message;
      return await outbox.put({
        id,
        realmId,
        userId,
        target: { kind: channel },
        subject: template,
        requestNumber,
        createdAt,
        expiresAt,
        ...(remake === undefined ? {} : { remake }),
        payload: seal(id, Buffer.from(JSON.stringify(message))),
      });
    },
  };
}
