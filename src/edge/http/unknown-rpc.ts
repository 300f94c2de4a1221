// What hears a client that calls a method we do not serve? UNIMPLEMENTED, in the words of its own protocol.

import { encodeMessage } from "./grpc-message.ts";
import { isGrpcWebText } from "./grpc-web-text.ts";
import { reply, type HttpRequest, type HttpResponse } from "./exchange.ts";

export const notServed = "this method is not served here";

/** The number of UNIMPLEMENTED in gRPC. */
const unimplemented = 12;

const trailers = { "grpc-status": String(unimplemented), "grpc-message": encodeMessage(notServed) };

/** Flags of an enveloped message that ends a stream. Spec: PROTOCOL-WEB.md of grpc; Connect protocol, "Streaming RPCs". */
const grpcWebTrailer = 0x80;
const connectEnd = 0x02;

/** `/package.Service/Method`. The dot keeps REST paths out. */
const rpcPath = /^\/(?:\w+\.)+\w+\/\w+$/;

/** Answers true when it took the request: it was a call, by its content type and path. */
export function refuseUnknownRpc(request: HttpRequest, response: HttpResponse, path: string): boolean {
  const type = (request.headers["content-type"] ?? "").toLowerCase();
  if (request.method !== "POST") return false;
  if (type.startsWith("application/grpc-web")) {
    const lines = Object.entries(trailers).map(([name, value]) => `${name}: ${value}\r\n`);
    const frame = envelope(grpcWebTrailer, lines.join(""));
    reply(response, 200, { "content-type": type }, isGrpcWebText(type) ? frame.toString("base64") : frame);
    return true;
  }
  if (type.startsWith("application/grpc")) {
    reply(response, 200, { "content-type": "application/grpc", ...trailers });
    return true;
  }
  if (!rpcPath.test(path)) return false;
  const error = { code: "unimplemented", message: notServed };
  if (type.startsWith("application/connect+")) {
    reply(response, 200, { "content-type": type }, envelope(connectEnd, JSON.stringify({ error })));
    return true;
  }
  // Spec: Connect protocol, "Error Codes": a path that is not known is 404.
  reply(response, 404, { "content-type": "application/json" }, JSON.stringify(error));
  return true;
}

function envelope(flags: number, data: string): Buffer {
  const head = Buffer.alloc(5);
  head.writeUInt8(flags, 0);
  head.writeUInt32BE(Buffer.byteLength(data), 1);
  return Buffer.concat([head, Buffer.from(data)]);
}
