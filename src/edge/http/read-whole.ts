// Is a whole body here, and no more than its bound? Reads until that is certain, one way or the other.

import type { HttpRequest } from "./exchange.ts";

export type WholeRead =
  | { readonly kind: "whole"; readonly bytes: Buffer }
  /** Over the bound: what was read so far. More may come, and waits for whoever reads it. */
  | { readonly kind: "too_large"; readonly read: Buffer }
  /** Nobody hears an answer. */
  | { readonly kind: "gone" };

/** By events: an iterator of the same body costs a listener for its end, and some promises for each piece. */
export function readWhole(request: HttpRequest, maxBytes: number): Promise<WholeRead> {
  const body = "stream" in request ? request.stream : request;
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let size = 0;
    const read = () => (chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks, size));

    const onData = (chunk: Buffer) => {
      chunks.push(chunk);
      size += chunk.length;
      if (size <= maxBytes) return;
      body.off("data", onData).off("end", onEnd).off("close", onClose).pause();
      resolve({ kind: "too_large", read: read() });
    };
    // A reset in the middle ends an HTTP/2 stream too, and what came before it must not pass for the whole.
    const onEnd = () => resolve(body.closed ? { kind: "gone" } : { kind: "whole", bytes: read() });
    const onClose = () => resolve({ kind: "gone" });
    // A body without a byte ends even if nobody reads it.
    if (body.readableEnded) onEnd();
    else if (body.destroyed) onClose();
    else body.on("data", onData).on("end", onEnd).on("close", onClose);
  });
}
