// How does a message stand in a gRPC body? Behind a byte for "not compressed" and its length. Spec: gRPC over HTTP/2.

const headBytes = 5;

export function grpcFrame(message: Uint8Array): Buffer {
  const frame = Buffer.alloc(headBytes + message.byteLength);
  frame.writeUInt32BE(message.byteLength, 1);
  frame.set(message, headBytes);
  return frame;
}

/** More frames may follow. */
export function firstMessageIn(frames: Buffer): Buffer {
  return frames.subarray(headBytes, headBytes + frames.readUInt32BE(1));
}
