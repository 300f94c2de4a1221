// How does a message stand in a body of gRPC or gRPC-Web? Behind its flags and its length.

import { compressedFlag, type Compression, compressionNegotiate } from "@connectrpc/connect/protocol";
import { headerAcceptEncoding } from "@connectrpc/connect/protocol-grpc";

import { compressions } from "../compression.ts";

/** A byte of flags and four of length stand before each message. Spec: gRPC over HTTP/2, Length-Prefixed-Message. */
export const headBytes = 5;

/** `flags` are those of what it is; that it is packed is added. */
export function frameOf(data: Uint8Array, isPacked = false, flags = 0): Buffer {
  const frame = Buffer.allocUnsafe(headBytes + data.byteLength);
  frame.writeUInt8(isPacked ? flags | compressedFlag : flags, 0);
  frame.writeUInt32BE(data.byteLength, 1);
  frame.set(data, headBytes);
  return frame;
}

/** How long the frame is that begins so, with its head. Nothing, when its message is packed or over the bound. */
export function plainFrameBytes(head: Buffer, maxBytes: number): number {
  const length = head.readUInt32BE(1);
  return head[0] === 0 && length <= maxBytes ? headBytes + length : 0;
}

/** How the answer may be packed, by the client's order. */
export function acceptedPacking(names: string | readonly string[] | undefined): Compression | null {
  if (names === undefined) return null;
  return compressionNegotiate([...compressions], null, String(names), headerAcceptEncoding).response;
}
