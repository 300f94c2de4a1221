// Is this fit to be kept? A delivery that is not is a fault of its maker, and is told so before anything is stored.

import type { Delivery } from "./outbox.ts";

/** Sealed messages are a few KiB; a store is no place for attachments. */
const largestPayload = 64 * 1024;

/** An id becomes part of a key: nothing but a UUID can name one of ours by accident. */
const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

export function checkDelivery({ id, payload }: Delivery): void {
  if (!isDeliveryId(id)) throw new TypeError("a delivery's id is a UUID in lower case");
  if (payload.byteLength > largestPayload) {
    throw new RangeError(`a delivery's payload has at most ${largestPayload} bytes`);
  }
}

export function isDeliveryId(id: string): boolean {
  return uuid.test(id);
}
