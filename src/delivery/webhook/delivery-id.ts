// Which delivery brings an event to an endpoint? Always the same one, so that announcing twice delivers once.

import { createHash } from "node:crypto";

/** A UUID made of the two. Spec: RFC 9562 §5.8 (version 8). */
export function deliveryIdOf(eventId: string, endpointId: string): string {
  const bytes = createHash("sha256")
    .update(JSON.stringify([eventId, endpointId]))
    .digest()
    .subarray(0, 16);
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x80, 6);
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8);
  return bytes.toString("hex").replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}
