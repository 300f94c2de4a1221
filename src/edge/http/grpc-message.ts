// How does an error message travel in the grpc-message trailer? Percent-encoded, and no more of it than gRPC asks for.

const header = "grpc-message";

/**
 * Connect encodes with encodeURIComponent, and grpc-js decodes with decodeURI, which leaves `%3A`, `%2C` and `%2F` as they
 * are. Under gRPC's own rule only bytes outside printable ASCII and the percent sign itself are encoded, and every client
 * reads that. Spec: gRPC over HTTP/2, Status-Message. May be applied twice.
 */
export function reencodeMessage(trailer: Headers): void {
  const encoded = trailer.get(header);
  if (encoded?.includes("%") === true) trailer.set(header, encodeMessage(decodeURIComponent(encoded)));
}

export function encodeMessage(message: string): string {
  return message.replace(/[^\x20-\x24\x26-\x7e]+/g, (part) =>
    Buffer.from(part).reduce((text, byte) => `${text}%${byte.toString(16).toUpperCase().padStart(2, "0")}`, ""),
  );
}
