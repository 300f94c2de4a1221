// What becomes of the part of a request that nobody wants any more? It is dropped, and the connection goes on.
//
// A call may be answered before all of it is here: it was too large, or nobody had to read it. Over HTTP/2 the client is
// told to stop, or it would wait for room for ever; over HTTP/1.1 the rest is read and dropped, or the next call on the
// connection would wait behind it. Spec: RFC 9113 §8.1; RFC 9112 §9.3.

import { constants } from "node:http2";
import type { HttpRequest, HttpResponse } from "./exchange.ts";

/** A request that is left in the middle stays readable: Node would destroy it, and never read the connection again. */
export function chunksOf(request: HttpRequest): AsyncIterable<Uint8Array> {
  // What was read already may have been put before the rest, see fast/take-unary-calls.
  if (Object.hasOwn(request, Symbol.asyncIterator)) return request;
  return { [Symbol.asyncIterator]: () => request.iterator({ destroyOnReturn: false }) };
}

/** To be said before the answer begins. */
export function dropUnread(request: HttpRequest, response: HttpResponse): void {
  if (!("stream" in request)) {
    response.once("finish", () => request.resume());
    return;
  }
  const { stream } = request;
  // Trailers are handed over in this event; a reset at once would overtake them.
  stream.once("wantTrailers", () => {
    const isAllHere = stream.state.state === constants.NGHTTP2_STREAM_STATE_HALF_CLOSED_REMOTE;
    if (!isAllHere) setImmediate(() => stream.close(constants.NGHTTP2_NO_ERROR));
  });
}
