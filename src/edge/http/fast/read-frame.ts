// Has the client sent one whole message and nothing else? Reads a body until that is certain, one way or the other.

import type { ServerHttp2Stream } from "node:http2";

import { headBytes, plainFrameBytes } from "./grpc-frame.ts";

export type FrameRead =
  | { readonly kind: "message"; readonly bytes: Uint8Array }
  /** Packed, too large, broken, none or more than one: what was read of the body so far, and whether that was all. */
  | { readonly kind: "unusual"; readonly read: Buffer; readonly isAll: boolean }
  /** The stream is closed: nobody hears an answer. */
  | { readonly kind: "gone" };

export function readFrame(stream: ServerHttp2Stream, maxBytes: number): Promise<FrameRead> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let size = 0;
    /** Of head and message; unknown until the head is here. */
    let wanted: number | undefined;
    const read = () => (chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks, size));

    const onData = (chunk: Buffer) => {
      chunks.push(chunk);
      size += chunk.length;
      if (size < headBytes) return;
      wanted ??= plainFrameBytes(read(), maxBytes);
      if (size > wanted) settle({ kind: "unusual", read: read(), isAll: false });
    };
    const onEnd = () => {
      // A reset in the middle ends the stream too, and what came before it must not pass for the whole.
      if (stream.closed) settle({ kind: "gone" });
      else if (size === wanted) settle({ kind: "message", bytes: read().subarray(headBytes) });
      else settle({ kind: "unusual", read: read(), isAll: true });
    };
    const onClose = () => settle({ kind: "gone" });
    const settle = (outcome: FrameRead) => {
      // Somebody else reads the rest. Otherwise nothing comes any more that these would hear.
      if (outcome.kind === "unusual") stream.off("data", onData).off("end", onEnd).off("close", onClose).pause();
      resolve(outcome);
    };
    if (stream.destroyed) resolve({ kind: "gone" });
    // A body without a byte ends even if nobody reads it.
    else if (stream.readableEnded) onEnd();
    else stream.on("data", onData).on("end", onEnd).on("close", onClose);
  });
}
