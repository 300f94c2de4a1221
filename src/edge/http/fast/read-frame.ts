// Has the client sent one whole message and nothing else? Reads a body until that is certain, one way or the other.
//
// What is read stands on the stream and is taken off it with the outcome, and the listeners are the same for all streams:
// Node keeps a closed stream, with all that it refers to, until a collection of the whole heap.

import type { ServerHttp2Stream } from "node:http2";

import { headBytes, plainFrameBytes } from "./grpc-frame.ts";

export type FrameRead =
  | { readonly kind: "message"; readonly bytes: Uint8Array }
  /** Packed, too large, broken, none or more than one: what was read of the body so far, and whether that was all. */
  | { readonly kind: "unusual"; readonly read: Buffer; readonly isAll: boolean }
  /** The stream is closed: nobody hears an answer. */
  | { readonly kind: "gone" };

const readingKey = Symbol("reading");
type ReadStream = ServerHttp2Stream & { [readingKey]?: Reading | undefined };

type Reading = {
  readonly chunks: Buffer[];
  size: number;
  /** Of head and message; unknown until the head is here. */
  wanted: number | undefined;
  readonly maxBytes: number;
  readonly resolve: (outcome: FrameRead) => void;
};

export function readFrame(stream: ReadStream, maxBytes: number): Promise<FrameRead> {
  return new Promise((resolve) => {
    stream[readingKey] = { chunks: [], size: 0, wanted: undefined, maxBytes, resolve };
    if (stream.destroyed) onClose.call(stream);
    // A body without a byte ends even if nobody reads it.
    else if (stream.readableEnded) onEnd.call(stream);
    else stream.on("data", onData).on("end", onEnd).on("close", onClose);
  });
}

function onData(this: ReadStream, chunk: Buffer): void {
  const reading = this[readingKey];
  if (reading === undefined) return;
  reading.chunks.push(chunk);
  reading.size += chunk.length;
  if (reading.size < headBytes) return;
  reading.wanted ??= plainFrameBytes(bytesOf(reading), reading.maxBytes);
  if (reading.size > reading.wanted) settle(this, { kind: "unusual", read: bytesOf(reading), isAll: false });
}

function onEnd(this: ReadStream): void {
  const reading = this[readingKey];
  if (reading === undefined) return;
  const { size, wanted } = reading;
  // A reset in the middle ends the stream too, and what came before it must not pass for the whole.
  if (this.closed) settle(this, { kind: "gone" });
  else if (size === wanted) settle(this, { kind: "message", bytes: bytesOf(reading).subarray(headBytes) });
  else settle(this, { kind: "unusual", read: bytesOf(reading), isAll: true });
}

function onClose(this: ReadStream): void {
  settle(this, { kind: "gone" });
}

function bytesOf({ chunks, size }: Reading): Buffer {
  return chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks, size);
}

/** Once; nothing that comes later is heard. */
function settle(stream: ReadStream, outcome: FrameRead): void {
  const reading = stream[readingKey];
  stream[readingKey] = undefined;
  // Somebody else reads the rest.
  if (outcome.kind === "unusual") stream.off("data", onData).off("end", onEnd).off("close", onClose).pause();
  reading?.resolve(outcome);
}
