// How does a message become something that is not lost? Sealed and put into the outbox, before the caller is answered.

import type { Courier } from "./courier.ts";
import type { Outbox } from "./outbox/outbox.ts";
import { makeRequestNumber } from "./request-number.ts";
import type { SealPayload } from "./seal.ts";

/** The whole message is sealed: what stands beside the payload names nobody's address. Guard: ASVS 5.0 16.2.5. */
export function outboxCourier({ outbox, seal }: { readonly outbox: Outbox; readonly seal: SealPayload }): Courier {
  return {
    async accept(message) {
      const { id, realmId, userId, channel, template, createdAt, expiresAt } = message;
      return await outbox.put({
        id,
        realmId,
        userId,
        target: { kind: channel },
        subject: template,
        requestNumber: message.requestNumber ?? makeRequestNumber(),
        createdAt,
        expiresAt,
        payload: seal(id, Buffer.from(JSON.stringify(message))),
      });
    },
  };
}
